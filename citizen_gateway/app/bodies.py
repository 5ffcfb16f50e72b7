"""Bodies looked at before handlers are: of the right media type, readable, and of the form as it is described."""

import re

import msgspec
from litestar.enums import RequestEncodingType
from litestar.exceptions import SerializationException
from litestar.params import BodyKwarg

from citizen_gateway.kernel.errors import NotJson, Violation
from citizen_gateway.platform.http import AnyRequest
from citizen_gateway.platform.problems import Unsupported

_PLACE = re.compile(r"^(?P<reason>.*) - at `(?:key in )?\$(?P<path>.*)`$")


async def check_body(request: AnyRequest) -> None:
    """Check a body before its handler runs; what was read is kept for it.

    Raises `Unsupported`, `NotJson`, and `Violation` also for a number in quotes, which Litestar would let pass.
    """
    field = request.route_handler.parsed_data_field
    if field is None or not isinstance(field.kwarg_definition, BodyKwarg):
        return
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if field.kwarg_definition.media_type is RequestEncodingType.MULTI_PART:
        if given != RequestEncodingType.MULTI_PART:
            raise Unsupported
    elif await request.body():
        if given != RequestEncodingType.JSON and not (given.startswith("application/") and given.endswith("+json")):
            raise Unsupported
        body = await _read(request)
        try:
            msgspec.convert(body, field.annotation)
        except msgspec.ValidationError as error:
            raise _violation(str(error)) from error


async def _read(request: AnyRequest) -> object:
    try:
        return await request.json()
    except (SerializationException, UnicodeDecodeError) as error:
        raise NotJson(reason=str(error.__cause__ or error)) from error
    except RecursionError as error:
        raise NotJson(reason="It is nested too deeply") from error


def _violation(message: str) -> Violation:
    """Read where msgspec found it: ``Expected `float`, got `str` - at `$.position.lat` ``."""
    found = _PLACE.match(message)
    if found is None:
        return Violation(reason=message, pointer="/")
    return Violation(reason=found["reason"], pointer=re.sub(r"[.\[]", "/", found["path"]).replace("]", "") or "/")

"""Bodies looked at before handlers are: of the right media type, and readable."""

from litestar.enums import RequestEncodingType
from litestar.exceptions import SerializationException
from litestar.params import BodyKwarg

from citizen_gateway.kernel.errors import NotJson
from citizen_gateway.platform.http import AnyRequest
from citizen_gateway.platform.problems import Unsupported


async def check_body(request: AnyRequest) -> None:
    """Raise `Unsupported` or `NotJson` for a body that the handler could not read; what was read is kept for it."""
    wanted = _wanted(request)
    if wanted is None:
        return
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if wanted is RequestEncodingType.MULTI_PART:
        if given != wanted:
            raise Unsupported
        return
    if await request.body():
        if given != RequestEncodingType.JSON and not (given.startswith("application/") and given.endswith("+json")):
            raise Unsupported
        try:
            await request.json()
        except (SerializationException, UnicodeDecodeError) as error:
            raise NotJson(reason=str(error.__cause__ or error)) from error
        except RecursionError as error:
            raise NotJson(reason="It is nested too deeply") from error


def _wanted(request: AnyRequest) -> RequestEncodingType | str | None:
    field = request.route_handler.parsed_data_field
    return field.kwarg_definition.media_type if field and isinstance(field.kwarg_definition, BodyKwarg) else None

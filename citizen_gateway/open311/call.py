"""One call of an Open311 client: its format, language, parameters and key, read before it is answered."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from litestar import Response
from litestar.datastructures import UploadFile
from litestar.enums import HttpMethod, RequestEncodingType
from litestar.exceptions import HTTPException

from citizen_gateway.accounts.admission import admit
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.open311 import errors, service
from citizen_gateway.open311.errors import KeyRefused, Refusal, Unknown
from citizen_gateway.open311.reading import Parameters, one, parameters
from citizen_gateway.open311.service import Open311
from citizen_gateway.open311.writing import Format, Value, write
from citizen_gateway.platform.actor import ANONYMOUS, Actor
from citizen_gateway.platform.http import AnyRequest, UnitOfWork
from citizen_gateway.platform.i18n import preferred_locale, translate

TEST = "/open311/test/"
_FORMS = {RequestEncodingType.URL_ENCODED.value, RequestEncodingType.MULTI_PART.value}
_UNREADABLE = frozenset({400, 413, 415, 422})


class Call(msgspec.Struct, frozen=True):
    """What a client calls with. `caller` is the partner's client whose `api_key` came along.

    At the test endpoint it is one of the sandbox, and what it files stays there; at the other it is not.
    """

    request: AnyRequest
    work: UnitOfWork
    open311: Open311
    language: str
    given: Parameters
    files: tuple[UploadFile, ...]
    caller: Actor | None
    test: bool = False

    @property
    def base(self) -> str:
        """The address the client knows us by, without a slash at its end."""
        return str(self.request.base_url).rstrip("/")

    @property
    def reader(self) -> Actor:
        """Who reads: the caller, or anybody; at the test endpoint what lies in the sandbox."""
        return self.caller or msgspec.structs.replace(ANONYMOUS, sandbox=self.test)

    def key_holder(self) -> Actor:
        """Return the caller. Raises `KeyRefused` for one without a key."""
        if self.caller is None:
            raise KeyRefused(errors.NO_KEY)
        return self.caller


Operation = Callable[[Call], Awaitable[Value]]
Table = Mapping[str, tuple[str, Operation]]
"""By name of the resource: the root element of the answer, and who gives it."""


async def answer(
    request: AnyRequest, work: UnitOfWork, resource: str, table: Table, *, bare: bool = False
) -> Response[bytes]:
    """Answer a call for `services.xml` and the like; `bare` leaves the charset out, as discovery has it."""
    language = preferred_locale(request.headers.get("accept-language"))
    name, _, ending = resource.rpartition(".")
    form = Format(ending) if ending in set(Format) else Format.XML
    try:
        if name not in table or ending not in set(Format):
            raise Unknown(errors.NO_FORMAT if resource in table or name in table else errors.NO_ADDRESS)
        root, operation = table[name]
        value = await operation(await _read(request, work, language))
        status = 200 if request.method == HttpMethod.GET else 201
        return _respond(write(form, root, value), form, status, bare=bare)
    except Refusal as refusal:
        return _refuse(refusal, form, language)
    except Problem as problem:
        return _refuse(service.refusal_of(problem), form, language, **_waiting(problem))


async def _read(request: AnyRequest, work: UnitOfWork, language: str) -> Call:
    pairs = [(name, str(value)) for name, value in request.query_params.multi_items()]
    files: list[UploadFile] = []
    if request.method == HttpMethod.POST:
        for name, value in await _form(request):
            if isinstance(value, UploadFile):
                files.append(value)
            else:
                pairs.append((name, str(value)))
    given = parameters(pairs)
    open311 = work.part(Open311)
    open311.check_jurisdiction(one(given, "jurisdiction_id"))
    caller = await service.recognise(work.part(Doorkeeper), one(given, "api_key"), work.clock())
    test = request.url.path.startswith(TEST)
    if caller:
        if caller.sandbox is not test:
            raise KeyRefused(errors.OTHER_ENDPOINT)
        await admit(work, caller)
    return Call(request, work, open311, language, given, tuple(files), caller, test)


async def _form(request: AnyRequest) -> list[tuple[str, object]]:
    if request.content_type[0] not in _FORMS:
        raise Refusal(errors.FORM_ONLY)
    try:
        return list((await request.form()).multi_items())
    except HTTPException as error:
        if error.status_code in _UNREADABLE:
            raise Refusal(errors.FORM_ONLY) from error
        raise


def _respond(body: bytes, form: Format, status: int, *, bare: bool = False) -> Response[bytes]:
    told = form.media_type if bare else f"{form.media_type}; charset=utf-8"
    return Response(body, status_code=status, headers={"Content-Type": told, "X-Content-Type-Options": "nosniff"})


def _refuse(refusal: Refusal, form: Format, language: str, **headers: str) -> Response[bytes]:
    told = translate(refusal.text, language, **refusal.fields)
    body = write(form, "errors", [{"code": refusal.code, "description": told}])
    answer = _respond(body, form, refusal.code)
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def _waiting(problem: Problem) -> dict[str, str]:
    return {"Retry_After": str(problem.fields["retry_after"])} if "retry_after" in problem.fields else {}

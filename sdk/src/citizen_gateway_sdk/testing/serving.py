"""The fake as a transport of HTTP: requests in, the contract's answers out."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx2
import msgspec

from citizen_gateway_sdk import operations
from citizen_gateway_sdk._call import Operation
from citizen_gateway_sdk.testing.refusing import STATUS, Refused
from citizen_gateway_sdk.testing.world import Kept, Who, World

_LONGEST_KEY = 255
_LONGEST_TEXT = 5000
_KEY_SIGNS = 36


class NotFaked(AssertionError):  # noqa: N818 - named by what happened
    """A call to an operation that the fake does not play."""


@dataclass(frozen=True)
class Asked:
    """A call as the fake's operations see it."""

    world: World
    who: Who | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: object
    content: bytes

    def caller(self) -> Who:
        """Return who calls. Raises `Refused` for a stranger."""
        if self.who is None:
            raise Refused("unauthenticated")
        return self.who

    def identity(self, name: str) -> UUID:
        """Return an id of the path. Raises `Refused` for what is none."""
        try:
            return UUID(self.path[name])
        except ValueError as error:
            raise Refused("not_found") from error


@dataclass(frozen=True)
class Part:
    """How the fake plays one operation: `form` is the type of its body, `status` that of its success."""

    do: Callable[[Asked], object]
    status: int = 200
    form: type[msgspec.Struct] | None = None
    media: str = "application/json"


class FakeTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers requests from memory, for sync clients and async ones."""

    def __init__(self, world: World, parts: Mapping[str, Part]) -> None:
        self._world, self._parts = world, parts
        known = (one for one in vars(operations).values() if isinstance(one, Operation))
        self._routes = [(one, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", one.path))) for one in known]

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx2.Request, content: bytes) -> httpx2.Response:
        self._world.let_pass(timedelta(milliseconds=1))
        request_id = _request_id(request.headers.get("x-request-id"))
        headers = {"X-Request-Id": request_id}
        try:
            status, body, media, more = self._do(request, content)
            return httpx2.Response(status, headers=headers | {"Content-Type": media} | more, content=body)
        except Refused as refusal:
            language = request.headers.get("accept-language", "zh")
            document = msgspec.json.encode(refusal.document(request_id, language))
            headers |= {"Content-Type": "application/problem+json"}
            headers |= {"WWW-Authenticate": "Bearer"} if STATUS[refusal.code] == 401 else {}
            return httpx2.Response(STATUS[refusal.code], headers=headers, content=document)

    def _do(self, request: httpx2.Request, content: bytes) -> tuple[int, bytes, str, dict[str, str]]:
        operation, path = self._route(request)
        if operation.id not in self._parts:
            raise NotFaked(f"{operation.id} ({operation.method} {operation.path}) is not part of the fake gateway")
        part, who = self._parts[operation.id], self._caller(request.headers.get("authorization"))
        key = None if operation.is_safe else _read_key(request.headers.get("idempotency-key"))
        asked = Asked(
            self._world,
            who,
            path,
            dict(request.url.params),
            request.headers,
            _read(part.form, request, content) if part.form else None,
            _file(request, content) if operation.id == "uploadPhoto" else content,
        )
        sent = hashlib.sha256(f"{request.method} {request.url.raw_path!r} ".encode() + asked.content).digest()
        owner = (str(who.id) if who else "", key or "")
        if key and owner in self._world.kept:
            kept = self._world.kept[owner]
            if kept.request != sent:
                raise Refused("idempotency_key_reused")
            return kept.status, kept.body, part.media, {"Idempotent-Replayed": "true"}
        answer = part.do(asked)
        body = answer if isinstance(answer, bytes) else b"" if answer is None else msgspec.json.encode(answer)
        if key:
            self._world.kept[owner] = Kept(sent, part.status, body)
        return part.status, body, part.media, {}

    def _route(self, request: httpx2.Request) -> tuple[Operation[object], dict[str, str]]:
        found = [
            (one, matched)
            for one, pattern in self._routes
            if (matched := pattern.fullmatch(request.url.path)) is not None
        ]
        fixed = sorted(found, key=lambda pair: pair[0].path.count("{"))
        for operation, matched in fixed:
            if operation.method == request.method:
                return operation, {name: unquote(value) for name, value in matched.groupdict().items()}
        raise Refused("method_not_allowed" if found else "not_found")

    def _caller(self, authorization: str | None) -> Who | None:
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if token.startswith("cgk_") and len(token) != _KEY_SIGNS:
            raise Refused("malformed_key", length=_KEY_SIGNS)
        if scheme.lower() != "bearer" or token.strip() not in self._world.people:
            raise Refused("unauthenticated")
        return self._world.people[token.strip()]


def _request_id(given: str | None) -> str:
    try:
        return str(UUID(given or ""))
    except ValueError:
        return str(uuid4())


def _read_key(given: str | None) -> str | None:
    if given is None or (0 < len(given) <= _LONGEST_KEY and all("!" <= sign <= "~" for sign in given)):
        return given
    raise Refused("bad_idempotency_key")


def _read(form: type[msgspec.Struct], request: httpx2.Request, content: bytes) -> msgspec.Struct:
    """Read a body as its form; what nobody knows and what is too long is refused, as the gateway does."""
    media = request.headers.get("content-type", "application/json").partition(";")[0]
    if media != "application/json":
        raise Refused("unsupported_media_type")
    try:
        said = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("not_json") from error
    try:
        read: msgspec.Struct = msgspec.convert(said, form)
    except msgspec.ValidationError as error:
        raise Refused("invalid_request", reason=str(error)) from error
    known = {*form.__struct_fields__, "kind"}
    if any(
        name not in known or (isinstance(value, str) and len(value) > _LONGEST_TEXT) for name, value in said.items()
    ):
        raise Refused("invalid_request", reason="unknown or overlong members")
    return read


def _file(request: httpx2.Request, content: bytes) -> bytes:
    """Return the one file of a form."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form = message_from_bytes(head + content, policy=policy.HTTP)
    parts = list(form.iter_parts()) if form.is_multipart() else []
    if not parts:
        raise Refused("unsupported_media_type")
    found = parts[0].get_payload(decode=True)
    return found if isinstance(found, bytes) else b""

"""One call as data: which operation, with what, under which options; made complete before the first attempt."""

import hashlib
import platform
from collections.abc import Mapping
from typing import Generic, TypedDict, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx2
import msgspec

from citizen_gateway_sdk._model import Model
from citizen_gateway_sdk._settings import Settings, Timeout, header_value
from citizen_gateway_sdk._uploads import Upload
from citizen_gateway_sdk._version import __version__

T = TypeVar("T")

_LONGEST_KEY = 255

USER_AGENT = f"citizen-gateway-sdk/{__version__} python/{platform.python_version()} httpx2/{httpx2.__version__}"


class Operation(msgspec.Struct, Generic[T], frozen=True):
    """One operation of the contract; `path` has its parameters in braces, `answer` is the type of a success.

    `also` are failures that answer the same type, such as the 503 of a readiness check: they are answers, not errors.
    """

    id: str
    method: str
    path: str
    answer: type[T]
    also: tuple[int, ...] = ()

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing (RFC 9110 §9.2.1)."""
        return self.method in {"GET", "HEAD"}


class ReadOptions(TypedDict, total=False):
    """What any call may be told: see `ClientOptions`; `headers` are sent beside the SDK's own."""

    timeout: Timeout
    max_retries: int
    headers: Mapping[str, str]


class WriteOptions(ReadOptions, total=False):
    """What a call that changes something may be told besides.

    `idempotency_key` names the one thing that is to happen; the SDK makes one for each call, and keeps it over its
    retries. Give your own (an id of your record) to make the call safe to repeat after a restart of your side.
    """

    idempotency_key: str


class Inputs(TypedDict, total=False):
    """What a resource method puts into a call: parts of the path, of the query, of the header, and one body."""

    path: Mapping[str, str | UUID]
    query: Mapping[str, object]
    headers: Mapping[str, str | None]
    body: Model
    upload: Upload


class Call(msgspec.Struct, frozen=True):
    """A request as it goes out at each attempt."""

    method: str
    url: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes | None
    upload: Upload | None
    timeout: Timeout
    max_retries: int
    request_id: str
    name: str
    """Method and path with its parameters left open: what may be logged."""

    @property
    def idempotency_key(self) -> str | None:
        """The key of a write, None for what only reads."""
        return self.headers.get("Idempotency-Key")


def prepare(settings: Settings, operation: Operation[T], options: ReadOptions | WriteOptions, inputs: Inputs) -> Call:
    """Make a call complete: its headers, its keys, its body. Raises `ValueError` for what no request can carry."""
    body = inputs.get("body")
    upload = inputs.get("upload")
    request_id = str(uuid4())
    headers = _headers(settings, operation, options) | {"X-Request-Id": request_id}
    further = {**inputs.get("headers", {}), **options.get("headers", {})}
    headers |= {name: header_value(name, text) for name, text in further.items() if text is not None}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if upload is not None:
        headers["Content-Type"] = f"multipart/form-data; boundary={_boundary(headers['Idempotency-Key'])}"
    return Call(
        method=operation.method,
        url=settings.base_url + _path(operation.path, inputs.get("path", {})),
        query={name: _text(value) for name, value in inputs.get("query", {}).items() if value is not None},
        headers=headers,
        content=None if body is None else msgspec.json.encode(body),
        upload=upload,
        timeout=options.get("timeout", settings.timeout),
        max_retries=options.get("max_retries", settings.max_retries),
        request_id=request_id,
        name=f"{operation.method} {operation.path}",
    )


def _headers(settings: Settings, operation: Operation[T], options: ReadOptions | WriteOptions) -> dict[str, str]:
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*" if operation.answer is bytes else "application/json"}
    if settings.token is not None:
        headers["Authorization"] = f"Bearer {settings.token}"
    if settings.locale is not None:
        headers["Accept-Language"] = settings.locale
    if not operation.is_safe:
        key = options.get("idempotency_key")
        headers["Idempotency-Key"] = str(uuid4()) if key is None else _checked_key(str(key))
    return headers


def _checked_key(key: str) -> str:
    if " " in header_value("idempotency_key", key) or len(key) > _LONGEST_KEY:
        raise ValueError(f"idempotency_key has at most {_LONGEST_KEY} signs and no blanks")
    return key


def _boundary(key: str) -> str:
    """Return one boundary per idempotency key, so that a repeated upload is the same bytes."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _path(template: str, parts: Mapping[str, str | UUID]) -> str:
    filled = {}
    for name, value in parts.items():
        text = str(value)
        if text.strip(".") == "" or not text.strip():
            raise ValueError(f"{name} {text!r} names nothing")
        filled[name] = quote(text, safe="")
    return template.format_map(filled)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""As much of HTTP as the bots serve: whole requests in, whole responses out, over ASGI."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog

TEXT = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
XML = "text/xml; charset=utf-8"

_log = structlog.get_logger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Request(msgspec.Struct, frozen=True):
    """A request with all of its body; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Response(msgspec.Struct, frozen=True):
    """A response; `after` is done once it was sent."""

    status: int = 200
    body: bytes = b""
    media_type: str = TEXT
    after: Callable[[], Awaitable[None]] | None = None


Handler = Callable[[Request], Awaitable[Response]]
Routes = Mapping[str, Handler]
Life = Callable[[], AbstractAsyncContextManager[Routes]]


class Application:
    """An ASGI application: while it lives, `life` holds what its handlers work with.

    A path that ends in `/*` takes all that begin like it. Bodies over `most_bytes` are refused unread.
    """

    def __init__(self, life: Life, most_bytes: int = 1 << 20) -> None:
        self._life = life
        self._most = most_bytes
        self._routes: Routes = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        life = self._life()
        try:
            self._routes = await life.__aenter__()
        except Exception as error:  # noqa: BLE001 - whatever it is, the server must hear that there is no start
            _log.error("not_started", error=f"{type(error).__name__}: {error}")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await life.__aexit__(None, None, None)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._respond(scope, receive)
        headers = [
            (b"content-type", response.media_type.encode()),
            (b"content-length", str(len(response.body)).encode()),
        ]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})
        if response.after is not None:
            await response.after()

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        handler = self._handler(scope["path"])
        if handler is None:
            return Response(404)
        body = await _body(receive, self._most)
        if body is None:
            _log.warning("body_too_large", path=scope["path"])
            return Response(413)
        query = parse_qsl(scope["query_string"].decode("ascii", "replace"), keep_blank_values=True)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            return await handler(Request(scope["method"], scope["path"], dict(query), headers, body))
        except Exception:  # noqa: BLE001 - a mistake of ours is answered as one
            _log.exception("handler_failed", path=scope["path"])
            return Response(500)

    def _handler(self, path: str) -> Handler | None:
        found = self._routes.get(path)
        if found is None:
            wide = [name for name in self._routes if name.endswith("/*") and path.startswith(name[:-1])]
            found = self._routes[max(wide, key=len)] if wide else None
        return found


async def _body(receive: Receive, most: int) -> bytes | None:
    """Return the body, or None for one that is too long."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)

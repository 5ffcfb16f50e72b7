"""What every answer carries: the id under which the log knows its request, limits, and the end of what goes away."""

from uuid import UUID

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.limits import Count
from citizen_gateway.platform.retiring import retiring_of


class RequestIds:
    """Takes over a caller's `X-Request-Id` where it is a UUID, makes one otherwise.

    Stands before the router, since Litestar's own middleware does not see requests for which there is no handler.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request, in the log and in the answer."""
        request_id = _given(scope) or str(uuid7(system_clock()))
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers["X-Request-Id"] = request_id
                if isinstance(count := scope.get("limit"), Count):
                    headers.update(count.headers())
                if retiring := retiring_of(scope.get("route_handler")):
                    headers.update(retiring.headers())
            await send(message)

        await self._app(scope, receive, send_named)


def _given(scope: Scope) -> str | None:
    for name, value in scope.get("headers", ()):
        if name == b"x-request-id":
            try:
                return str(UUID(value.decode("ascii")))
            except ValueError:
                return None
    return None

"""Events: what happens to tickets, as it happens."""

from collections.abc import AsyncIterator, Sequence
from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions
from citizen_gateway_sdk._events import Event, typed
from citizen_gateway_sdk._failures import GatewayError
from citizen_gateway_sdk._following import FOLLOW_LIMIT, FOLLOW_TIMEOUT, FOLLOW_WAIT_S, pause_after


class AsyncEvents:
    """What happens to the tickets that the caller may see.

    A center sees all of them, a department those it holds or is called to; a partner's system and a citizen see the
    public events of the tickets that answer their own reports.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self,
        after: str | None = None,
        *,
        types: Sequence[str] | None = None,
        wait: int | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> models.EventBatch:
        """Return the next events behind a cursor, and the cursor behind them.

        Without a cursor the feed begins 30 days ago; with `latest` it begins now. Where there is no event, `wait` is
        how many seconds to wait for one, at most 30. Raises `BadCursor`, `ForeignCursor`, `StaleCursor`,
        `UnknownEventType`.
        """
        query: dict[str, object] = {
            "after": after,
            "types": None if types is None else ",".join(types),
            "wait": wait,
            "limit": limit,
        }
        return await self._transport.send(operations.LIST_EVENTS, options, query=query)

    async def follow(
        self, after: str | None = None, *, types: Sequence[str] | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncIterator[Event]:
        """Yield every event behind a cursor, as it happens, without end; each as the class of its type.

        Keep an event's `cursor` when you have dealt with it, and give it here after a restart: you miss nothing, and
        may see an event twice. A gateway that is away or restarts is asked again until it answers. Begin with `latest`
        to see only what is yet to happen. Raises as `list` does, and for a credential that has ended.
        """
        cursor, failures = after, 0
        options = ReadOptions(timeout=FOLLOW_TIMEOUT, max_retries=0) | options
        while True:
            try:
                batch = await self.list(cursor, types=types, wait=FOLLOW_WAIT_S, limit=FOLLOW_LIMIT, **options)
            except GatewayError as error:
                await self._transport.pause(pause_after(error, failures, self._transport.settings.backoff))
                failures += 1
                continue
            failures = 0
            for event in batch.items:
                yield typed(event)
            cursor = batch.cursor

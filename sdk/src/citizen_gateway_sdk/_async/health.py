"""Whether the gateway lives."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions


class AsyncHealth:
    """What an operator asks."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def live(self, **options: Unpack[ReadOptions]) -> models.Health:
        """Ask whether the process answers at all."""
        return await self._transport.send(operations.GET_HEALTH, options)

    async def ready(self, **options: Unpack[ReadOptions]) -> models.Readiness:
        """Ask whether it can work: database, cache, city. A gateway that is not ready says so by `ready`, at once."""
        return await self._transport.send(operations.GET_READINESS, options)

"""The sandbox: a city that plays along."""

from typing import Unpack

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import WriteOptions


class AsyncSandbox:
    """For clients of the sandbox, whose reports and tickets nobody else sees."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def advance(self, number: str, **options: Unpack[WriteOptions]) -> models.Ticket:
        """Let the city take the next step of a ticket: assigned, accepted, begun, settled, filed.

        Raises `NotInSandbox` for a client of the real city, `NothingToPlay` at the end.
        """
        return await self._transport.send(operations.ADVANCE_TICKET, options, path={"number": number})

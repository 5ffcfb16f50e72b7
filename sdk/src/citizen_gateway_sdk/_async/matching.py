"""One event or several: what staff say of tickets that are alike."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions


class AsyncMatching:
    """The part of tickets that is about one event told by many."""

    _transport: AsyncTransport

    async def join_suggestions(self, number: str, **options: Unpack[ReadOptions]) -> list[models.JoinSuggestion]:
        """Return the tickets that may be about the same event, the most alike first, with what people said of them."""
        found = await self._transport.send(operations.LIST_JOIN_SUGGESTIONS, options, path={"number": number})
        return found.items

    async def judge_join(
        self, number: str, *, like: str, same: bool, reason: str, **options: Unpack[WriteOptions]
    ) -> models.JoinVerdict:
        """Say whether another ticket is about the same event; a center's yes merges the newer into the older.

        Raises `NotSuggested`, `AlreadyJudged`, and what merging raises.
        """
        body = models.JudgeJoin(like=like, same=same, reason=reason)
        return await self._transport.send(operations.JUDGE_JOIN, options, path={"number": number}, body=body)

    async def unjoin(
        self, number: str, *, report_id: UUID | str, reason: str, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Give a report that joined by mistake a ticket of its own, and return that one. Raises `DidNotJoin`."""
        body = models.UnjoinReport(
            report_id=report_id if isinstance(report_id, UUID) else UUID(report_id), reason=reason
        )
        return await self._transport.send(operations.UNJOIN_REPORT, options, path={"number": number}, body=body)

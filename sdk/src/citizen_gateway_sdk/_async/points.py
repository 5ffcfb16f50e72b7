"""Points: what a volunteer has, how it moved, and what the city decides about it."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions


class AsyncPoints:
    """The points of the caller, and awards by the city.

    Spending raises `NotEnoughPoints`, and `SpendingBlocked` while points are owed.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, **options: Unpack[ReadOptions]) -> models.Points:
        """Return what the caller has, what stands behind codes, and how near the caps they are."""
        return await self._transport.send(operations.GET_POINTS, options)

    def statement(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.StatementLine]:
        """Return what moved the caller's points, the newest first, each with the balance behind it."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_STATEMENT, options, query)

    async def rules(self, **options: Unpack[ReadOptions]) -> models.PointsRules:
        """Return what earns points in this city, the caps, and how long points live."""
        return await self._transport.send(operations.GET_POINTS_RULES, options)

    async def send(self, to: str, *, amount: int, **options: Unpack[WriteOptions]) -> models.Sent:
        """Send points to a relative by their volunteer's code. Raises `NotFamily`, `SentEnoughThisYear`, …."""
        body = models.SendPoints(to=to, amount=amount)
        return await self._transport.send(operations.SEND_POINTS, options, body=body)

    async def declare_device(self, device: str, **options: Unpack[WriteOptions]) -> None:
        """Say which device the caller's account is used on, by an id the app made up when it was installed."""
        await self._transport.send(operations.DECLARE_DEVICE, options, body=models.DeclareDevice(device=device))

    async def propose_award(
        self, to: str, *, amount: int, reason: str, **options: Unpack[WriteOptions]
    ) -> models.Award:
        """Propose to give a volunteer points by hand; somebody else approves or refuses it."""
        body = models.ProposeAward(to=to, amount=amount, reason=reason)
        return await self._transport.send(operations.PROPOSE_AWARD, options, body=body)

    def awards(
        self,
        *,
        state: models.AwardState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Award]:
        """Return awards, the newest first."""
        query: dict[str, object] = {"state": state, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_AWARDS, options, query)

    async def approve_award(self, award_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Award:
        """Approve an award that somebody else proposed. Raises `SecondPersonNeeded`, `AwardDecided`."""
        return await self._transport.send(operations.APPROVE_AWARD, options, path={"award_id": award_id})

    async def refuse_award(self, award_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Award:
        """Refuse an award that somebody else proposed. Raises as `approve_award` does."""
        return await self._transport.send(operations.REFUSE_AWARD, options, path={"award_id": award_id})

    async def declare_false(self, report_id: UUID, *, reason: str, **options: Unpack[WriteOptions]) -> models.ClawBack:
        """Declare a report false and take back what it earned. Raises `DeclaredFalse` for a second time."""
        body = models.DeclareFalse(report_id=report_id, reason=reason)
        return await self._transport.send(operations.DECLARE_REPORT_FALSE, options, body=body)

"""Hand-overs: a case goes from one channel to another."""

from typing import Literal, Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncHandovers:
    """Hand-overs between channels, such as 12345 and 110; the sender answers for a case until the other has signed."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def offer(
        self, report_id: UUID | str, *, to: models.Channel, reason: str, **options: Unpack[WriteOptions]
    ) -> models.Handover:
        """Offer the case of a report to another channel.

        Raises `NotResponsible`, `HandoverOpen`, `ChannelNotConnected`; nothing is changed then.
        """
        body = models.OfferHandover(report_id=UUID(str(report_id)), to_channel=to, reason=reason)
        return await self._transport.send(operations.OFFER_HANDOVER, options, body=body)

    async def get(self, handover_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Handover:
        """Return a hand-over of the caller's channel, as both sides see it."""
        return await self._transport.send(operations.GET_HANDOVER, options, path={"handover_id": handover_id})

    async def sign(
        self, handover_id: UUID | str, *, external_ref: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Handover:
        """Sign for a case, and say what it is called here. Raises `HandoverAnswered` where somebody was first."""
        body = models.SignHandover(external_ref=given(external_ref))
        path = {"handover_id": handover_id}
        return await self._transport.send(operations.SIGN_HANDOVER, options, path=path, body=body)

    async def refuse(self, handover_id: UUID | str, *, reason: str, **options: Unpack[WriteOptions]) -> models.Handover:
        """Refuse a case; the sender goes on answering for it."""
        path = {"handover_id": handover_id}
        body = models.RefuseHandover(reason=reason)
        return await self._transport.send(operations.REFUSE_HANDOVER, options, path=path, body=body)

    async def withdraw(self, handover_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Handover:
        """Take back an offer that nobody has answered."""
        return await self._transport.send(operations.WITHDRAW_HANDOVER, options, path={"handover_id": handover_id})

    def list(
        self,
        *,
        direction: Literal["incoming", "outgoing"] | None = None,
        state: models.HandoverState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Handover]:
        """Return hand-overs offered to the caller's channel, or by the caller, newest first."""
        query: dict[str, object] = {"direction": direction, "state": state, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_HANDOVERS, options, query)

"""Tickets: what the city does about reports."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncTickets:
    """Tickets, followed by those who reported and moved on by those who handle them.

    An action that the ticket's state does not allow raises `IllegalAction`, one of another department's ticket
    `NotYourTicket`, one that came second `TicketChanged`; none of these changes anything.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, number: str, *, secret: str | None = None, **options: Unpack[ReadOptions]) -> models.Ticket:
        """Return a ticket by its number; `secret` is the receipt's, for those who have no session."""
        return await self._transport.send(
            operations.GET_TICKET, options, path={"number": number}, headers={"Ticket-Secret": secret}
        )

    async def timeline(
        self, number: str, *, secret: str | None = None, **options: Unpack[ReadOptions]
    ) -> list[models.TimelineEntry]:
        """Return what happened to a ticket, oldest first, as far as the caller may see it."""
        timeline = await self._transport.send(
            operations.GET_TIMELINE, options, path={"number": number}, headers={"Ticket-Secret": secret}
        )
        return timeline.items

    async def follow(self, number: str, **options: Unpack[WriteOptions]) -> models.Following:
        """Follow an open ticket that others reported; the same again changes nothing.

        Raises `NotFound` for a ticket that is not open, or not for everybody's eyes.
        """
        return await self._transport.send(operations.FOLLOW_TICKET, options, path={"number": number})

    async def assign(
        self, number: str, *, department: str, reason: str, category: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Give a pending ticket to a department (派单), and correct its category where one is named."""
        body = models.AssignTicket(department=department, reason=reason, category=given(category))
        return await self._transport.send(operations.ASSIGN_TICKET, options, path={"number": number}, body=body)

    async def accept(self, number: str, **options: Unpack[WriteOptions]) -> models.Ticket:
        """Take an assigned ticket on (签收)."""
        return await self._transport.send(operations.ACCEPT_TICKET, options, path={"number": number})

    async def start(self, number: str, **options: Unpack[WriteOptions]) -> models.Ticket:
        """Begin the work on an accepted ticket (处置)."""
        return await self._transport.send(operations.START_TICKET, options, path={"number": number})

    async def resolve(
        self, number: str, *, reply: str, photo_ids: Sequence[UUID] | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Report the work as done (办结), with the reply that citizens read and photos that show it."""
        body = models.ResolveTicket(reply=reply, photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]))
        return await self._transport.send(operations.RESOLVE_TICKET, options, path={"number": number}, body=body)

    def list(
        self,
        *,
        state: models.TicketState | None = None,
        department: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Ticket]:
        """Return the tickets that the caller may handle; `limit` is the size of a page."""
        query: dict[str, object] = {"state": state, "department": department, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_TICKETS, options, query)

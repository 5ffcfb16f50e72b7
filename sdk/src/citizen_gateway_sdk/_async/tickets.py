"""Tickets: what the city does about reports."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.deciding import AsyncDeciding
from citizen_gateway_sdk._async.handling import AsyncHandling
from citizen_gateway_sdk._async.matching import AsyncMatching
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given, seen


class AsyncTickets(AsyncHandling, AsyncDeciding, AsyncMatching):
    """Tickets, followed by those who reported and moved on by those who handle them.

    An action that the ticket's state does not allow raises `IllegalAction`, one that something else about it forbids
    `NotPossible`, one of another department's ticket `NotYourTicket`, one that came second `TicketChanged`; none of
    these changes anything. Give the `version` you saw, and an action is refused where the ticket is another by now.
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

    async def texts(
        self, number: str, *, action: models.Action | None = None, **options: Unpack[ReadOptions]
    ) -> list[models.ReadyText]:
        """Return the city's texts for an action on a ticket, resolving it where none is named, filled in."""
        texts = await self._transport.send(
            operations.LIST_TEXTS, options, path={"number": number}, query={"action": action}
        )
        return texts.items

    async def answer(
        self,
        number: str,
        *,
        answer: str,
        photo_ids: Sequence[UUID] | None = None,
        version: int | None = None,
        secret: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Answer what the department asked about one's report."""
        body = models.AnswerQuestion(
            answer=answer, photo_ids=given(photo_ids if photo_ids is None else [*photo_ids]), version=given(version)
        )
        return await self._transport.send(
            operations.ANSWER_QUESTION,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version), "Ticket-Secret": secret},
        )

    async def urge(
        self, number: str, *, version: int | None = None, secret: str | None = None, **options: Unpack[WriteOptions]
    ) -> models.Ticket:
        """Ask the department to hurry (催办), at most once a day."""
        return await self._transport.send(
            operations.URGE_TICKET,
            options,
            path={"number": number},
            headers={"If-Match": seen(version), "Ticket-Secret": secret},
        )

    async def withdraw(
        self,
        number: str,
        *,
        reason: str | None = None,
        version: int | None = None,
        secret: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Ticket:
        """Take one's report back (撤回), while nobody else reported it and work has not begun."""
        body = models.WithdrawTicket(reason=given(reason), version=given(version))
        return await self._transport.send(
            operations.WITHDRAW_TICKET,
            options,
            path={"number": number},
            body=body,
            headers={"If-Match": seen(version), "Ticket-Secret": secret},
        )

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

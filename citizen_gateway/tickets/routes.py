"""`/v1/tickets`: watching a ticket, the handlers' queue, and the steps of a ticket's life."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.ids import secret_hash
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.media.errors import UnknownPhoto
from citizen_gateway.media.service import owned_photos
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import Actor, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import rights, service, store
from citizen_gateway.tickets.errors import (
    BadTicketNumber,
    IllegalAction,
    Missing,
    NotYours,
    Outrun,
    UnknownCategory,
    UnknownDepartment,
)
from citizen_gateway.tickets.model import Action, Need, Ticket, TicketState
from citizen_gateway.tickets.schema import (
    AssignTicket,
    ResolveTicket,
    TicketView,
    Timeline,
    ticket_view,
    timeline_entry,
)

TicketSecret = Annotated[
    str | None, HeaderParameter(name="Ticket-Secret", description="The secret of a receipt, in place of a session")
]
_ACTS = raises(Unauthenticated, NotFound, BadTicketNumber, IllegalAction, Outrun, NotYours, ScopeMissing, Missing)


class TicketController(Controller):
    """Tickets."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @get(
        operation_id="listTickets",
        summary="The queue of your departments",
        responses=raises(Unauthenticated, BadCursor, RoleMissing, ScopeMissing),
    )
    async def queue(
        self,
        *,
        actor: Caller,
        work: Work,
        department: Annotated[str | None, QueryParameter(description="Only this department's")] = None,
        ticket_state: Annotated[
            TicketState | None, QueryParameter(name="state", description="Only in this state")
        ] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[TicketView]:
        """List tickets, emergencies first: a center sees its area, a department its own and where it assists."""
        city = work.part(City)
        require_scope(actor, Scope.TICKETS_READ)
        rights.require_sight(actor, department)
        after = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            wanted = {department} if department else None
            rows = await store.queue(tx.conn, wanted, ticket_state, after, limit + 1, seen_by=actor)
        views = [ticket_view(city, ticket, staff=True) for ticket in rows]
        return page_of(views, limit, [ticket.id for ticket in rows])

    @get(
        "/{number:str}",
        operation_id="getTicket",
        summary="A ticket",
        responses=raises(Unauthenticated, NotFound, BadTicketNumber),
    )
    async def show(
        self,
        *,
        number: FromPath[str],
        visitor: Caller,
        work: Work,
        secret: TicketSecret = None,
    ) -> TicketView:
        """Show a ticket to whoever reported it (by session or receipt), to its department, and to centers."""
        city = work.part(City)
        async with work.read(visitor) as tx:
            ticket = await service.find(tx, number, secret_hash(secret) if secret else None)
        return ticket_view(city, ticket, staff=service.is_staff_view(visitor, ticket))

    @get(
        "/{number:str}/timeline",
        operation_id="getTimeline",
        summary="What happened to a ticket",
        responses=raises(Unauthenticated, NotFound, BadTicketNumber),
    )
    async def timeline(
        self,
        *,
        number: FromPath[str],
        visitor: Caller,
        work: Work,
        secret: TicketSecret = None,
    ) -> Timeline:
        """List what happened to a ticket, oldest first; citizens see the public part."""
        async with work.read(visitor) as tx:
            ticket = await service.find(tx, number, secret_hash(secret) if secret else None)
            public_only = not service.is_staff_view(visitor, ticket)
            past = await events.stream_events(tx.conn, ticket.id, public_only=public_only)
        return Timeline([timeline_entry(event) for event in past])

    @post(
        "/{number:str}/assign",
        operation_id="assignTicket",
        summary="Give a pending ticket to a department",
        status_code=200,
        responses=_ACTS | raises(Missing, UnknownDepartment, UnknownCategory),
    )
    async def assign(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[AssignTicket],
        actor: Caller,
        work: Work,
    ) -> Response[TicketView]:
        """Give a pending ticket to a department, with a reason; its clocks start now."""
        city = work.part(City)
        given = {Need.DEPARTMENT: data.department, Need.REASON: data.reason}
        if data.category and CategoryCode(data.category) not in city.categories:
            raise UnknownCategory(category=data.category)
        return await _step(work, actor, city, number=number, action=Action.ASSIGN, given=given, category=data.category)

    @post(
        "/{number:str}/accept",
        operation_id="acceptTicket",
        summary="Sign for a ticket",
        status_code=200,
        responses=_ACTS,
    )
    async def accept(
        self,
        *,
        number: FromPath[str],
        actor: Caller,
        work: Work,
    ) -> Response[TicketView]:
        """Sign for a ticket assigned to your department."""
        city = work.part(City)
        return await _step(work, actor, city, number=number, action=Action.ACCEPT, given={})

    @post(
        "/{number:str}/start",
        operation_id="startTicket",
        summary="Begin work on a ticket",
        status_code=200,
        responses=_ACTS,
    )
    async def start(
        self,
        *,
        number: FromPath[str],
        actor: Caller,
        work: Work,
    ) -> Response[TicketView]:
        """Say that work has begun."""
        city = work.part(City)
        return await _step(work, actor, city, number=number, action=Action.START, given={})

    @post(
        "/{number:str}/resolve",
        operation_id="resolveTicket",
        summary="Say that the matter is settled",
        status_code=200,
        responses=_ACTS | raises(Missing, UnknownPhoto),
    )
    async def resolve(
        self,
        *,
        number: FromPath[str],
        data: JSONBody[ResolveTicket],
        actor: Caller,
        work: Work,
    ) -> Response[TicketView]:
        """Settle a ticket: a reply for the citizen, and a photo of the result where they sent one."""
        city = work.part(City)
        given = {Need.REPLY: data.reply, Need.AFTER_PHOTO: data.photo_ids}
        return await _step(work, actor, city, number=number, action=Action.RESOLVE, given=given, photos=data.photo_ids)


async def _step(
    work: UnitOfWork,
    actor: Actor,
    city: City,
    *,
    number: str,
    action: Action,
    given: Mapping[Need, object],
    category: str | None = None,
    photos: Sequence[UUID] = (),
) -> Response[TicketView]:
    require_scope(actor, Scope.TICKETS_CENTER if action is Action.ASSIGN else Scope.TICKETS_HANDLE)

    async def take(tx: Transaction) -> TicketView:
        ticket: Ticket = await service.find(tx, number)
        await owned_photos(tx, photos)
        if category:
            ticket = msgspec.structs.replace(ticket, category=category)
        return ticket_view(city, await service.act(tx, city, ticket, action, given), staff=True)

    return await work.once(actor, take)

"""`/v1/tickets`: watching a ticket, and the handlers' queue."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.ids import secret_hash
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import rights, service, store
from citizen_gateway.tickets.errors import BadTicketNumber
from citizen_gateway.tickets.model import Action, TicketState, actions_of
from citizen_gateway.tickets.replies import ReadyTexts, ready_texts
from citizen_gateway.tickets.schema import TicketView, Timeline, ticket_view, timeline_entry
from citizen_gateway.tickets.taking import TicketSecret, shown


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
        views = [
            ticket_view(city, ticket, staff=True, actions=actions_of(actor, ticket, work.clock())) for ticket in rows
        ]
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
        key = secret_hash(secret) if secret else None
        async with work.read(visitor) as tx:
            ticket = await service.find(tx, number, key)
            return await shown(tx, work.part(City), ticket, key)

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
        """List what happened to a ticket, oldest first; citizens see the public part, departments no votes."""
        async with work.read(visitor) as tx:
            ticket = await service.find(tx, number, secret_hash(secret) if secret else None)
            past = await service.timeline_of(tx, ticket)
        locale = preferred_locale(work.request.headers.get("accept-language"))
        return Timeline([timeline_entry(event, locale) for event in past])

    @get(
        "/{number:str}/texts",
        operation_id="listTexts",
        summary="Words that are ready",
        responses=raises(Unauthenticated, NotFound, BadTicketNumber, RoleMissing),
    )
    async def texts(
        self,
        *,
        number: FromPath[str],
        actor: Caller,
        work: Work,
        action: Annotated[Action, QueryParameter(description="What the words are for")] = Action.RESOLVE,
    ) -> ReadyTexts:
        """List the city's texts for an action on this ticket, filled in, those made for its category first."""
        async with work.read(actor) as tx:
            ticket = await service.find(tx, number)
        if not service.is_staff_view(actor, ticket):
            raise RoleMissing(roles=f"{Role.HANDLER}, {Role.LEAD}, {Role.CENTER}")
        return ReadyTexts(ready_texts(work.part(City), ticket, action))

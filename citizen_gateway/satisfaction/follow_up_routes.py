"""What staff see of satisfaction: sums of votes, and the calls a center makes (回访)."""

from collections import Counter
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_role, require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated, Violation
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.idempotency import KeyReused
from citizen_gateway.platform.problems import raises
from citizen_gateway.satisfaction import calls, follow_ups, service, store
from citizen_gateway.satisfaction.errors import AlreadyFollowedUp, AnswersMissing
from citizen_gateway.satisfaction.model import CallResult, FollowUp, Tally
from citizen_gateway.satisfaction.schema import FollowUpView, RatingSummary, RecordCall
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.errors import BadTicketNumber
from citizen_gateway.tickets.schema import department_ref


class FollowUpController(Controller):
    """Sums of votes, and calls."""

    path = "/v1"
    tags = ("ratings",)

    @get(
        "/tickets/{number:str}/ratings",
        operation_id="getRatings",
        summary="How a ticket's result was rated",
        responses=raises(Unauthenticated, NotFound, BadTicketNumber, RoleMissing, ScopeMissing),
    )
    async def ratings(self, *, number: FromPath[str], actor: Caller, work: Work) -> RatingSummary:
        """Sum up the votes on a ticket: for centers at once, for its department when none of them can be told apart."""
        require_scope(actor, Scope.TICKETS_READ)
        require_role(actor, Role.CENTER, Role.AUDITOR, Role.HANDLER, Role.LEAD)
        least = work.part(City).settings.satisfaction.small_group
        async with work.read(actor) as tx:
            ticket = await tickets.find(tx, number)
            counted = await store.tally(tx.conn, ticket.id, await store.newest_resolution(tx.conn, ticket.id))
            if actor.holds(Role.CENTER, Role.AUDITOR, areas=ticket.area_path):
                return _summary(counted, comments=True)
            if len(counted.votes) >= least and await service.is_over(tx, ticket):
                return _summary(counted, comments=False)
        return RatingSummary(counted.invited, True, None, None, None, None, None, None, None)

    @get(
        "/follow-ups",
        operation_id="listFollowUps",
        summary="Whom a center calls",
        responses=raises(Unauthenticated, BadCursor, RoleMissing, ScopeMissing),
    )
    async def listing(
        self,
        *,
        actor: Caller,
        work: Work,
        done: Annotated[bool, QueryParameter(description="Those made, not those still to be made")] = False,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[FollowUpView]:
        """List the calls of your area: tickets drawn by lot, and those whose reporters were unsatisfied twice."""
        require_scope(actor, Scope.TICKETS_CENTER)
        require_role(actor, Role.CENTER)
        after = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            rows = await calls.listed(tx.conn, _areas(actor), done=done, after=after, limit=limit + 1)
            views = [await _view(tx, work.part(City), row) for row in rows]
        return page_of(views, limit, [row.id for row in rows])

    @post(
        "/follow-ups/{follow_up_id:uuid}/result",
        operation_id="recordFollowUp",
        summary="Say what a call told",
        status_code=200,
        responses=raises(
            Violation,
            Unauthenticated,
            NotFound,
            RoleMissing,
            ScopeMissing,
            AnswersMissing,
            AlreadyFollowedUp,
            KeyReused,
        ),
    )
    async def record(
        self, *, follow_up_id: FromPath[UUID], data: JSONBody[RecordCall], actor: Caller, work: Work
    ) -> Response[FollowUpView]:
        """Keep the result of a call, once; the ticket's timeline has it for centers and auditors."""
        require_scope(actor, Scope.TICKETS_CENTER)
        require_role(actor, Role.CENTER)
        result = CallResult(data.reached, data.contacted, data.solved, data.satisfied, data.note)

        async def keep(tx: Transaction) -> FollowUpView:
            return await _view(tx, work.part(City), await follow_ups.record(tx, follow_up_id, result))

        return await work.once(actor, keep)


def _areas(actor: Actor) -> list[str] | None:
    held = [grant.area for grant in actor.grants if grant.role is Role.CENTER]
    return None if None in held else [area for area in held if area is not None]


def _summary(counted: Tally, *, comments: bool) -> RatingSummary:
    votes = counted.votes
    return RatingSummary(
        invited=counted.invited,
        withheld=False,
        rated=len(votes),
        contacted=sum(vote.contacted for vote in votes),
        solved=dict(Counter(vote.solved.value for vote in votes)),
        satisfied=dict(Counter(str(vote.satisfied) for vote in votes)),
        average=counted.average,
        tags=dict(Counter(tag for vote in votes for tag in vote.tags)),
        comments=[vote.comment for vote in votes if vote.comment] if comments else None,
    )


async def _view(tx: Transaction, city: City, call: FollowUp) -> FollowUpView:
    ticket = await ticket_store.by_id(tx.conn, call.ticket_id)
    if ticket is None:
        raise NotFound(what="ticket")
    return FollowUpView(
        id=call.id,
        ticket_number=ticket.number,
        title=ticket.title,
        department=department_ref(city, ticket.department),
        reason=call.reason,
        created_at=call.created_at,
        done_at=call.done_at,
        result=call.result,
    )

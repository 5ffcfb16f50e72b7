"""Staff's word on one event: what is suggested, whether it is so, and undoing what was joined by mistake."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import judging
from citizen_gateway.intake.errors import AlreadyJudged, JoinedNothing, NotSuggested
from citizen_gateway.intake.schema import (
    JoinSuggestion,
    JoinSuggestions,
    JoinVerdict,
    JudgeJoin,
    UnjoinReport,
)
from citizen_gateway.kernel.errors import NotFound, Unauthenticated, Violation
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, Work
from citizen_gateway.platform.idempotency import KeyReused
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets.errors import (
    BadTicketNumber,
    IllegalAction,
    Missing,
    NotOpen,
    NotPossible,
    NotYours,
    Outrun,
    SameTicket,
)
from citizen_gateway.tickets.schema import TicketView, category_ref
from citizen_gateway.tickets.taking import shown

_STAFF = (Unauthenticated, NotFound, BadTicketNumber, NotYours, ScopeMissing)


class JudgingController(Controller):
    """One event or not."""

    path = "/v1/tickets"
    tags = ("tickets",)

    @get(
        "/{number:str}/join-suggestions",
        operation_id="listJoinSuggestions",
        summary="What may be the same event",
        responses=raises(*_STAFF),
    )
    async def suggestions(self, *, number: FromPath[str], actor: Caller, work: Work) -> JoinSuggestions:
        """List the tickets that may be about the same event, the most alike first, with what people said of them."""
        city = work.part(City)
        _require_staff_scope(actor)
        async with work.read(actor) as tx:
            found = await judging.suggested(tx, await tickets.find(tx, number))
        return JoinSuggestions(
            [
                JoinSuggestion(
                    number=ticket.number,
                    title=ticket.title,
                    state=ticket.state,
                    category=category_ref(city, ticket.category),
                    reporters=len(ticket.reports),
                    likeness=round(one.score, 2),
                    suggested_at=one.suggested_at,
                    judged_at=one.judged_at,
                    same=one.same,
                )
                for one, ticket in found
            ]
        )

    @post(
        "/{number:str}/join-verdict",
        operation_id="judgeJoin",
        summary="Say whether two tickets are one event",
        status_code=200,
        responses=raises(
            *_STAFF, Violation, NotSuggested, AlreadyJudged, NotOpen, SameTicket, IllegalAction, NotPossible, Missing,
            Outrun, KeyReused,
        ),
    )  # fmt: skip
    async def judge(
        self, *, number: FromPath[str], data: JSONBody[JudgeJoin], actor: Caller, work: Work
    ) -> Response[JoinVerdict]:
        """Confirm or refuse a suggestion: a center's yes merges the newer ticket into the older one.

        The department that holds the ticket may say so too; a center then merges.
        """
        city = work.part(City)
        _require_staff_scope(actor)

        async def keep(tx: Transaction) -> JoinVerdict:
            found = await judging.judge(tx, city, number, data.like, same=data.same, reason=data.reason)
            return JoinVerdict(found.same, found.merged, await shown(tx, city, found.ticket))

        return await work.once(actor, keep)

    @post(
        "/{number:str}/unjoin",
        operation_id="unjoinReport",
        summary="Undo that a report joined",
        status_code=200,
        responses=raises(*_STAFF, Violation, NotOpen, JoinedNothing, Outrun, KeyReused),
    )
    async def unjoin(
        self, *, number: FromPath[str], data: JSONBody[UnjoinReport], actor: Caller, work: Work
    ) -> Response[TicketView]:
        """Give a report that joined by mistake a ticket of its own, and return that ticket."""
        city = work.part(City)
        _require_staff_scope(actor)

        async def keep(tx: Transaction) -> TicketView:
            return await shown(tx, city, await judging.unjoin(tx, city, number, data.report_id, data.reason))

        return await work.once(actor, keep)


def _require_staff_scope(actor: Actor) -> None:
    """Raise `ScopeMissing` where a partner's client handles no tickets."""
    if actor.kind is ActorKind.CLIENT and Scope.TICKETS_CENTER not in actor.scopes:
        require_scope(actor, Scope.TICKETS_HANDLE)

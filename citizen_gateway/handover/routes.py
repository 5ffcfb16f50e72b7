"""`/v1/handovers`: a case goes from one channel to another, and somebody answers for it at every moment."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.guards import require_kind, require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.handover import service, store
from citizen_gateway.handover.errors import HandoverAnswered, HandoverOpen, NobodyThere, NotResponsible
from citizen_gateway.handover.model import Handover, HandoverState
from citizen_gateway.handover.schema import HandoverView, OfferHandover, RefuseHandover, SignHandover
from citizen_gateway.handover.views import view
from citizen_gateway.intake.errors import ReferenceTaken
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.problems import raises

_ACTS = raises(Unauthenticated, Forbidden, ScopeMissing, NotFound)


class Direction(StrEnum):
    """Which hand-overs are meant: offered to one's channel, or by oneself."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class HandoverController(Controller):
    """Hand-overs between channels."""

    path = "/v1/handovers"
    tags = ("handovers",)

    @post(
        operation_id="offerHandover",
        summary="Hand a case over to another channel",
        responses=_ACTS | raises(NotFound, NotResponsible, Forbidden, ScopeMissing, HandoverOpen, NobodyThere),
    )
    async def offer(self, *, data: JSONBody[OfferHandover], actor: Caller, work: Work) -> Response[HandoverView]:
        """Offer a case you answer for to another channel; you answer for it until that one has signed (首接负责)."""

        async def do(tx: Transaction) -> Handover:
            return await service.offer(tx, data.report_id, data.to_channel, data.reason)

        return await _once(work, actor, do, status=201)

    @get(
        operation_id="listHandovers",
        summary="Hand-overs of your channel",
        responses=raises(Unauthenticated, Forbidden, ScopeMissing, BadCursor),
    )
    async def mine(
        self,
        *,
        actor: Caller,
        work: Work,
        direction: Annotated[Direction, QueryParameter(description="Offered to you, or by you")] = Direction.INCOMING,
        handover_state: Annotated[
            HandoverState | None, QueryParameter(name="state", description="Only in this state")
        ] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[HandoverView]:
        """List hand-overs, newest first."""
        require_kind(actor, ActorKind.CLIENT)
        require_scope(actor, Scope.HANDOVERS)
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            if direction is Direction.OUTGOING and actor.id:
                rows = await store.outgoing(tx.conn, actor.id, handover_state, before, limit + 1)
            else:
                rows = await store.incoming(tx.conn, actor.channel, handover_state, before, limit + 1)
            views = [await view(tx, work.part(City), row, _locale(work)) for row in rows[:limit]]
        page = page_of(rows, limit, [row.id for row in rows])
        return Page(views, page.next_cursor)

    @get("/{handover_id:uuid}", operation_id="getHandover", summary="A hand-over", responses=_ACTS)
    async def show(self, *, handover_id: FromPath[UUID], actor: Caller, work: Work) -> HandoverView:
        """Show a hand-over to its two sides: what each calls the case, and how far it is."""
        require_kind(actor, ActorKind.CLIENT)
        require_scope(actor, Scope.HANDOVERS)
        async with work.read(actor) as tx:
            return await view(tx, work.part(City), await service.show(tx, handover_id), _locale(work))

    @post(
        "/{handover_id:uuid}/sign",
        operation_id="signHandover",
        summary="Sign for a case",
        status_code=200,
        responses=_ACTS | raises(HandoverAnswered, ReferenceTaken),
    )
    async def sign(
        self, *, handover_id: FromPath[UUID], data: JSONBody[SignHandover], actor: Caller, work: Work
    ) -> Response[HandoverView]:
        """Sign for a case: your channel answers for it from now on, and you may watch its ticket."""

        async def do(tx: Transaction) -> Handover:
            return await service.sign(tx, handover_id, data.external_ref)

        return await _once(work, actor, do)

    @post(
        "/{handover_id:uuid}/refuse",
        operation_id="refuseHandover",
        summary="Refuse a case",
        status_code=200,
        responses=_ACTS | raises(HandoverAnswered),
    )
    async def refuse(
        self, *, handover_id: FromPath[UUID], data: JSONBody[RefuseHandover], actor: Caller, work: Work
    ) -> Response[HandoverView]:
        """Refuse a case, with the reason; whoever offered it goes on answering for it."""

        async def do(tx: Transaction) -> Handover:
            return await service.refuse(tx, handover_id, data.reason)

        return await _once(work, actor, do)

    @post(
        "/{handover_id:uuid}/withdraw",
        operation_id="withdrawHandover",
        summary="Take an offer back",
        status_code=200,
        responses=_ACTS | raises(HandoverAnswered),
    )
    async def withdraw(self, *, handover_id: FromPath[UUID], actor: Caller, work: Work) -> Response[HandoverView]:
        """Take back an offer that nobody has answered yet."""

        async def do(tx: Transaction) -> Handover:
            return await service.withdraw(tx, handover_id)

        return await _once(work, actor, do)


async def _once(
    work: UnitOfWork, actor: Actor, do: Callable[[Transaction], Awaitable[Handover]], *, status: int = 200
) -> Response[HandoverView]:
    async def shown(tx: Transaction) -> HandoverView:
        return await view(tx, work.part(City), await do(tx), _locale(work))

    return await work.once(actor, shown, status=status)


def _locale(work: UnitOfWork) -> str:
    return preferred_locale(work.request.headers.get("accept-language"))

"""`/v1/reports`: saying what is wrong, and seeing what became of it."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.intake import references, service, store
from citizen_gateway.intake.errors import (
    CoordinatesSwapped,
    EmptyText,
    OnBehalfOnlyByClients,
    OutsideCity,
    OutsidePatrol,
    ReferencesOnlyByClients,
    ReferenceTaken,
)
from citizen_gateway.intake.model import Report
from citizen_gateway.intake.schema import Receipt, ReportListing, ReportView, SubmitReport
from citizen_gateway.intake.service import Intake
from citizen_gateway.intake.views import receipt
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated, Violation
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.media.errors import UnknownPhoto
from citizen_gateway.platform.actor import ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.idempotency import KeyReused
from citizen_gateway.platform.limits import RateLimited
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.errors import UnknownCategory
from citizen_gateway.tickets.model import TicketState
from citizen_gateway.tickets.schema import area_refs, category_ref, channel_status


class ReportController(Controller):
    """Reports."""

    path = "/v1/reports"
    tags = ("reports",)

    @post(
        operation_id="submitReport",
        summary="Say what is wrong",
        responses=raises(
            Violation,
            EmptyText,
            OutsideCity,
            CoordinatesSwapped,
            UnknownPhoto,
            UnknownCategory,
            KeyReused,
            Unauthenticated,
            Forbidden,
            ScopeMissing,
            OnBehalfOnlyByClients,
            OutsidePatrol,
            ReferencesOnlyByClients,
            ReferenceTaken,
            RateLimited,
        ),
    )
    async def submit(
        self,
        *,
        data: JSONBody[SubmitReport],
        actor: Caller,
        work: Work,
    ) -> Response[Receipt]:
        """Keep a report and answer it with a ticket: that of its event, where others surely reported it, or its own.

        The answer is a receipt, sent when all is safely stored.
        """
        intake = work.part(Intake)
        city = work.part(City)
        await intake.admit(actor)
        understood = intake.understand(actor, data)
        locale = _locale(work)

        async def keep(tx: Transaction) -> Receipt:
            return receipt(city, await intake.submit(tx, understood), locale)

        return await work.once(actor, keep, status=201)

    @get(
        operation_id="listReports",
        summary="What I reported",
        responses=raises(Unauthenticated, BadCursor, ScopeMissing),
    )
    async def mine(
        self,
        *,
        actor: Caller,
        work: Work,
        external_ref: Annotated[
            str | None, QueryParameter(max_length=64, description="Only the one that your system calls so")
        ] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[ReportListing]:
        """List your own reports, newest first."""
        require_scope(actor, Scope.REPORTS_READ)
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            rows = await store.of_actor(tx.conn, actor, before, limit + 1, external_ref)
        items = [
            ReportListing(row.id, row.title, row.created_at, row.ticket_number, TicketState(row.ticket_state))
            for row in rows
        ]
        return page_of(items, limit, [row.id for row in rows])

    @get(
        "/{report_id:uuid}",
        operation_id="getReport",
        summary="One of my reports",
        responses=raises(Unauthenticated, NotFound, ScopeMissing),
    )
    async def show(
        self,
        *,
        report_id: FromPath[UUID],
        actor: Caller,
        work: Work,
    ) -> ReportView:
        """Show one of your own reports, with its ticket's number and state."""
        city = work.part(City)
        require_scope(actor, Scope.REPORTS_READ)
        async with work.read(actor) as tx:
            report = await service.report_of(tx, report_id)
            ticket = await ticket_store.by_id(tx.conn, report.ticket_id)
            client = actor.id if actor.kind is ActorKind.CLIENT else None
            reference = await references.of_report(tx.conn, client, report.id) if client else None
        if ticket is None:
            raise NotFound(what="report")
        return ReportView(
            id=report.id,
            title=report.title,
            text=report.text,
            place=report.place,
            position=_position(report),
            areas=area_refs(city, report.area),
            photo_ids=list(report.photos),
            category=category_ref(city, ticket.category),
            channel=report.channel,
            created_at=report.created_at,
            ticket_number=ticket.number,
            ticket_state=ticket.state,
            external_ref=reference,
            channel_status=channel_status(city, actor.channel, ticket.state, _locale(work)) if client else None,
        )


def _locale(work: UnitOfWork) -> str:
    return preferred_locale(work.request.headers.get("accept-language"))


def _position(report: Report) -> Position | None:
    if report.lat is None or report.lon is None:
        return None
    return Position(report.lat, report.lon, Datum.WGS84)

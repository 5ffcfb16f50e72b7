"""`/v1/insights`: figures for centers, auditors and department leads."""

from datetime import date
from typing import Annotated

import redis.asyncio as redis
from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.read_model import City
from citizen_gateway.insights import exclusions, exporting, screens, service
from citizen_gateway.insights.errors import (
    AlreadyExcluded,
    AreaNeeded,
    ExportTooLarge,
    ForeignFigures,
    FormatUnavailable,
    NotExcluded,
    PeriodReversed,
    PeriodTooWide,
    ReasonMissing,
    UnknownArea,
    UnknownPeriod,
)
from citizen_gateway.insights.exporting import CSV, PARQUET, Exported
from citizen_gateway.insights.figures import Grouping
from citizen_gateway.insights.overview import Overview
from citizen_gateway.insights.rights import sees_votes
from citizen_gateway.insights.schema import ExcludeTicket, ExclusionView, Figures, IncludeTicket
from citizen_gateway.insights.service import Apart, Asked
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.i18n import preferred_locale
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import BadTicketNumber, Outrun, UnknownCategory, UnknownDepartment

Period = Annotated[
    str | None,
    QueryParameter(
        description="A day (2026-11-22), week (2026-W47), month (2026-11), quarter (2026-Q4) or year (2026)"
    ),
]
First = Annotated[date | None, QueryParameter(name="from", description="The first day, in place of a period")]
Last = Annotated[date | None, QueryParameter(name="to", description="The last day, included; today where not named")]
Department = Annotated[str | None, QueryParameter(description="Only this department's")]
InArea = Annotated[str | None, QueryParameter(name="area", description="Only in this area, of whatever level")]
OfCategory = Annotated[str | None, QueryParameter(name="category", description="Only of this category")]
OfChannel = Annotated[Channel | None, QueryParameter(name="channel", description="Only of this channel")]

_REACH = (Unauthenticated, RoleMissing, ForeignFigures, UnknownDepartment, UnknownArea)
_ASKED = (*_REACH, UnknownPeriod, PeriodReversed, PeriodTooWide)
_EXCLUDING = (Unauthenticated, RoleMissing, NotFound, BadTicketNumber, ReasonMissing, Outrun)


class FigureController(Controller):
    """Figures."""

    path = "/v1/insights"
    tags = ("insights",)

    @get(
        "/figures",
        operation_id="getFigures",
        summary="The figures of a period",
        responses=raises(*_ASKED, UnknownCategory, AreaNeeded),
    )
    async def figures(  # noqa: PLR0913 - each is one parameter of the query
        self,
        *,
        actor: Caller,
        work: Work,
        period: Period = None,
        first: First = None,
        last: Last = None,
        department: Department = None,
        area: InArea = None,
        category: OfCategory = None,
        channel: OfChannel = None,
        by: Annotated[Grouping | None, QueryParameter(description="By what to tell them apart")] = None,
        level: Annotated[
            AreaLevel | None,
            QueryParameter(description="By area: at which level; right below the area where not named"),
        ] = None,
    ) -> Figures:
        """Count the last thirty days, or those named: the three rates, times, returns and what was overdue.

        Always before and after exclusion. A center sees its area, a lead their department, an auditor what their right
        names.
        """
        asked = Asked(period, first, last, department, area, category, channel.value if channel else None)
        apart = Apart(by, level) if by else None
        city = work.part(City)
        async with work.read(actor) as tx:
            selection = service.selection_of(tx, city, asked)
            return await service.figures(tx, city, selection, apart, language_of(work))

    @get(
        "/overview",
        operation_id="getOverview",
        summary="One screen: today, the last thirty days, and what presses",
        responses=raises(*_REACH),
    )
    async def overview(
        self, *, actor: Caller, work: Work, department: Department = None, area: InArea = None
    ) -> Overview:
        """Give everything an operator's or a lead's screen needs at once, at most half a minute old."""
        city = work.part(City)
        async with work.read(actor) as tx:
            selection = service.selection_of(tx, city, Asked(department=department, area=area))
            return await screens.screen(tx, work.part(redis.Redis), city, selection, language_of(work))

    @get(
        "/export.csv",
        operation_id="exportCsv",
        summary="One line for each ticket, as CSV",
        media_type=CSV,
        responses=raises(*_ASKED, ExportTooLarge),
    )
    async def export_csv(
        self,
        *,
        actor: Caller,
        work: Work,
        period: Period = None,
        first: First = None,
        last: Last = None,
        department: Department = None,
        area: InArea = None,
    ) -> Response[bytes]:
        """Export the tickets opened in a period, without a citizen's words: UTF-8, with a header."""
        rows = await _exported(work, actor, Asked(period, first, last, department, area))
        return _file(exporting.as_csv(rows), CSV, "tickets.csv")

    @get(
        "/export.parquet",
        operation_id="exportParquet",
        summary="One row for each ticket, as Parquet",
        media_type=PARQUET,
        responses=raises(*_ASKED, ExportTooLarge, FormatUnavailable),
    )
    async def export_parquet(
        self,
        *,
        actor: Caller,
        work: Work,
        period: Period = None,
        first: First = None,
        last: Last = None,
        department: Department = None,
        area: InArea = None,
    ) -> Response[bytes]:
        """Export the tickets opened in a period, without a citizen's words; needs a server with pyarrow."""
        rows = await _exported(work, actor, Asked(period, first, last, department, area))
        return _file(exporting.as_parquet(rows), PARQUET, "tickets.parquet")


class ExclusionController(Controller):
    """Exclusions."""

    path = "/v1/insights/exclusions"
    tags = ("insights",)

    @get(
        operation_id="listExclusions",
        summary="Tickets left out of the figures",
        responses=raises(*_REACH, BadCursor),
    )
    async def listed(
        self,
        *,
        actor: Caller,
        work: Work,
        department: Department = None,
        area: InArea = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[ExclusionView]:
        """List the tickets that are left out, why, by whom and since when."""
        after = decode_cursor(cursor) if cursor else None
        city = work.part(City)
        async with work.read(actor) as tx:
            selection = service.selection_of(tx, city, Asked(department=department, area=area))
            found = await exclusions.listed(tx.conn, selection, after, limit + 1)
        return page_of([one.view for one in found], limit, [one.id for one in found])

    @post(
        operation_id="excludeTicket",
        summary="Leave a ticket out of the figures",
        responses=raises(*_EXCLUDING, AlreadyExcluded),
    )
    async def exclude(self, *, data: JSONBody[ExcludeTicket], actor: Caller, work: Work) -> Response[ExclusionView]:
        """Leave a ticket of your area out of the figures after exclusion, for a reason that its timeline keeps."""
        city = work.part(City)

        async def keep(tx: Transaction) -> ExclusionView:
            return await exclusions.exclude(tx, city, data.ticket, data.reason)

        return await work.once(actor, keep, status=201)

    @post(
        "/{number:str}/lift",
        operation_id="includeTicket",
        summary="Let a ticket count again",
        status_code=200,
        responses=raises(*_EXCLUDING, NotExcluded),
    )
    async def include(
        self, *, number: FromPath[str], data: JSONBody[IncludeTicket], actor: Caller, work: Work
    ) -> Response[ExclusionView]:
        """Let an excluded ticket of your area count again, for a reason that its timeline keeps."""
        city = work.part(City)

        async def keep(tx: Transaction) -> ExclusionView:
            return await exclusions.include(tx, city, number, data.reason)

        return await work.once(actor, keep)


def language_of(work: UnitOfWork) -> str:
    """Return the language in which the caller reads."""
    return preferred_locale(work.request.headers.get("accept-language"))


async def _exported(work: UnitOfWork, actor: Actor, asked: Asked) -> list[Exported]:
    city = work.part(City)
    async with work.read(actor) as tx:
        rows = await exporting.rows(tx.conn, city, service.selection_of(tx, city, asked))
    if len(rows) > exporting.MOST_ROWS:
        raise ExportTooLarge(most=exporting.MOST_ROWS)
    return rows if sees_votes(actor) else exporting.without_votes(rows)


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)

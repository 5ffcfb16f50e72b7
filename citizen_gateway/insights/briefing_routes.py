"""`/v1/insights`: hot spots and daily briefings."""

import asyncio
from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller, Response, get
from litestar.params import QueryParameter

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.insights import mornings, service
from citizen_gateway.insights.briefing import CITY, Briefing
from citizen_gateway.insights.briefing_html import as_html
from citizen_gateway.insights.briefing_png import as_png
from citizen_gateway.insights.briefing_text import as_text
from citizen_gateway.insights.errors import (
    ForeignFigures,
    FormatUnavailable,
    UnknownArea,
    UnknownCenter,
    UnknownPeriod,
)
from citizen_gateway.insights.hotspots import HotSpot, hotspots
from citizen_gateway.insights.routes import Department, InArea, language_of
from citizen_gateway.insights.service import Asked
from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.http import Caller, UnitOfWork, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import UnknownDepartment

Center = Annotated[str, QueryParameter(description="The code of a district, zone or street, or `city`")]
Day = Annotated[date | None, QueryParameter(name="date", description="The day told of; yesterday where not named")]

_BRIEFED = raises(Unauthenticated, RoleMissing, ForeignFigures, UnknownCenter, UnknownPeriod)
_TEXT, _HTML, _PNG = "text/plain", "text/html", "image/png"
_PRIVATE = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class HotSpots(msgspec.Struct, frozen=True):
    """Hot spots at the end of a day, the most striking first."""

    day: date
    items: list[HotSpot]


class BriefingController(Controller):
    """Hot spots and briefings."""

    path = "/v1/insights"
    tags = ("insights",)

    @get(
        "/hotspots",
        operation_id="listHotSpots",
        summary="Bursts of place × topic × time",
        responses=raises(Unauthenticated, RoleMissing, ForeignFigures, UnknownDepartment, UnknownArea, UnknownPeriod),
    )
    async def hotspots(
        self,
        *,
        actor: Caller,
        work: Work,
        day: Annotated[
            date | None, QueryParameter(name="date", description="Their last day; today where not named")
        ] = None,
        department: Department = None,
        area: InArea = None,
    ) -> HotSpots:
        """List where more was reported of something than the past of place and topic explains, with the tickets."""
        city = work.part(City)
        async with work.read(actor) as tx:
            chosen = day or service.today(tx, city)
            selection = service.selection_of(
                tx, city, Asked(first=chosen, last=chosen, department=department, area=area)
            )
            return HotSpots(chosen, await hotspots(tx.conn, city, selection, language_of(work)))

    @get("/briefing", operation_id="getBriefing", summary="A center's day", responses=_BRIEFED)
    async def briefing(self, *, actor: Caller, work: Work, center: Center = CITY, day: Day = None) -> Briefing:
        """Give a center's briefing of a day, as it was kept that morning or else as it is now."""
        return await _briefing(work, actor, center, day)

    @get(
        "/briefing.txt",
        operation_id="getBriefingText",
        summary="A center's day in words",
        media_type=_TEXT,
        responses=_BRIEFED,
    )
    async def text(self, *, actor: Caller, work: Work, center: Center = CITY, day: Day = None) -> Response[bytes]:
        """Give the briefing as plain text in the caller's language."""
        written = as_text(await _briefing(work, actor, center, day), language_of(work))
        return Response(written.encode(), media_type=_TEXT, headers=_PRIVATE)

    @get(
        "/briefing.html",
        operation_id="getBriefingPage",
        summary="A center's day as a page",
        media_type=_HTML,
        responses=_BRIEFED,
    )
    async def page(self, *, actor: Caller, work: Work, center: Center = CITY, day: Day = None) -> Response[bytes]:
        """Give the briefing as an HTML page with charts that needs nothing else."""
        written = as_html(await _briefing(work, actor, center, day), language_of(work))
        return Response(written.encode(), media_type=_HTML, headers=_PRIVATE)

    @get(
        "/briefing.png",
        operation_id="getBriefingPicture",
        summary="A center's day as a picture",
        media_type=_PNG,
        responses=_BRIEFED | raises(FormatUnavailable),
    )
    async def picture(self, *, actor: Caller, work: Work, center: Center = CITY, day: Day = None) -> Response[bytes]:
        """Give the briefing's charts as a PNG picture; needs a server with matplotlib."""
        found = await _briefing(work, actor, center, day)
        drawn = await asyncio.to_thread(as_png, found, language_of(work))
        return Response(drawn, media_type=_PNG, headers=_PRIVATE)


async def _briefing(work: UnitOfWork, actor: Actor, center: str, day: date | None) -> Briefing:
    city = work.part(City)
    async with work.read(actor) as tx:
        return await mornings.briefing(tx, city, center, day, language_of(work))

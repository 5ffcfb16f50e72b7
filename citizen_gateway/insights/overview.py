"""Everything one screen of an operator or a lead needs, in one answer."""

from datetime import date, datetime, timedelta

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import open_work, questions
from citizen_gateway.insights.figures import BeforeAfter, Grouping
from citizen_gateway.insights.forecast import ForecastDay, forecast
from citizen_gateway.insights.hotspots import HotSpot, hotspots
from citizen_gateway.insights.open_work import OpenWork, TicketLine
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.rights import sees_votes
from citizen_gateway.insights.schema import FigureGroup, SelectionView
from citizen_gateway.insights.service import areas_told_apart, name_of, sort, today, view
from citizen_gateway.platform.db import Transaction

DAYS = 30
_EACH = (Grouping.DEPARTMENT, Grouping.CATEGORY, Grouping.CHANNEL, Grouping.DAY)
_TREND = 14
_GROUPS = 12
_LINES = 10
AHEAD = 7


class Overview(msgspec.Struct, frozen=True):
    """The screen: today beside yesterday, the last thirty days beside those before, and what presses now.

    `selection` names the last thirty days; groups are of these days, at most twelve of a kind.
    """

    at: datetime
    selection: SelectionView
    open: OpenWork
    today: BeforeAfter
    yesterday: BeforeAfter
    recent: BeforeAfter
    earlier: BeforeAfter
    trend: list[FigureGroup]
    departments: list[FigureGroup]
    areas: list[FigureGroup]
    categories: list[FigureGroup]
    channels: list[FigureGroup]
    hotspots: list[HotSpot]
    forecast: list[ForecastDay]
    urgent: list[TicketLine]
    worst_rated: list[TicketLine]


async def overview(tx: Transaction, city: City, selection: Selection, language: str) -> Overview:
    """Return the screen of a selection's department or area; its days are those up to today.

    How single tickets were rated is shown to centers and auditors alone.
    """
    votes = sees_votes(tx.actor)
    conn, now = tx.conn, today(tx, city)
    recent = _days(selection, now - timedelta(days=DAYS - 1), now)
    earlier = _days(selection, now - timedelta(days=2 * DAYS - 1), now - timedelta(days=DAYS))

    def groups(by: Grouping, found: dict[str, BeforeAfter]) -> list[FigureGroup]:
        return [FigureGroup(key, name_of(city, by, key, language), both) for key, both in sort(by, found)]

    codes = [area.code for area in areas_told_apart(city, recent, None)]
    areas = await questions.figures(conn, recent, Grouping.AREA, codes)
    each = await questions.figures_by_each(conn, recent, _EACH)
    days, trend = each[Grouping.DAY], (now - timedelta(days=_TREND - 1)).isoformat()

    return Overview(
        at=tx.now,
        selection=view(recent),
        open=await open_work.open_work(conn, selection, tx.now),
        today=days.get(now.isoformat(), questions.nothing()),
        yesterday=days.get((now - timedelta(days=1)).isoformat(), questions.nothing()),
        recent=each[None][""],
        earlier=(await questions.figures(conn, earlier))[""],
        trend=groups(Grouping.DAY, {day: both for day, both in days.items() if day >= trend}),
        departments=groups(Grouping.DEPARTMENT, each[Grouping.DEPARTMENT])[:_GROUPS],
        areas=groups(Grouping.AREA, areas)[:_GROUPS],
        categories=groups(Grouping.CATEGORY, each[Grouping.CATEGORY])[:_GROUPS],
        channels=groups(Grouping.CHANNEL, each[Grouping.CHANNEL])[:_GROUPS],
        hotspots=await hotspots(conn, city, _days(selection, now, now), language),
        forecast=await forecast(conn, _days(selection, now, now + timedelta(days=AHEAD - 1))),
        urgent=_shown(await open_work.urgent(conn, selection, _LINES), votes=votes),
        worst_rated=await open_work.worst_rated(conn, _days(selection, now - timedelta(days=6), now), _LINES)
        if votes
        else [],
    )


def _shown(lines: list[TicketLine], *, votes: bool) -> list[TicketLine]:
    return lines if votes else [msgspec.structs.replace(line, worst=None) for line in lines]


def _days(selection: Selection, first: date, last: date) -> Selection:
    return msgspec.structs.replace(selection, first=first, last=last)

"""Everything one screen of an operator or a lead needs, in one answer."""

from datetime import date, datetime, timedelta

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import open_work, questions
from citizen_gateway.insights.figures import BeforeAfter, Grouping
from citizen_gateway.insights.open_work import DueDay, OpenWork, TicketLine
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.schema import FigureGroup, SelectionView
from citizen_gateway.insights.service import areas_told_apart, name_of, sort, today, view
from citizen_gateway.platform.db import Transaction

DAYS = 30
_TREND = 14
_GROUPS = 12
_LINES = 10
_AHEAD = 7


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
    due: list[DueDay]
    urgent: list[TicketLine]
    worst_rated: list[TicketLine]


async def overview(tx: Transaction, city: City, selection: Selection, language: str) -> Overview:
    """Return the screen of a selection's department or area; its days are those up to today."""
    conn, now = tx.conn, today(tx, city)
    recent = _days(selection, now - timedelta(days=DAYS - 1), now)
    earlier = _days(selection, now - timedelta(days=2 * DAYS - 1), now - timedelta(days=DAYS))

    async def total(chosen: Selection) -> BeforeAfter:
        return (await questions.figures(conn, chosen))[""]

    async def groups(by: Grouping, chosen: Selection = recent) -> list[FigureGroup]:
        codes = [area.code for area in areas_told_apart(city, chosen, None)] if by is Grouping.AREA else ()
        found = sort(by, await questions.figures(conn, chosen, by, codes))
        return [FigureGroup(key, name_of(city, by, key, language), both) for key, both in found]

    return Overview(
        at=tx.now,
        selection=view(recent),
        open=await open_work.open_work(conn, selection, tx.now),
        today=await total(_days(selection, now, now)),
        yesterday=await total(_days(selection, now - timedelta(days=1), now - timedelta(days=1))),
        recent=await total(recent),
        earlier=await total(earlier),
        trend=await groups(Grouping.DAY, _days(selection, now - timedelta(days=_TREND - 1), now)),
        departments=(await groups(Grouping.DEPARTMENT))[:_GROUPS],
        areas=(await groups(Grouping.AREA))[:_GROUPS],
        categories=(await groups(Grouping.CATEGORY))[:_GROUPS],
        channels=(await groups(Grouping.CHANNEL))[:_GROUPS],
        due=await open_work.due_days(conn, _days(selection, now, now + timedelta(days=_AHEAD - 1))),
        urgent=await open_work.urgent(conn, selection, _LINES),
        worst_rated=await open_work.worst_rated(conn, _days(selection, now - timedelta(days=6), now), _LINES),
    )


def _days(selection: Selection, first: date, last: date) -> Selection:
    return msgspec.structs.replace(selection, first=first, last=last)

"""What a center is told in the morning of the day before: counts, the slowest, the worst rated, hot spots, what is due.

It names tickets by number, category, area and department, never by a citizen's words, so that it may be kept.
"""

from datetime import date, datetime, timedelta

import msgspec

from citizen_gateway.city.model import AreaCode, AreaLevel, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.insights import open_work, questions
from citizen_gateway.insights.errors import UnknownCenter
from citizen_gateway.insights.figures import BeforeAfter, Grouping
from citizen_gateway.insights.forecast import ForecastDay, forecast
from citizen_gateway.insights.hotspots import HotSpot, hotspots
from citizen_gateway.insights.hotspots import named as named_spot
from citizen_gateway.insights.open_work import OpenWork, TicketLine
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.rights import Reach
from citizen_gateway.insights.schema import FigureGroup
from citizen_gateway.insights.service import name_of, selected, sort
from citizen_gateway.platform.db import Transaction

CITY = "city"
"""The center of the whole city."""

LEVELS = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET)
_WEEK = 7
_TREND = 14
_AHEAD = 7
_GROUPS = 10
_LINES = 10


class BriefLine(msgspec.Struct, frozen=True):
    """A ticket in a briefing; `worst` is the lowest rating it was given."""

    number: str
    state: str
    category: str | None
    category_name: str
    area: str | None
    area_name: str
    department: str | None
    department_name: str
    emergency: bool
    opened_at: datetime
    resolve_due: datetime | None
    worst: int | None


class Briefing(msgspec.Struct, frozen=True):
    """One center's day. Figures of the day stand beside those of the day before, the week's beside the week before.

    `open`, `slowest` and `forecast` are of the moment at which it was made.
    """

    center: str
    center_name: str
    day: date
    timezone: str
    made_at: datetime
    today: BeforeAfter
    day_before: BeforeAfter
    week: BeforeAfter
    week_before: BeforeAfter
    open: OpenWork
    trend: list[FigureGroup]
    categories: list[FigureGroup]
    departments: list[FigureGroup]
    slowest: list[BriefLine]
    worst_rated: list[BriefLine]
    hotspots: list[HotSpot]
    forecast: list[ForecastDay]


def area_of(city: City, center: str) -> AreaCode | None:
    """Return the area a center looks after, none for the whole city. Raises `UnknownCenter`."""
    if center == CITY:
        return None
    area = city.areas.get(AreaCode(center))
    if area is None or area.level not in LEVELS:
        raise UnknownCenter(center=center)
    return area.code


def centers(city: City) -> list[str]:
    """Return all centers: the city's, and one for each district, zone and street."""
    return [CITY, *(area.code for area in city.areas_of(*LEVELS))]


async def make(tx: Transaction, city: City, center: str, day: date, language: str) -> Briefing:
    """Make a center's briefing of a day. Raises `UnknownCenter`."""
    area, conn = area_of(city, center), tx.conn
    reach = Reach(area=area)

    def days(first: date, last: date) -> Selection:
        return selected(city, reach, first, last)

    async def total(first: date, last: date) -> BeforeAfter:
        return (await questions.figures(conn, days(first, last)))[""]

    async def groups(by: Grouping, first: date) -> list[FigureGroup]:
        found = sort(by, await questions.figures(conn, days(first, day), by))
        return [FigureGroup(key, key, both) for key, both in found]

    def back(count: int) -> date:
        return day - timedelta(days=count)

    now = days(day, day)
    week = days(back(_WEEK - 1), day)
    slowest = await open_work.slowest(conn, now, _LINES)
    worst = await open_work.worst_rated(conn, week, _LINES)
    briefing = Briefing(
        center=center,
        center_name="",
        day=day,
        timezone=city.timezone,
        made_at=tx.now,
        today=await total(day, day),
        day_before=await total(back(1), back(1)),
        week=await total(back(_WEEK - 1), day),
        week_before=await total(back(2 * _WEEK - 1), back(_WEEK)),
        open=await open_work.open_work(conn, now, tx.now),
        trend=_every_day(await groups(Grouping.DAY, back(_TREND - 1)), back(_TREND - 1), day),
        categories=(await groups(Grouping.CATEGORY, back(_WEEK - 1)))[:_GROUPS],
        departments=(await groups(Grouping.DEPARTMENT, back(_WEEK - 1)))[:_GROUPS],
        slowest=[_line(line) for line in slowest],
        worst_rated=[_line(line) for line in worst],
        hotspots=await hotspots(conn, city, now, language),
        forecast=await forecast(conn, days(day + timedelta(days=1), day + timedelta(days=_AHEAD))),
    )
    return in_language(briefing, city, language)


def in_language(briefing: Briefing, city: City, language: str) -> Briefing:
    """Return a briefing with everything named in a language; it is kept by its codes."""

    def groups(by: Grouping, several: list[FigureGroup]) -> list[FigureGroup]:
        return [msgspec.structs.replace(group, name=name_of(city, by, group.key, language)) for group in several]

    def lines(several: list[BriefLine]) -> list[BriefLine]:
        return [_named(line, city, language) for line in several]

    area = area_of(city, briefing.center)
    return msgspec.structs.replace(
        briefing,
        center_name=city.areas[area].name if area else city.name,
        categories=groups(Grouping.CATEGORY, briefing.categories),
        departments=groups(Grouping.DEPARTMENT, briefing.departments),
        slowest=lines(briefing.slowest),
        worst_rated=lines(briefing.worst_rated),
        hotspots=[named_spot(spot, city, language) for spot in briefing.hotspots],
    )


def _line(line: TicketLine) -> BriefLine:
    kept = {name: value for name, value in msgspec.structs.asdict(line).items() if name in BriefLine.__struct_fields__}
    return BriefLine(**kept, category_name="", area_name="", department_name="")


def _named(line: BriefLine, city: City, language: str) -> BriefLine:
    chinese = language.startswith("zh")
    category = city.categories.get(CategoryCode(line.category or ""))
    department = city.departments.get(DepartmentCode(line.department or ""))
    area = city.areas.get(AreaCode(line.area)) if line.area else None
    return msgspec.structs.replace(
        line,
        category_name=(category.name if chinese else category.name_en) if category else line.category or "",
        department_name=(department.name if chinese else department.name_en) if department else line.department or "",
        area_name=area.name if area else line.area or "",
    )


def _every_day(found: list[FigureGroup], first: date, last: date) -> list[FigureGroup]:
    """Return a group for each day, also for one on which nothing happened."""
    by_day = {group.key: group for group in found}
    nothing = questions.nothing()
    days = ((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))
    return [by_day.get(day) or FigureGroup(day, day, nothing) for day in days]

"""Hot spots: bursts of place × topic × time with the tickets they consist of, and the hours in which they gather."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.city.model import Area, AreaCode, AreaLevel
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.bursts import LEAST, WEEKS, Burst, Surroundings, Tally, find_bursts
from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.platform.db import Connection

LEVELS = (AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.DEDICATED)
_EVIDENCE = 30
_SAME_SHARE = 0.8
_BAND_HOURS = 3
_BAND_LEAST = 5
_COUNTED = "not c.excluded and c.state <> 'merged'"


class Evidence(msgspec.Struct, frozen=True):
    """One of the tickets a hot spot consists of."""

    number: str
    opened_at: datetime
    area: str | None
    state: str


class PeakHours(msgspec.Struct, frozen=True):
    """The three hours of the day, from `start` in the city's time, with the largest share of the tickets."""

    start: int
    share: float


class HotSpot(msgspec.Struct, frozen=True):
    """A burst of tickets of one category in one area, in the last `days`; see `Burst` for the figures."""

    area: str
    area_name: str
    category: str
    category_name: str
    days: int
    observed: int
    expected: float
    past: tuple[int, ...]
    p_value: float
    q_value: float
    peak: PeakHours | None
    evidence: tuple[Evidence, ...]


async def hotspots(conn: Connection, city: City, selection: Selection, language: str) -> list[HotSpot]:
    """Return the hot spots at the end of a selection's last day, the most striking first."""
    places = _places(city, selection)
    tallies = await _tallies(conn, selection, [area.code for area in places])
    levels = Counter(area.level for area in places)
    most = max(levels.values(), default=1)  # a dedicated area is small, and there are few: it is one of the finest
    around = Surroundings(
        usual=await _usual(conn, selection),
        peers={str(area.code): most if area.level is AreaLevel.DEDICATED else levels[area.level] for area in places},
        above={str(area.code): [one.code for one in city.area_path(area.code)[1:]] for area in places},
        cells=len(places) * len(city.categories),
    )
    bursts = find_bursts(tallies, around)
    found: list[HotSpot] = []
    for burst in bursts:
        spot = await _spot(conn, city, selection, burst, language)
        if not _told_already(spot, found):
            found.append(spot)
    return found


def _told_already(spot: HotSpot, found: Sequence[HotSpot]) -> bool:
    """Whether most of its tickets are those of another one: a dedicated area lies across streets."""
    told = {one.number for other in found if other.category == spot.category for one in other.evidence}
    return sum(one.number in told for one in spot.evidence) >= _SAME_SHARE * len(spot.evidence)


def _places(city: City, selection: Selection) -> Sequence[Area]:
    outer = selection.areas
    inside = city.areas_of(*LEVELS)
    if outer is None:
        return inside
    return [area for area in inside if any(one.code in outer for one in city.area_path(area.code))]


async def _tallies(conn: Connection, selection: Selection, places: list[str]) -> list[Tally]:
    """Count the cells that have enough tickets in the present week, week by week and day by day."""
    cells = await _cells(conn, selection, places)
    if not cells:
        return []
    conditions = Conditions(selection)
    end, start, back = _past(conditions)
    codes = conditions.value([code for code, _ in cells], "text[]")
    categories = conditions.value([category for _, category in cells], "text[]")
    rows = await conn.fetch(
        f"""
        select code, category, array_agg(back) as days_back
        from (
            select place.code, c.category, {back} as back
            from insight_case c cross join lateral unnest(c.areas) place (code)
            where c.opened_at >= {start} and c.opened_at < {end} and {_COUNTED} and {conditions.within("c.department")}
            offset 0 -- joined by both at once: by category alone each ticket meets many cells
        ) opened join unnest({codes}, {categories}) cell (code, category) using (code, category)
        group by 1, 2 order by 1, 2
        """,
        *conditions.values,
    )
    return [
        Tally(code, category, back // 7, back % 7, tickets)
        for code, category, days_back in rows
        for back, tickets in sorted(Counter(days_back).items())
    ]


async def _cells(conn: Connection, selection: Selection, places: list[str]) -> list[tuple[str, str]]:
    """Return the cells that have enough tickets in the present week."""
    conditions = Conditions(selection)
    end = conditions.value(selection.end, "timestamptz")
    week = conditions.value(selection.end - timedelta(days=7), "timestamptz")
    rows = await conn.fetch(
        f"""
        select place.code, c.category
        from insight_case c cross join lateral unnest(c.areas) place (code)
        where c.opened_at >= {week} and c.opened_at < {end} and c.category is not null
          and {_COUNTED} and {conditions.within("c.department")}
        group by 1, 2 having count(*) >= {LEAST}
        """,
        *conditions.values,
    )
    known = set(places)
    return [(row["code"], row["category"]) for row in rows if row["code"] in known]


async def _usual(conn: Connection, selection: Selection) -> dict[str, list[int]]:
    """Count the tickets of the weeks before by topic and day."""
    conditions = Conditions(selection)
    _, start, back = _past(conditions)
    week = conditions.value(selection.end - timedelta(days=7), "timestamptz")
    rows = await conn.fetch(
        f"""
        select c.category, {back} % 7 as day, count(*)::int as tickets
        from insight_case c
        where c.opened_at >= {start} and c.opened_at < {week} and c.category is not null and {_COUNTED}
          and {conditions.within("c.department")}
        group by 1, 2
        """,
        *conditions.values,
    )
    usual: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
    for category, day, tickets in rows:
        usual[category][day] = tickets
    return usual


def _past(conditions: Conditions) -> tuple[str, str, str]:
    """Return how the end, the beginning, and the days back from the end are written."""
    last = conditions.selection.end
    end = conditions.value(last, "timestamptz")
    start = conditions.value(last - timedelta(days=7 * (WEEKS + 1)), "timestamptz")
    return end, start, f"floor(extract(epoch from {end} - c.opened_at - interval '1 microsecond') / 86400)::int"


async def _spot(conn: Connection, city: City, selection: Selection, burst: Burst, language: str) -> HotSpot:
    narrowed = msgspec.structs.replace(
        selection,
        first=selection.last - timedelta(days=burst.days - 1),
        areas=frozenset({burst.area}),
        category=burst.topic,
    )
    conditions = Conditions(narrowed)
    rows = await conn.fetch(
        f"""
        select coalesce(t.number, c.ticket_id::text) as number, c.opened_at, c.area, c.state
        from insight_case c left join ticket t on t.id = c.ticket_id
        where {conditions.during("c.opened_at")} and {conditions.within("c.department")} and {_COUNTED}
        order by c.opened_at desc, 1
        """,
        *conditions.values,
    )
    evidence = tuple(Evidence(**dict(row)) for row in rows)
    shown = msgspec.structs.asdict(burst)
    shown["category"] = shown.pop("topic")
    spot = HotSpot(
        **shown, area_name="", category_name="", peak=peak_hours(evidence, city), evidence=evidence[:_EVIDENCE]
    )
    return named(spot, city, language)


def named(spot: HotSpot, city: City, language: str) -> HotSpot:
    """Return a hot spot with the names of its area and category in a language."""
    area = city.areas.get(AreaCode(spot.area))
    category = next((one for code, one in city.categories.items() if code == spot.category), None)
    return msgspec.structs.replace(
        spot,
        area_name=area.name if area else spot.area,
        category_name=(category.name if language.startswith("zh") else category.name_en) if category else spot.category,
    )


def peak_hours(evidence: Sequence[Evidence], city: City) -> PeakHours | None:
    """Return the band of hours in which the tickets gather; nothing for too few to say."""
    if len(evidence) < _BAND_LEAST:
        return None
    zone = ZoneInfo(city.timezone)
    hours = Counter(one.opened_at.astimezone(zone).hour for one in evidence)
    bands = {start: sum(hours[(start + n) % 24] for n in range(_BAND_HOURS)) for start in range(24)}
    start = max(bands, key=lambda hour: (bands[hour], -hour))
    return PeakHours(start, round(bands[start] / len(evidence), 4))

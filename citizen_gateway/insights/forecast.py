"""What becomes due in the coming days, and how much of it will probably be late: by how late departments were."""

from collections import defaultdict
from datetime import timedelta

import msgspec

from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.platform.db import Connection

LOOK_BACK = timedelta(days=90)
_WEIGHT = 5
"""By how many tickets a department's own share of late ones is drawn to that of all: a new one has none of its own."""


class ForecastDay(msgspec.Struct, frozen=True):
    """A day of the city: how many limits to accept and to resolve end in it, and how many of these probably late."""

    day: str
    accept: int
    resolve: int
    expected_late: float


async def forecast(conn: Connection, selection: Selection) -> list[ForecastDay]:
    """Return the coming days, each by the limits that end in it; the selection names them."""
    late = await _late_shares(conn, selection)
    accept: dict[str, int] = defaultdict(int)
    resolve: dict[str, int] = defaultdict(int)
    expected: dict[str, float] = defaultdict(float)
    for row in await _due(conn, selection):
        if row.clock == "accept":
            accept[row.day] += row.tickets
        else:
            resolve[row.day] += row.tickets
            expected[row.day] += row.tickets * late.get(row.department or "", late[""])
    length = (selection.last - selection.first).days + 1
    days = [(selection.first + timedelta(days=n)).isoformat() for n in range(length)]
    return [ForecastDay(day, accept[day], resolve[day], round(expected[day], 2)) for day in days]


class _Due(msgspec.Struct, frozen=True):
    day: str
    clock: str
    department: str | None
    tickets: int


async def _due(conn: Connection, selection: Selection) -> list[_Due]:
    conditions = Conditions(selection)
    zone = conditions.value(selection.timezone, "text")
    ends = " union all ".join(
        f"""
        select c.{clock}_due as at, '{clock}' as clock, c.department from insight_case c
        where {conditions.during(f"c.{clock}_due")} and {conditions.within("c.department")}
        """
        for clock in ("accept", "resolve")
    )
    rows = await conn.fetch(
        f"""
        select to_char(due.at at time zone {zone}, 'YYYY-MM-DD') as day, due.clock, due.department,
               count(*)::int as tickets
        from ({ends}) due
        group by 1, 2, 3 order by 1, 2, 3
        """,
        *conditions.values,
    )
    return [msgspec.convert(dict(row), _Due) for row in rows]


async def _late_shares(conn: Connection, selection: Selection) -> dict[str, float]:
    """Return the share of late resolutions by department, of all under the empty name."""
    conditions = Conditions(selection)
    start = conditions.value(selection.start - LOOK_BACK, "timestamptz")
    end = conditions.value(selection.start, "timestamptz")
    rows = await conn.fetch(
        f"""
        select c.department, count(*)::int as resolved, count(c.resolve_overdue_at)::int as late
        from insight_turn c
        where c.resolved_at >= {start} and c.resolved_at < {end} and {conditions.within("c.department")}
        group by 1 order by 1
        """,
        *conditions.values,
    )
    resolved, late = sum(row["resolved"] for row in rows), sum(row["late"] for row in rows)
    share = late / resolved if resolved else 0.0
    by_department = {row["department"]: (row["late"] + _WEIGHT * share) / (row["resolved"] + _WEIGHT) for row in rows}
    return {"": share} | by_department

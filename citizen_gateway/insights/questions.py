"""What is asked of the read model for figures: one statement for each moment at which something counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.insights.figures import ACCEPTED, ANSWERED, CASES, VOTES, BeforeAfter, Grouping, numbers
from citizen_gateway.platform.db import Connection

_COUNT = "count(*)"
_UNITS = {
    Grouping.DAY: "YYYY-MM-DD",
    Grouping.WEEK: 'IYYY-"W"IW',
    Grouping.MONTH: "YYYY-MM",
}


class Selection(msgspec.Struct, frozen=True):
    """Which tickets are counted, and in which days of the city, both ends included; none of a kind means all."""

    first: date
    last: date
    timezone: str
    departments: frozenset[str] | None = None
    areas: frozenset[str] | None = None
    category: str | None = None
    channel: str | None = None

    @property
    def start(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time(0), ZoneInfo(self.timezone))

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + timedelta(days=1), time(0), ZoneInfo(self.timezone))


class _Moment(NamedTuple):
    """Something that counts: in which table (`c`), at which instant, and what is counted of it."""

    table: str
    at: str
    counted: Mapping[str, str]
    only: str = "true"


_MOMENTS = (
    _Moment("insight_case", "c.opened_at", CASES),
    _Moment("insight_turn", "c.accepted_at", ACCEPTED),
    _Moment("insight_turn", "c.resolved_at", ANSWERED),
    _Moment("insight_turn", "c.ended_at", {"returned": _COUNT}, "c.ended = 'returned'"),
    _Moment("insight_turn", "c.began_at", {"reopened": _COUNT}, "c.cause = 'reopened'"),
    _Moment("insight_turn", "c.accept_overdue_at", {"accept_overdue": _COUNT}),
    _Moment("insight_turn", "c.resolve_overdue_at", {"resolve_overdue": _COUNT}),
    _Moment("insight_vote", "c.at", VOTES),
)


class _Sides(NamedTuple):
    """How rows are counted before and after exclusion; `join` lets each count on both sides."""

    after: str
    join: str
    only: str


_BOTH_SIDES = _Sides(
    "side.after", "cross join (values (false), (true)) side (after)", "not (side.after and c.excluded)"
)
_ONE_SIDE = _Sides("false", "", "true")


class Conditions:
    """The parameters of a statement, and the words that use them."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.values: list[object] = []

    def value(self, value: object, kind: str) -> str:
        """Take a parameter in and return how the statement names it."""
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def within(self, department: str) -> str:
        """Return the condition that a ticket, or a department's part in it, is of the selection."""
        chosen, words = self.selection, []
        if chosen.departments is not None:
            words.append(f"{department} = any({self.value(sorted(chosen.departments), 'text[]')})")
        if chosen.areas is not None:
            words.append(f"c.areas && {self.value(sorted(chosen.areas), 'text[]')}")
        if chosen.category is not None:
            words.append(f"c.category = {self.value(chosen.category, 'text')}")
        if chosen.channel is not None:
            words.append(f"c.channel = {self.value(chosen.channel, 'text')}")
        return " and ".join(words) or "true"

    def during(self, at: str) -> str:
        """Return the condition that an instant lies in the selection's days."""
        start = self.value(self.selection.start, "timestamptz")
        return f"{at} >= {start} and {at} < {self.value(self.selection.end, 'timestamptz')}"


async def figures(
    conn: Connection, selection: Selection, by: Grouping | None = None, codes: Sequence[str] = ()
) -> dict[str, BeforeAfter]:
    """Return the figures by key, those of everything under the empty key where nothing tells them apart.

    By area, `codes` are the areas wanted; a ticket counts in each of them that it lies in.
    """
    found: dict[tuple[str, bool], dict[str, object]] = {}
    differ = await _any_excluded(conn, selection)
    for moment in _MOMENTS:
        sql, values = _statement(moment, selection, by, codes, sides=_BOTH_SIDES if differ else _ONE_SIDE)
        for row in await conn.fetch(sql, *values):
            found.setdefault((row["key"] or "", row["after"]), {}).update(dict(row))
    keys = dict.fromkeys(sorted({key for key, _ in found})) if by else {"": None}
    return {key: _both(found.get((key, False), {}), found.get((key, differ), {})) for key in keys}


async def figures_by_each(
    conn: Connection, selection: Selection, several: Sequence[Grouping]
) -> dict[Grouping | None, dict[str, BeforeAfter]]:
    """Return the figures as a whole and told apart in several ways, which reads the tickets once; not by area."""
    differ = await _any_excluded(conn, selection)
    found: dict[tuple[Grouping | None, str, bool], dict[str, object]] = {}
    for moment in _MOMENTS:
        sql, values = _statement_by_each(moment, selection, several, sides=_BOTH_SIDES if differ else _ONE_SIDE)
        for row in await conn.fetch(sql, *values):
            by = several[row["way"]] if row["way"] is not None else None
            found.setdefault((by, row["key"] or "", row["after"]), {}).update(dict(row))
    told: dict[Grouping | None, dict[str, BeforeAfter]] = {None: {"": nothing()}} | {by: {} for by in several}
    for by, key in dict.fromkeys((by, key) for by, key, _ in found):
        told[by][key] = _both(found.get((by, key, False), {}), found.get((by, key, differ), {}))
    return told


def _statement_by_each(
    moment: _Moment, selection: Selection, several: Sequence[Grouping], *, sides: _Sides
) -> tuple[str, list[object]]:
    conditions = Conditions(selection)
    counted = ", ".join(f"{expression} as {name}" for name, expression in moment.counted.items())
    where = f"{conditions.during(moment.at)} and {conditions.within('c.department')} and {moment.only}"
    keys = [_key(moment, by, conditions, ())[0] for by in several]
    ways = " ".join(f"when grouping({key}) = 0 then {number}" for number, key in enumerate(keys))
    return (
        f"""
        select case {ways} end as way, coalesce({", ".join(keys)}) as key, {sides.after} as after, {counted}
        from {moment.table} c {sides.join}
        where {where} and {sides.only}
        group by after, grouping sets ((), {", ".join(f"({key})" for key in keys)})
        """,
        conditions.values,
    )


async def _any_excluded(conn: Connection, selection: Selection) -> bool:
    """Whether figures after exclusion can differ: mostly they cannot, and need not be counted a second time."""
    conditions = Conditions(selection)
    where = f"c.excluded and c.opened_at < {conditions.value(selection.end, 'timestamptz')}"
    found: bool = await conn.fetchval(f"select exists (select from insight_case c where {where})", *conditions.values)
    return found


def _both(before: Mapping[str, object], after: Mapping[str, object]) -> BeforeAfter:
    all_of_it = numbers(before)
    without = all_of_it if after is before else numbers(after)
    return BeforeAfter(all_of_it, without, all_of_it.opened - without.opened)


def _statement(
    moment: _Moment, selection: Selection, by: Grouping | None, codes: Sequence[str], *, sides: _Sides
) -> tuple[str, list[object]]:
    conditions = Conditions(selection)
    counted = ", ".join(f"{expression} as {name}" for name, expression in moment.counted.items())
    where = f"{conditions.during(moment.at)} and {conditions.within('c.department')} and {moment.only}"
    key, more = _key(moment, by, conditions, codes)
    return (
        f"""
        select {key} as key, {sides.after} as after, {counted}
        from {moment.table} c {sides.join} {more}
        where {where} and {sides.only}
        group by 1, 2
        """,
        conditions.values,
    )


def _key(moment: _Moment, by: Grouping | None, conditions: Conditions, codes: Sequence[str]) -> tuple[str, str]:
    """Return what tells groups apart, and what must be joined for it."""
    match by:
        case None:
            return "''", ""
        case Grouping.DEPARTMENT:
            return "c.department", ""
        case Grouping.CATEGORY | Grouping.CHANNEL:
            return f"c.{by.value}", ""
        case Grouping.AREA:
            wanted = conditions.value(list(codes), "text[]")
            return "place.code", f"join lateral unnest(c.areas) place (code) on place.code = any({wanted})"
        case _:
            zone = conditions.value(conditions.selection.timezone, "text")
            return f"to_char({moment.at} at time zone {zone}, '{_UNITS[by]}')", ""


def nothing() -> BeforeAfter:
    """Return the figures of a time in which nothing happened."""
    return _both({}, {})

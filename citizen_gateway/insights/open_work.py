"""What is under way now: how much, what is due next, what was rated worst; asked of the read model."""

from datetime import datetime

import msgspec

from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.platform.db import Connection, read_all

_OPEN = "c.state in ('pending', 'assigned', 'accepted', 'in_progress', 'on_hold')"
_LINE = """
    t.number, t.title, c.state, c.department, c.category, c.area, c.emergency, c.opened_at, c.accept_due,
    c.resolve_due, (select min(v.satisfied) from insight_vote v where v.ticket_id = c.ticket_id) as worst
"""


class TicketLine(msgspec.Struct, frozen=True):
    """A ticket in a list, for staff; `worst` is the lowest rating it was given, 1 to 5."""

    number: str
    title: str
    state: str
    department: str | None
    category: str | None
    area: str | None
    emergency: bool
    opened_at: datetime
    accept_due: datetime | None
    resolve_due: datetime | None
    worst: int | None


class OpenWork(msgspec.Struct, frozen=True):
    """How many tickets are in which state now, and what presses."""

    pending: int
    assigned: int
    accepted: int
    in_progress: int
    on_hold: int
    resolved: int
    emergencies: int
    supervised: int
    urged: int
    accept_overdue: int
    resolve_overdue: int


async def open_work(conn: Connection, selection: Selection, now: datetime) -> OpenWork:
    """Count what is open now; the selection's days do not matter."""
    conditions = Conditions(selection)
    moment = conditions.value(now, "timestamptz")
    states = ("pending", "assigned", "accepted", "in_progress", "on_hold", "resolved")
    counted = ", ".join(f"count(*) filter (where c.state = '{state}') as {state}" for state in states)
    row = await conn.fetchrow(
        f"""
        select {counted},
               count(*) filter (where c.emergency and {_OPEN}) as emergencies,
               count(*) filter (where c.supervised is not null and {_OPEN}) as supervised,
               count(*) filter (where c.urged > 0 and {_OPEN}) as urged,
               count(*) filter (where c.accept_due < {moment}) as accept_overdue,
               count(*) filter (where c.resolve_due < {moment}) as resolve_overdue
        from insight_case c
        where c.state in {(*states,)} and {conditions.within("c.department")}
        """,
        *conditions.values,
    )
    return msgspec.convert(dict(row or {}), OpenWork)


async def urgent(conn: Connection, selection: Selection, limit: int) -> list[TicketLine]:
    """Return the tickets whose limit ends first, or ended longest ago, emergencies before all others."""
    return await _lines(
        conn,
        Conditions(selection),
        f"{_OPEN} and c.resolve_due is not null",
        f"not c.emergency, least(c.accept_due, c.resolve_due) limit {limit}",
    )


async def slowest(conn: Connection, selection: Selection, limit: int) -> list[TicketLine]:
    """Return the open tickets that have waited longest."""
    return await _lines(conn, Conditions(selection), _OPEN, f"c.opened_at limit {limit}")


async def worst_rated(conn: Connection, selection: Selection, limit: int) -> list[TicketLine]:
    """Return the tickets rated dissatisfied (1 or 2 of 5) in the selection's days, the worst and latest first."""
    conditions = Conditions(selection)
    voted = f"""
        exists (select from insight_vote v where v.ticket_id = c.ticket_id and v.satisfied < 3
                and {conditions.during("v.at")})
    """
    return await _lines(conn, conditions, voted, f"worst, c.opened_at desc limit {limit}")


async def _lines(conn: Connection, conditions: Conditions, only: str, order: str) -> list[TicketLine]:
    rows = await conn.fetch(
        f"""
        select {_LINE} from insight_case c join ticket t on t.id = c.ticket_id
        where {only} and {conditions.within("c.department")} order by {order}
        """,
        *conditions.values,
    )
    return read_all(TicketLine, rows)

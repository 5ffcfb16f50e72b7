"""Queues in PostgreSQL: what each of them holds, in one order, page by page, and how much."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from citizen_gateway.desk.model import Conditions, Place, Queue
from citizen_gateway.platform.actor import Actor, Role
from citizen_gateway.platform.db import Connection, read
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import WORKING

MOST_COUNTED = 1000
"""A count stops there: nobody needs to know how many more there are, and counting a million takes long."""

_NAMES = ", ".join(f"t.{field.name}" for field in msgspec.structs.fields(Ticket))
_RUNNING = f"t.is_open and t.state in ({', '.join(repr(state.value) for state in WORKING)})"
_ORDER = "(not t.emergency), t.queue_at, t.id"


class Listed(msgspec.Struct, frozen=True):
    """A ticket in a queue, and where it stands in it."""

    ticket: Ticket
    place: Place


def condition(queue: Queue, actor: Actor, now: datetime, values: list[object]) -> str:
    """Return the SQL condition that the ticket `t` is in this queue of this actor; parameters join `values`."""
    seen = rights.seen_by(actor, values)
    match queue:
        case Queue.MINE:
            values.append(actor.key)
            mine = f"t.is_open and t.id in (select ticket_id from ticket_hand where actor = ${len(values)})"
        case Queue.DEPARTMENT:
            mine = f"t.is_open and {_departments(actor, values)}"
        case Queue.OPEN:
            mine = "t.is_open"
        case Queue.TRIAGE:
            mine = "t.state = 'pending'"
        case Queue.DUE_SOON:
            values.append(now)
            at = f"${len(values)}::timestamptz"
            late = f"{at} >= t.assigned_at + 0.8 * (t.queue_at - t.assigned_at)"
            mine = f"{_RUNNING} and t.queue_at > {at} and {late}"
        case Queue.OVERDUE:
            values.append(now)
            mine = f"{_RUNNING} and t.queue_at <= ${len(values)}"
        case Queue.RETURNED:
            mine = "t.state = 'pending' and t.returns > 0"
        case Queue.SUPERVISED:
            mine = "t.is_open and t.supervision is not null"
    return f"{mine} and {seen}"


def narrowed(conditions: Conditions, values: list[object]) -> str:
    """Return the SQL for further conditions, beginning with ` and` where there are any."""
    parts = []
    if conditions.department:
        parts.append(rights.of_departments([conditions.department], values))
    if conditions.area:
        parts.append(rights.within([conditions.area], values))
    for name in ("category", "state", "emergency"):
        value = getattr(conditions, name)
        if value is not None:
            values.append(value)
            parts.append(f"t.{name} = ${len(values)}")
    return "".join(f" and {part}" for part in parts)


async def page(conn: Connection, found: tuple[str, Sequence[object]], after: Place | None, limit: int) -> list[Listed]:
    """Return the tickets of a condition with its values, behind a place, emergencies first, then what is due first."""
    where, values = found[0], list(found[1])
    if after:
        values += [not after.emergency, after.at, after.id]
        last = ", ".join(f"${len(values) - 2 + i}" for i in range(3))
        where += f" and ({_ORDER}) > ({last})"
    values.append(limit)
    rows = await conn.fetch(
        f"select {_NAMES}, t.queue_at from ticket t where {where} order by {_ORDER} limit ${len(values)}", *values
    )
    return [_listed(row) for row in rows]


async def counts(conn: Connection, actor: Actor, now: datetime, conditions: Conditions) -> dict[Queue, int]:
    """Return how many tickets each queue of an actor holds, none counted beyond `MOST_COUNTED`."""
    values: list[object] = []
    parts = []
    for queue in Queue:
        where = condition(queue, actor, now, values) + narrowed(conditions, values)
        parts.append(f"(select count(*) from (select from ticket t where {where} limit {MOST_COUNTED}) n) as {queue}")
    row = await conn.fetchrow(f"select {', '.join(parts)}", *values)
    return {queue: int(row[queue.value]) if row else 0 for queue in Queue}


def _departments(actor: Actor, values: list[object]) -> str:
    mine = actor.departments(Role.HANDLER, Role.LEAD, Role.OBSERVER)
    if mine is None:
        return "(t.department is not null or t.assisting <> '{}')"
    return rights.of_departments(mine, values) if mine else "false"


def _listed(row: asyncpg.Record) -> Listed:
    ticket = read(Ticket, row)
    return Listed(ticket, Place(ticket.emergency, row["queue_at"], ticket.id))

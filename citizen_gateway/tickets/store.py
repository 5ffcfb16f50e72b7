"""Tickets in PostgreSQL, one function per question."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.model import Follower, Ticket, TicketState

_FIELDS = msgspec.structs.fields(Ticket)
_NAMES = ", ".join(field.name for field in _FIELDS)
_INSERT = f"insert into ticket ({_NAMES}) values ({', '.join(f'${i + 1}' for i in range(len(_FIELDS)))})"
_CHANGING = [field.name for field in _FIELDS if field.name not in {"id", "number", "opened_at", "version"}]
_UPDATE = f"""
    update ticket set version = $2, {", ".join(f"{name} = ${i + 4}" for i, name in enumerate(_CHANGING))}
    where id = $1 and version = $3
"""


def insert(session: Session, ticket: Ticket, follower: Follower) -> None:
    """Keep a new ticket with its first follower, when the session sends its rows."""
    session.later(_INSERT, *(getattr(ticket, field.name) for field in _FIELDS))
    session.later(
        "insert into ticket_follower (ticket_id, secret_hash, actors, since) values ($1, $2, $3, $4)",
        ticket.id,
        follower.secret_hash,
        list(follower.actors),
        ticket.opened_at,
    )


async def follows(conn: Connection, ticket: TicketId, actor: str | None, secret_hash: bytes | None) -> bool:
    """Whether this actor, or the bearer of this secret, follows the ticket."""
    found: bool = await conn.fetchval(
        """
        select exists (
            select from ticket_follower where ticket_id = $1 and (secret_hash = $2 or $3 = any(actors))
        )
        """,
        ticket,
        secret_hash,
        actor,
    )
    return found


async def update(conn: Connection, ticket: Ticket, seen_version: int) -> bool:
    """Keep a changed ticket; return False where it changed since this version was read."""
    values = (getattr(ticket, name) for name in _CHANGING)
    return await conn.execute(_UPDATE, ticket.id, ticket.version, seen_version, *values) == "UPDATE 1"


async def followers(conn: Connection, ticket: TicketId) -> list[str]:
    """Return the keys of the actors who follow a ticket."""
    rows = await conn.fetch("select distinct unnest(actors) from ticket_follower where ticket_id = $1", ticket)
    return [row[0] for row in rows]


async def by_number(conn: Connection, number: str) -> Ticket | None:
    """Return the ticket with this number."""
    row = await conn.fetchrow(f"select {_NAMES} from ticket where number = $1", number)
    return read(Ticket, row) if row else None


async def by_id(conn: Connection, ticket: TicketId) -> Ticket | None:
    """Return the ticket with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from ticket where id = $1", ticket)
    return read(Ticket, row) if row else None


async def hold(conn: Connection, ticket: TicketId) -> None:
    """Keep others from changing the ticket until the transaction ends."""
    await conn.execute("select from ticket where id = $1 for update", ticket)


async def newest(conn: Connection, limit: int) -> list[Ticket]:
    """Return the newest tickets, newest first."""
    return read_all(Ticket, await conn.fetch(f"select {_NAMES} from ticket order by id desc limit $1", limit))


async def queue(
    conn: Connection,
    departments: Collection[str] | None,
    state: TicketState | None,
    after: UUID | None,
    limit: int,
    *,
    seen_by: Actor | None = None,
) -> list[Ticket]:
    """Return tickets that these departments hold or assist (None: all), emergencies first, then oldest first.

    With `seen_by`, only those which that actor sees by office.
    """
    values: list[object] = []
    conditions = [rights.seen_by(seen_by, values)] if seen_by else []
    if departments is not None:
        conditions.append(rights.of_departments(departments, values))
    if state:
        values.append(state.value)
        conditions.append(f"t.state = ${len(values)}")
    if after:
        values.append(after)
        last = f"(select not emergency from ticket where id = ${len(values)})"
        conditions.append(f"(not t.emergency, t.id) > ({last}, ${len(values)})")
    values.append(limit)
    rows = await conn.fetch(
        f"""
        select {_NAMES} from ticket t where {" and ".join(conditions) or "true"}
        order by not t.emergency, t.id limit ${len(values)}
        """,
        *values,
    )
    return read_all(Ticket, rows)

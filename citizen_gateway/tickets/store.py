"""Tickets in PostgreSQL, one function per question."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.record import Follower, Ticket
from citizen_gateway.tickets.terms import TicketState


class MeetingStage(StrEnum):
    """How far a case on a meeting's list has come."""

    UNDECIDED = "undecided"
    FOLLOW_UP = "follow_up"
    ALL = "all"


class MeetingFilter(msgspec.Struct, frozen=True):
    """Which cases of which day's meeting (ISO 8601, None: any) to list."""

    stage: MeetingStage
    meets_on: str | None = None


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
    insert_ticket(session, ticket)
    add_follower(session, ticket.id, follower, ticket.opened_at)


def insert_ticket(session: Session, ticket: Ticket) -> None:
    """Keep a new ticket, when the session sends its rows."""
    session.later(_INSERT, *(getattr(ticket, field.name) for field in _FIELDS))


def add_follower(session: Session, ticket: TicketId, follower: Follower, since: datetime) -> None:
    """Let somebody watch a ticket, and take part in it where they reported it, when the session sends its rows.

    The same secret a second time changes nothing.
    """
    session.later(
        "insert into ticket_follower (ticket_id, secret_hash, actors, since, report_id) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        ticket,
        follower.secret_hash,
        list(follower.actors),
        since,
        follower.report,
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


async def reported(conn: Connection, ticket: TicketId, actor: str | None, secret_hash: bytes | None) -> bool:
    """Whether this actor, or the bearer of this secret, is a reporter of the ticket."""
    found: bool = await conn.fetchval(
        """
        select exists (
            select from ticket_follower
            where ticket_id = $1 and report_id is not null and (secret_hash = $2 or $3 = any(actors))
        )
        """,
        ticket,
        secret_hash,
        actor,
    )
    return found


async def urge(
    conn: Connection, ticket: TicketId, whose: tuple[str | None, bytes | None], now: datetime, today: datetime
) -> bool:
    """Note that a reporter (actor's key, hash of a secret) urged; return False where they did since `today` began."""
    status = await conn.execute(
        """
        update ticket_follower set urged_at = $4
        where ticket_id = $1 and report_id is not null and (secret_hash = $3 or $2 = any(actors))
          and not exists (
            select from ticket_follower
            where ticket_id = $1 and (secret_hash = $3 or $2 = any(actors)) and urged_at >= $5
          )
          and not exists ( -- they did, and stopped following in between: their ticket was split off and joined again
            select from event
            where stream = $1 and type = 'ticket.urged' and at >= $5 and actor_kind || ':' || actor_id = $2
          )
        """,
        ticket,
        *whose,
        now,
        today,
    )
    return status != "UPDATE 0"


async def copy_followers(
    conn: Connection, source: TicketId, target: TicketId, reports: Collection[UUID] | None
) -> None:
    """Let who follows one ticket follow another too: reporters of these reports, or all where None is given."""
    await conn.execute(
        """
        insert into ticket_follower (ticket_id, secret_hash, actors, since, report_id, via)
        select $2, secret_hash, actors, since, report_id, $1 from ticket_follower
        where ticket_id = $1 and ($3::uuid[] is null or report_id = any($3))
        on conflict (ticket_id, secret_hash)
        do update set report_id = coalesce(excluded.report_id, ticket_follower.report_id)
        """,
        source,
        target,
        None if reports is None else list(reports),
    )


async def drop_followers(conn: Connection, source: TicketId, target: TicketId, reports: Collection[UUID]) -> None:
    """Undo `copy_followers`: nobody follows the target because of the source any more."""
    await conn.execute("delete from ticket_follower where ticket_id = $1 and via = $2", target, source)
    await release_reporters(conn, target, reports)


async def reporters(conn: Connection, ticket: TicketId, report: UUID) -> list[Follower]:
    """Return who follows a ticket as reporter of this report."""
    rows = await conn.fetch(
        """
        select secret_hash, actors, report_id as report from ticket_follower
        where ticket_id = $1 and report_id = $2 order by since
        """,
        ticket,
        report,
    )
    return read_all(Follower, rows)


async def release_reporters(conn: Connection, ticket: TicketId, reports: Collection[UUID]) -> None:
    """Let who reported these go on watching a ticket that no longer answers them, without a part in it."""
    await conn.execute(
        "update ticket_follower set report_id = null where ticket_id = $1 and report_id = any($2)",
        ticket,
        list(reports),
    )


async def plan(conn: Connection, ticket: TicketId, at: datetime | None) -> None:
    """Keep when the ticket's clocks are looked at next."""
    await conn.execute("update ticket set next_check = $2 where id = $1", ticket, at)


async def convened(
    conn: Connection, areas: Collection[str] | None, wanted: MeetingFilter, after: UUID | None, limit: int
) -> list[Ticket]:
    """Return the tickets on meetings' lists in these areas (None: all), oldest first."""
    rows = await conn.fetch(
        f"""
        select {_NAMES} from ticket
        where meeting is not null
          and ($1::text[] is null or area_path && $1)
          and ($2::text is null or meeting->>'meets_on' = $2)
          and case $3::text
              when 'undecided' then meeting->>'conclusion' is null
              when 'follow_up' then meeting->>'conclusion' is not null and meeting->>'done' is distinct from 'true'
              else true end
          and ($4::uuid is null or id > $4)
        order by id limit $5
        """,
        None if areas is None else list(areas),
        wanted.meets_on,
        wanted.stage.value,
        after,
        limit,
    )
    return read_all(Ticket, rows)


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


async def by_id(conn: Connection, ticket: UUID) -> Ticket | None:
    """Return the ticket with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from ticket where id = $1", ticket)
    return read(Ticket, row) if row else None


async def hold(conn: Connection, *tickets: TicketId) -> None:
    """Keep others from changing these tickets until the transaction ends; always locked in the same order."""
    await conn.execute("select from ticket where id = any($1) order by id for update", list(tickets))


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

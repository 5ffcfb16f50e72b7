"""Invitations and ratings in PostgreSQL, one function per question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.satisfaction.model import Invitation, Vote

_FIELDS = [field.name for field in msgspec.structs.fields(Invitation)]
_NAMES = ", ".join(_FIELDS)
_INVITE = f"""
    insert into invitation ({_NAMES}) values ({", ".join(f"${i + 1}" for i in range(len(_FIELDS)))})
    on conflict (report_id) do nothing
"""


async def invite(conn: Connection, invitations: Sequence[Invitation]) -> None:
    """Keep invitations; a report that has one keeps that."""
    await conn.executemany(_INVITE, [tuple(getattr(one, name) for name in _FIELDS) for one in invitations])


async def by_id(conn: Connection, invitation: UUID) -> Invitation | None:
    """Return the invitation with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from invitation where id = $1", invitation)
    return read(Invitation, row) if row else None


async def of_report(conn: Connection, report: UUID) -> Invitation | None:
    """Return a report's invitation."""
    row = await conn.fetchrow(f"select {_NAMES} from invitation where report_id = $1", report)
    return read(Invitation, row) if row else None


async def insert_vote(conn: Connection, invitation: Invitation, vote: Vote, now: datetime) -> bool:
    """Keep a vote; return False where the report has one."""
    status = await conn.execute(
        """
        insert into rating (invitation_id, report_id, ticket_id, contacted, solved, satisfied, tags, comment, rated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
        """,
        invitation.id,
        invitation.report_id,
        invitation.ticket_id,
        vote.contacted,
        vote.solved.value,
        vote.satisfied,
        list(vote.tags),
        vote.comment,
        now,
    )
    return status == "INSERT 0 1"


async def vote_of(conn: Connection, invitation: UUID) -> Vote | None:
    """Return the vote given on an invitation."""
    row = await conn.fetchrow(
        "select contacted, solved, satisfied, tags, comment from rating where invitation_id = $1", invitation
    )
    return read(Vote, row) if row else None


async def votes_of(conn: Connection, ticket: TicketId) -> list[Vote]:
    """Return all votes on a ticket."""
    rows = await conn.fetch(
        "select contacted, solved, satisfied, tags, comment from rating where ticket_id = $1", ticket
    )
    return read_all(Vote, rows)


async def invited(conn: Connection, ticket: TicketId) -> int:
    """Return how many were invited to rate a ticket."""
    return int(await conn.fetchval("select count(*) from invitation where ticket_id = $1", ticket))

"""Invitations and ratings in PostgreSQL, one function per question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.satisfaction.model import Invitation, Tally, Vote

_FIELDS = [field.name for field in msgspec.structs.fields(Invitation)]
_NAMES = ", ".join(_FIELDS)
_VOTE = "r.contacted, r.solved, r.satisfied, r.tags, r.comment"


async def invite(conn: Connection, invitations: Sequence[Invitation]) -> list[UUID]:
    """Keep invitations and return whose reports these are; a report is invited once for each resolution."""
    kinds = {"invited_at": "timestamptz", "expires_at": "timestamptz", "resolution": "int"}
    lists = ", ".join(f"${i + 1}::{kinds.get(name, 'uuid')}[]" for i, name in enumerate(_FIELDS))
    rows = await conn.fetch(
        f"insert into invitation ({_NAMES}) select * from unnest({lists}) on conflict do nothing returning report_id",
        *([getattr(one, name) for one in invitations] for name in _FIELDS),
    )
    return [row[0] for row in rows]


async def by_id(conn: Connection, invitation: UUID) -> Invitation | None:
    """Return the invitation with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from invitation where id = $1", invitation)
    return read(Invitation, row) if row else None


async def of_report(conn: Connection, report: UUID) -> Invitation | None:
    """Return a report's newest invitation."""
    row = await conn.fetchrow(
        f"select {_NAMES} from invitation where report_id = $1 order by resolution desc limit 1", report
    )
    return read(Invitation, row) if row else None


async def newest_resolution(conn: Connection, ticket: TicketId) -> int:
    """Return the resolution that a ticket's reporters were last invited to rate, 0 where there is none."""
    found: int = await conn.fetchval("select coalesce(max(resolution), 0) from invitation where ticket_id = $1", ticket)
    return found


async def insert_vote(conn: Connection, invitation: Invitation, vote: Vote, now: datetime) -> bool:
    """Keep a vote; return False where the invitation has one."""
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
    row = await conn.fetchrow(f"select {_VOTE} from rating r where invitation_id = $1", invitation)
    return read(Vote, row) if row else None


async def tally(conn: Connection, ticket: TicketId, resolution: int) -> Tally:
    """Return how many were invited to rate a resolution, and their votes in an order that tells nothing."""
    invited = await conn.fetchval(
        "select count(*) from invitation where ticket_id = $1 and resolution = $2", ticket, resolution
    )
    rows = await conn.fetch(
        f"""
        select {_VOTE} from rating r join invitation i on i.id = r.invitation_id
        where i.ticket_id = $1 and i.resolution = $2
        order by r.satisfied, r.solved, r.contacted, md5(r.comment)
        """,
        ticket,
        resolution,
    )
    return Tally(int(invited), tuple(read_all(Vote, rows)))

"""What the event feed asks of PostgreSQL, one function per question."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import floor_uuid7
from citizen_gateway.partners.cursors import Place
from citizen_gateway.partners.model import Sight
from citizen_gateway.platform.db import Connection, Pool, read, read_all
from citizen_gateway.tickets.terms import TicketState


class TicketRow(msgspec.Struct, frozen=True):
    """What the feed must know of a ticket."""

    id: UUID
    number: str
    area_path: tuple[str, ...]


class Past(msgspec.Struct, frozen=True):
    """An earlier event that said whom a ticket concerns."""

    stream: UUID
    version: int
    type: str
    data: dict[str, object]


class ReportRow(msgspec.Struct, frozen=True):
    """A reader's own report, or one it signed for; `subject` is sealed, `state` is its ticket's by now."""

    id: UUID
    subject: bytes | None
    external_ref: str | None
    state: TicketState


async def head(pool: Pool) -> Place:
    """Return the last place that readers may see by now."""
    row = await pool.fetchrow(
        """
        select xid::text::bigint as xid, seq from event
        where xid < pg_snapshot_xmin(pg_current_snapshot()) order by event.xid desc, seq desc limit 1
        """
    )
    return read(Place, row) if row else Place()


async def first_since(conn: Connection, moment: datetime) -> Place:
    """Return the place before the first event of that moment or later."""
    row = await conn.fetchrow(
        "select xid::text::bigint as xid, seq - 1 as seq from event where id >= $1 order by id limit 1",
        floor_uuid7(moment),
    )
    return read(Place, row) if row else Place()


async def tickets(conn: Connection, streams: Collection[UUID]) -> dict[UUID, TicketRow]:
    """Return the tickets among these streams."""
    rows = await conn.fetch("select id, number, area_path from ticket where id = any($1)", list(streams))
    return {ticket.id: ticket for ticket in read_all(TicketRow, rows)}


async def past(conn: Connection, before: dict[UUID, int], types: Collection[str]) -> list[Past]:
    """Return the events of these types that each stream had before this version of it, oldest first."""
    rows = await conn.fetch(
        """
        select e.stream, e.version, e.type, e.data
        from unnest($1::uuid[], $2::int[]) as wanted (stream, version)
        join event e on e.stream = wanted.stream and e.version < wanted.version
        where e.type = any($3) order by e.stream, e.version
        """,
        list(before),
        list(before.values()),
        list(types),
    )
    return read_all(Past, rows)


async def own_reports(conn: Connection, sight: Sight, reports: Collection[UUID]) -> list[ReportRow]:
    """Return which of these reports are the reader's own, with how their channel knows the citizen, oldest first."""
    rows = await conn.fetch(
        """
        select r.id, i.subject_sealed as subject, x.reference as external_ref, t.state
        from report r
        join ticket t on t.id = r.ticket_id
        left join external_reference x on x.report_id = r.id and x.client_id = $6
        left join lateral (
            select subject_sealed from identity
            where citizen_id = r.citizen_id and channel = $2 order by created_at limit 1
        ) i on true
        where r.id = any($1)
          and (
            r.author = $3 or r.citizen_id = $4 or (r.channel = $5 and i.subject_sealed is not null)
            or exists (select from handover h where h.report_id = r.id and h.to_client = $6 and h.state = 'signed')
          )
        order by r.id
        """,
        list(reports),
        sight.actor.channel,
        sight.author,
        sight.citizen,
        sight.channel,
        sight.actor.id if sight.author else None,
    )
    return read_all(ReportRow, rows)

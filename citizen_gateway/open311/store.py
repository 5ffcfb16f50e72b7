"""Service requests in PostgreSQL, one function per question."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import floor_uuid7
from citizen_gateway.open311.model import OVER, Change, Known, Question, Status
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session

_KNOWN = """
    select r.id, r.ticket_id, t.number as ticket_number, r.author, t.state,
           coalesce(t.category, r.category) as category, r.text,
           r.place, r.area, r.lat, r.lon, r.photos, t.department, t.reply, t.emergency, r.created_at as requested_at,
           coalesce(newest.at, r.created_at) as updated_at, t.resolve_due as expected_at, o.media_url, o.attributes
    from report r join ticket t on t.id = r.ticket_id
    left join open311_request o on o.report_id = r.id
    left join lateral (select at from event where stream = t.id order by version desc limit 1) newest on true
"""
_SEEN = "(r.author = $1 or (t.category = any($2) and not t.emergency))"
"""The caller's own, and public matters that endanger nobody."""


class Sight(msgspec.Struct, frozen=True):
    """Who asks, by the key of the actor (None: nobody known), and the categories that everybody may see."""

    caller: str | None
    public: tuple[str, ...]


async def by_question(conn: Connection, sight: Sight, asked: Question) -> list[Known]:
    """Return what was asked for, newest first."""
    over = None if len(asked.statuses) == len(Status) else Status.CLOSED in asked.statuses
    rows = await conn.fetch(
        f"""
        {_KNOWN}
        where {_SEEN}
          and ($3::uuid is null or r.id >= $3) and ($4::uuid is null or r.id < $4)
          and ($5::text[] is null or coalesce(t.category, r.category) = any($5))
          and ($6::boolean is null or (t.state = any($7)) = $6)
          and ($8::uuid is null or t.id in (select stream from event where id >= $8))
        order by r.id desc limit $9 offset $10
        """,
        sight.caller,
        sight.public,
        floor_uuid7(asked.since) if asked.since else None,
        floor_uuid7(asked.until) if asked.until else None,
        list(asked.codes) if asked.codes else None,
        over,
        sorted(OVER),
        floor_uuid7(asked.updated_after) if asked.updated_after else None,
        asked.page_size,
        (asked.page - 1) * asked.page_size,
    )
    return read_all(Known, rows)


async def by_ids(conn: Connection, sight: Sight, ids: Sequence[UUID]) -> list[Known]:
    """Return those of these requests that the caller may see, newest first."""
    rows = await conn.fetch(
        f"{_KNOWN} where {_SEEN} and r.id = any($3) order by r.id desc", sight.caller, sight.public, list(ids)
    )
    return read_all(Known, rows)


def insert(session: Session, report: UUID, token: str, media_url: str, attributes: dict[str, Sequence[str]]) -> None:
    """Keep what a client said beside a report, when the session sends its rows."""
    session.later(
        "insert into open311_request (report_id, token, media_url, attributes) values ($1, $2, $3, $4)",
        report,
        token,
        media_url,
        attributes,
    )


async def by_token(conn: Connection, token: str) -> UUID | None:
    """Return which request a token stands for."""
    found: UUID | None = await conn.fetchval("select report_id from open311_request where token = $1", token)
    return found


async def changes(
    conn: Connection, sight: Sight, span: tuple[datetime, datetime], request: UUID | None, limit: int
) -> list[Change]:
    """Return the public events of requests the caller may see, oldest first."""
    rows = await conn.fetch(
        f"""
        select e.id, r.id as request, e.type, e.at, e.data
        from event e join ticket t on t.id = e.stream join report r on r.ticket_id = t.id
        where e.public and e.id >= $3 and e.id < $4 and ($5::uuid is null or r.id = $5) and {_SEEN}
        order by e.id, r.id limit $6
        """,
        sight.caller,
        sight.public,
        floor_uuid7(span[0]),
        floor_uuid7(span[1]),
        request,
        limit,
    )
    return read_all(Change, rows)


class Update(msgspec.Struct, frozen=True):
    """An update that a client told, under our id."""

    report_id: UUID
    id: UUID


async def claim(conn: Connection, key: tuple[str, str], report: UUID, update: UUID) -> Update:
    """Keep an update under its client's key and id; return what they stand for since they were first used."""
    row = await conn.fetchrow(
        """
        insert into open311_update (author, update_id, report_id, id) values ($1, $2, $3, $4)
        on conflict (author, update_id) do update set update_id = excluded.update_id
        returning report_id, id
        """,
        *key,
        report,
        update,
    )
    if row is None:
        raise RuntimeError("an update that was kept cannot be read")
    return read(Update, row)

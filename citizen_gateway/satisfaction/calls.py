"""Calls that a center makes (回访), in PostgreSQL, one function per question."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.satisfaction.model import CallResult, FollowUp

_NAMES = ", ".join(field.name for field in msgspec.structs.fields(FollowUp))


async def insert(conn: Connection, call: FollowUp) -> None:
    """Keep a call to be made; a resolution has one at most, and the first reason stands."""
    await conn.execute(
        """
        insert into follow_up (id, ticket_id, resolution, reason, areas, created_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing
        """,
        call.id,
        call.ticket_id,
        call.resolution,
        call.reason.value,
        list(call.areas),
        call.created_at,
    )


async def listed(
    conn: Connection, areas: Collection[str] | None, *, done: bool, after: UUID | None, limit: int
) -> list[FollowUp]:
    """Return the calls in these areas (None: all) that are made or still to be made, oldest first."""
    rows = await conn.fetch(
        f"""
        select {_NAMES} from follow_up
        where (done_at is not null) = $1 and ($2::text[] is null or areas && $2) and ($3::uuid is null or id > $3)
        order by id limit $4
        """,
        done,
        None if areas is None else list(areas),
        after,
        limit,
    )
    return read_all(FollowUp, rows)


async def by_id(conn: Connection, call: UUID) -> FollowUp | None:
    """Return the call with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from follow_up where id = $1", call)
    return read(FollowUp, row) if row else None


async def finish(conn: Connection, call: UUID, result: CallResult, by: UUID | None, now: datetime) -> bool:
    """Keep a call's result; return False where it has one."""
    status = await conn.execute(
        "update follow_up set result = $2, done_by = $3, done_at = $4 where id = $1 and done_at is null",
        call,
        msgspec.to_builtins(result),
        by,
        now,
    )
    return status == "UPDATE 1"

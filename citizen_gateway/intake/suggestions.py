"""What machines suggest to be one event, and what people said of it, in PostgreSQL, one function per question."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.db import Connection, read_all
from citizen_gateway.platform.session import Session


class Suggested(msgspec.Struct, frozen=True):
    """Another ticket that may be about the same event; `same` is what a person said, None where nobody has."""

    other: TicketId
    score: float
    suggested_at: datetime
    judged_at: datetime | None
    same: bool | None


def insert(session: Session, ticket: TicketId, like: TicketId, score: float, now: datetime) -> None:
    """Keep that two tickets may be about one event, when the session sends its rows."""
    session.later(
        "insert into join_suggestion (ticket_id, like_id, score, suggested_at) values ($1, $2, $3, $4)",
        ticket,
        like,
        score,
        now,
    )


async def of_ticket(conn: Connection, ticket: TicketId) -> list[Suggested]:
    """Return what was suggested of a ticket, on either side, the most alike first."""
    rows = await conn.fetch(
        """
        select case when ticket_id = $1 then like_id else ticket_id end as other, score, suggested_at, judged_at, same
        from join_suggestion where ticket_id = $1 or like_id = $1
        order by score desc, suggested_at limit 100
        """,
        ticket,
    )
    return read_all(Suggested, rows)


async def judge(conn: Connection, pair: tuple[UUID, UUID], *, same: bool, final: bool, now: datetime) -> bool | None:
    """Keep what a person said of two tickets; return False where it was said already, None where nobody asked.

    What is not `final` (a department's yes) may still be followed by a center's word.
    """
    row = await conn.fetchrow(
        """
        update join_suggestion s set same = $3, judged_at = case when $4 then $5::timestamptz end
        from (
            select ticket_id, like_id, judged_at, same from join_suggestion
            where (ticket_id, like_id) in (($1, $2), ($2, $1)) for update
        ) before
        where s.ticket_id = before.ticket_id and s.like_id = before.like_id
        returning before.judged_at is null and (before.same is null or $4) as fresh
        """,
        *pair,
        same,
        final,
        now,
    )
    return None if row is None else bool(row["fresh"])

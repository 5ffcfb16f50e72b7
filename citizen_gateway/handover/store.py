"""Hand-overs in PostgreSQL, one function per question."""

from uuid import UUID

import msgspec

from citizen_gateway.handover.model import Handover, HandoverState
from citizen_gateway.platform.db import Connection, read, read_all

_FIELDS = [field.name for field in msgspec.structs.fields(Handover)]
_NAMES = ", ".join(_FIELDS)
_INSERT = f"""
    insert into handover ({_NAMES}) values ({", ".join(f"${i + 1}" for i in range(len(_FIELDS)))})
    on conflict (report_id) where state = 'offered' do nothing
"""


async def insert(conn: Connection, offer: Handover) -> bool:
    """Keep an offer; return False where the report has an open one."""
    values = (getattr(offer, name) for name in _FIELDS)
    return await conn.execute(_INSERT, *values) == "INSERT 0 1"


async def answer(conn: Connection, answered: Handover) -> bool:
    """Keep how an offer was answered; return False where somebody answered it before."""
    status = await conn.execute(
        "update handover set state = $2, to_client = $3, answer = $4, answered_at = $5 where id = $1 and state = $6",
        answered.id,
        answered.state.value,
        answered.to_client,
        answered.answer,
        answered.answered_at,
        HandoverState.OFFERED.value,
    )
    return status == "UPDATE 1"


async def by_id(conn: Connection, handover: UUID) -> Handover | None:
    """Return the hand-over with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from handover where id = $1", handover)
    return read(Handover, row) if row else None


async def of_report(conn: Connection, report: UUID) -> list[Handover]:
    """Return a report's hand-overs, newest first."""
    rows = await conn.fetch(f"select {_NAMES} from handover where report_id = $1 order by id desc", report)
    return read_all(Handover, rows)


async def incoming(
    conn: Connection, channel: str, state: HandoverState | None, before: UUID | None, limit: int
) -> list[Handover]:
    """Return what was offered to a channel, newest first."""
    return await _listed(conn, "to_channel = $1", channel, (state, before, limit))


async def outgoing(
    conn: Connection, client: UUID, state: HandoverState | None, before: UUID | None, limit: int
) -> list[Handover]:
    """Return what a client offered, newest first."""
    return await _listed(conn, "from_client = $1", client, (state, before, limit))


async def _listed(
    conn: Connection, whose: str, who: object, page: tuple[HandoverState | None, UUID | None, int]
) -> list[Handover]:
    rows = await conn.fetch(
        f"""
        select {_NAMES} from handover
        where {whose} and ($2::text is null or state = $2) and ($3::uuid is null or id < $3)
        order by id desc limit $4
        """,
        who,
        page[0].value if page[0] else None,
        page[1],
        page[2],
    )
    return read_all(Handover, rows)

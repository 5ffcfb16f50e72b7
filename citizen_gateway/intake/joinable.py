"""Open tickets that reports may join, in PostgreSQL, one function per question."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.intake.matching import Known
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session
from citizen_gateway.tickets.terms import TicketState

_NAMES = ", ".join(f"j.{field.name}" for field in msgspec.structs.fields(Known))
_COLUMNS = [field.name for field in msgspec.structs.fields(Known)]
_INSERT = f"""
    insert into joinable ({", ".join(_COLUMNS)}, cell)
    values ({", ".join(f"${i + 1}" for i in range(len(_COLUMNS) + 1))})
"""


def _near(*conditions: str) -> str:
    """Return the question for open tickets under any of these conditions; each is answered by an index of its own.

    A ticket's state is looked up for what is found: joined, PostgreSQL would read all tickets of those states.
    """
    found = " union all ".join(
        f"(select * from joinable where {condition} and opened_at > $1 order by opened_at desc limit $3)"
        for condition in conditions
    )
    state = "(select t.state from ticket t where t.id = j.ticket_id)"
    return f"select {_NAMES} from ({found}) j where {state} = any($2) order by j.opened_at desc limit $3"


_AROUND = _near(
    "cell = any($4)",
    "cell is null and community = $5",
    "cell is null and phrase = $6 and (community = $5) is not true",
)
_NAMED = _near("$4::text[] = '{}' and community = $5", "phrase = $6 and (community = $5) is not true")


class Whereabouts(msgspec.Struct, frozen=True):
    """Where to look: the squares around a pin, and the same place in words for tickets or reports without one."""

    cells: tuple[str, ...]
    community: str | None
    phrase: str | None


async def lock(conn: Connection, places: Iterable[int]) -> None:
    """Let no one else look at these places until the transaction ends; `places` in one order for everybody."""
    await conn.execute("select pg_advisory_xact_lock(place) from unnest($1::bigint[]) as place", list(places))


async def near(
    conn: Connection, where: Whereabouts, since: datetime, states: Collection[TicketState], limit: int
) -> list[Known]:
    """Return tickets opened since then, in one of the states, at a place: at most so many, the newest first."""
    rows = await conn.fetch(
        _AROUND if where.cells else _NAMED,
        since,
        [state.value for state in states],
        limit,
        list(where.cells),
        where.community,
        where.phrase,
    )
    return read_all(Known, rows)


async def by_ticket(conn: Connection, ticket: UUID) -> Known | None:
    """Return what others may join of a ticket."""
    row = await conn.fetchrow(f"select {_NAMES} from joinable j where ticket_id = $1", ticket)
    return read(Known, row) if row else None


def insert(session: Session, known: Known, cell: str | None) -> None:
    """Keep a new ticket as one that others may join, when the session sends its rows."""
    session.later(_INSERT, *_values(known), cell)


async def put(conn: Connection, known: Known, cell: str | None) -> None:
    """Keep a ticket as one that others may join, in place of what was kept of it."""
    changed = ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS[1:], "cell"))
    await conn.execute(f"{_INSERT} on conflict (ticket_id) do update set {changed}", *_values(known), cell)


async def update(conn: Connection, known: Known) -> None:
    """Keep the wordings, photos and count of an event after a report joined."""
    await conn.execute(
        "update joinable set voices = $2, photos = $3, reports = $4 where ticket_id = $1",
        known.ticket_id,
        msgspec.to_builtins(known.voices),
        list(known.photos),
        known.reports,
    )


async def forget(conn: Connection, ticket: UUID) -> None:
    """Let nobody join a ticket any more."""
    await conn.execute("delete from joinable where ticket_id = $1", ticket)


async def has_reported(conn: Connection, ticket: UUID, citizen: UUID | None, author: str) -> bool:
    """Whether a ticket answers a report of this citizen, or one that this author sent."""
    found: bool = await conn.fetchval(
        "select exists (select from report where ticket_id = $1 and (citizen_id = $2 or author = $3))",
        ticket,
        citizen,
        author,
    )
    return found


def _values(known: Known) -> Sequence[object]:
    fields = {name: getattr(known, name) for name in _COLUMNS}
    return [*(fields | {"voices": msgspec.to_builtins(known.voices), "photos": list(known.photos)}).values()]

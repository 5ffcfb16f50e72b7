"""The read model in PostgreSQL: cases, turns and votes, written one event at a time or all anew."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from citizen_gateway.insights.model import Case, Turn, Vote
from citizen_gateway.platform.db import Connection, Transaction, read, read_all
from citizen_gateway.platform.events import COLUMNS, Event

S = TypeVar("S", bound=msgspec.Struct)

READER = "insights"
"""The name under which the reader's place in the event log is kept."""

TABLES = ("insight_case", "insight_turn", "insight_vote")
_BATCH = 2000
_CASE = [field for field in Case.__struct_fields__ if field not in {"turns", "votes"}]
_DIMENSIONS = ("areas", "category", "channel", "excluded")
"""By what figures are told apart: kept with each turn and vote too, so that these are counted without their ticket."""
_TURN = ["ticket_id", *Turn.__struct_fields__, *_DIMENSIONS]
_VOTE = ["ticket_id", *Vote.__struct_fields__, *_DIMENSIONS]


def _upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    told = f"insert into {table} ({', '.join(columns)}) values ({values})"
    return f"{told} on conflict ({', '.join(key)}) do update set {changes}"


_SAVE_CASE = _upsert("insight_case", _CASE, ("ticket_id",))
_SAVE_TURN = _upsert("insight_turn", _TURN, ("ticket_id", "number"))
_SAVE_VOTE = _upsert("insight_vote", _VOTE, ("ticket_id", "number"))


async def load(conn: Connection, ticket: UUID) -> Case | None:
    """Return what is counted of a ticket."""
    row = await conn.fetchrow(f"select {', '.join(_CASE)} from insight_case where ticket_id = $1", ticket)
    if row is None:
        return None
    turns = await _parts(conn, "insight_turn", Turn, ticket)
    votes = await _parts(conn, "insight_vote", Vote, ticket)
    return msgspec.structs.replace(read(Case, row), turns=tuple(turns), votes=tuple(votes))


async def _parts(conn: Connection, table: str, kind: type[S], ticket: UUID) -> list[S]:
    columns = ", ".join(kind.__struct_fields__)
    rows = await conn.fetch(f"select {columns} from {table} where ticket_id = $1 order by number", ticket)
    return read_all(kind, rows)


async def save(conn: Connection, before: Case | None, case: Case) -> None:
    """Keep what an event changed."""
    kept = before if before and _values(before, _DIMENSIONS) == _values(case, _DIMENSIONS) else None
    turns, votes = (kept.turns, len(kept.votes)) if kept else ((), 0)
    await conn.execute(_SAVE_CASE, *_values(case, _CASE))
    if changed := [turn for turn in case.turns if turn not in turns]:
        await conn.executemany(_SAVE_TURN, [_part(case, turn) for turn in changed])
    if new := case.votes[votes:]:
        await conn.executemany(_SAVE_VOTE, [_part(case, vote) for vote in new])


async def horizon(tx: Transaction) -> tuple[str, int]:
    """Keep the live reader waiting, and return what it will have read: no transaction below it still runs."""
    await tx.conn.execute("insert into event_reader (name) values ($1) on conflict do nothing", READER)
    await tx.conn.execute("select from event_reader where name = $1 for update", READER)
    limit = str(await tx.conn.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text"))
    last = await tx.conn.fetchrow(
        "select xid::text as xid, seq from event where xid < $1::text::xid8 order by event.xid desc, seq desc limit 1",
        limit,
    )
    place = (str(last["xid"]), int(last["seq"])) if last else ("0", 0)
    await tx.conn.execute("update event_reader set xid = $2::text::xid8, seq = $3 where name = $1", READER, *place)
    return place


async def streams(tx: Transaction, place: tuple[str, int]) -> AsyncIterator[list[Event]]:
    """Go through all streams up to a place in the log, each as a whole, its oldest event first."""
    conn = await tx.conn.raw()
    query = f"select {COLUMNS} from event where (xid, seq) <= ($1::text::xid8, $2) order by stream, version"
    events: list[Event] = []
    async for row in conn.cursor(query, *place, prefetch=_BATCH):
        event = read(Event, row)
        if events and events[0].stream != event.stream:
            yield events
            events = []
        events.append(event)
    if events:
        yield events


async def clear(conn: Connection) -> None:
    """Empty the read model."""
    for table in TABLES:
        await conn.execute(f"delete from {table}")


async def add_all(tx: Transaction, cases: Iterable[Case]) -> None:
    """Keep many new cases at once."""
    conn = await tx.conn.raw()
    cases = list(cases)
    await conn.copy_records_to_table("insight_case", records=(_values(case, _CASE) for case in cases), columns=_CASE)
    turns = (_part(case, turn) for case in cases for turn in case.turns)
    await conn.copy_records_to_table("insight_turn", records=turns, columns=_TURN)
    votes = (_part(case, vote) for case in cases for vote in case.votes)
    await conn.copy_records_to_table("insight_vote", records=votes, columns=_VOTE)


def _values(case: Case, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(list(value) if isinstance(value := getattr(case, name), tuple) else value for name in names)


def _part(case: Case, part: Turn | Vote) -> tuple[object, ...]:
    return (case.ticket_id, *msgspec.structs.astuple(part), *_values(case, _DIMENSIONS))

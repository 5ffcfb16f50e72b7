"""The event log: what happened, in the transaction in which it happened, chained so that a changed past shows.

Readers hold a cursor over `(xid, seq)` and stop below the oldest transaction still running, so that one which commits
late is never skipped. An event's `xid` is its transaction's or that of its stream's event before it, whichever is
later: a transaction that began to write first may reach the stream last. Partitions by month are ranges of the UUIDv7
key.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise, product
from typing import ClassVar
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import EventId, floor_uuid7, uuid7
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.db import Connection, Pool, Transaction, begin, read_all

GENESIS = bytes(32)
"""The hash before a stream's first event."""

ERASED = "erased"
"""The member of an event's data that tells which private members were erased, by their hashes."""

_CANONICAL = msgspec.json.Encoder(order="sorted")
COLUMNS = "id, xid::text::bigint as xid, seq, stream, version, type, at, actor_kind, actor_id, public, data"
_PARTITIONED = "select relname from pg_class where relkind = 'p' and relnamespace = 'public'::regnamespace order by 1"
_PARTITION_LOCK = 0x63_67_70_74  # any constant: two processes must not make one partition


class Fact(msgspec.Struct, frozen=True):
    """Something about to be recorded: its type (`ticket.accepted`), its data, and whether citizens may see it.

    `by` says who did it, where that is not who acts in the unit of work: the system decides on a citizen's report.
    """

    type: str
    data: Mapping[str, object]
    public: bool = True
    by: Actor | None = None


class Happening(msgspec.Struct, frozen=True):
    """What an event says. A subclass is one type of event: its name, its data, and whether citizens may see it.

    `private` names the members that feeds leave out; `for_centers` hides it from the departments at work on the ticket.
    """

    name: ClassVar[str]
    public: ClassVar[bool] = True
    for_centers: ClassVar[bool] = False
    private: ClassVar[tuple[str, ...]] = ()

    registry: ClassVar[dict[str, type["Happening"]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        known = Happening.registry.setdefault(cls.name, cls)
        if known.__qualname__ != cls.__qualname__:
            raise TypeError(f"two events share the type {cls.name!r}")

    def as_fact(self, by: Actor | None = None) -> Fact:
        """Return it as something to record, done by whoever acts unless `by` says otherwise."""
        return Fact(self.name, msgspec.structs.asdict(self), self.public, by)


class Event(msgspec.Struct, frozen=True):
    """One recorded event; `xid` and `seq` are its place in the feed."""

    id: EventId
    xid: int
    seq: int
    stream: UUID
    version: int
    type: str
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None
    public: bool
    data: dict[str, object]


class Head(msgspec.Struct, frozen=True):
    """Where a stream ends: its last version and hash, kept by whatever owns the stream."""

    version: int = 0
    hash: bytes = GENESIS


Handler = Callable[[Transaction, Event], Awaitable[None]]


def happening(event: Event) -> Happening | None:
    """Return what an event says, or None where this code does not know its type.

    Raises `msgspec.ValidationError` for data that its type does not allow.
    """
    kind = Happening.registry.get(event.type)
    return msgspec.convert(event.data, kind) if kind else None


async def record(tx: Transaction, stream: UUID, head: Head, facts: Sequence[Fact]) -> Head:
    """Append facts to a stream behind `head` and return the new head. The owner of the stream must store that, once."""
    before, values = head.version, list[object]()
    for fact in facts:
        told = (uuid7(tx.now), stream, head.version + 1, fact.type, tx.now)
        actor = fact.by or tx.actor
        event: tuple[object, ...] = (*told, actor.kind.value, actor.id, fact.public)
        digest = chain_hash(head.hash, event, fact.data)
        values += (*event, fact.data, head.hash, digest)
        head = Head(head.version + 1, digest)
    tx.conn.later(_insert(len(facts), first=before == 0), *values, *(() if before == 0 else (stream, before)))
    return head


_COLUMNS_WRITTEN = "id, stream, version, type, at, actor_kind, actor_id, public, data, previous_hash, hash"
_WIDTH = 11


@cache
def _insert(count: int, *, first: bool) -> str:
    """Return the insert of so many events; none is read before an earlier one of its stream, whoever began first."""
    behind = f"select xid from event where stream = ${count * _WIDTH + 1} and version = ${count * _WIDTH + 2}"
    xid = "pg_current_xact_id()" if first else f"greatest(pg_current_xact_id(), ({behind}))"
    rows = (", ".join(f"${row * _WIDTH + column}" for column in range(1, _WIDTH + 1)) for row in range(count))
    return f"insert into event ({_COLUMNS_WRITTEN}, xid) values {', '.join(f'({row}, {xid})' for row in rows)}"


def chain_hash(previous: bytes, values: Sequence[object], data: Mapping[str, object]) -> bytes:
    """Return SHA-256 over the previous hash and the event in canonical JSON (sorted keys).

    In place of a private member its own hash counts, so that a citizen's words can be erased and the chain stays whole.
    """
    return hashlib.sha256(previous + _CANONICAL.encode([*values, _committed(values, data)])).digest()


def _committed(values: Sequence[object], data: Mapping[str, object]) -> Mapping[str, object]:
    """Return data with the hash of each private member in its place; an erased one left its hash behind."""
    private = private_members(str(values[3])) & data.keys()
    if not private:
        return data
    left = data.get(ERASED)
    known = left if isinstance(left, Mapping) else {}
    hashes = {name: known.get(name) or _commitment(values[0], name, data[name]) for name in private}
    return {name: value for name, value in data.items() if name != ERASED} | hashes


def _commitment(identity: object, name: str, value: object) -> str:
    return hashlib.sha256(_CANONICAL.encode([identity, name, value])).hexdigest()


def private_members(name: str) -> frozenset[str]:
    """Return the members of a type of event that hold a citizen's words."""
    kind = Happening.registry.get(name)
    return frozenset(kind.private) if kind else frozenset()


async def erase_words(conn: Connection, stream: UUID, versions: Sequence[int]) -> None:
    """Take the private members out of events of a stream; their hashes stay, and with them the chain."""
    rows = await conn.fetch(
        "select id, version, type, data from event where stream = $1 and version = any($2)", stream, list(versions)
    )
    for row in rows:
        data: dict[str, object] = row["data"]
        held = {name: data[name] for name in private_members(row["type"]) & data.keys() if data[name]}
        if held:
            gone = {name: _commitment(row["id"], name, value) for name, value in held.items()}
            empty = {name: type(value)() for name, value in held.items()}
            await conn.execute(
                "update event set data = $3 where stream = $1 and version = $2",
                stream,
                row["version"],
                data | empty | {ERASED: gone},
            )


async def first_broken_link(conn: Connection, stream: UUID, head: Head | None = None) -> int | None:
    """Return the version at which a stream's chain breaks, or None where the past is untouched.

    Against the `head` its owner kept, a stream also shows that its end was cut off or that it was written anew.
    """
    rows = await conn.fetch("select * from event where stream = $1 order by version", stream)
    previous, expected = GENESIS, 1
    for row in rows:
        values = [row[name] for name in ("id", "stream", "version", "type", "at", "actor_kind", "actor_id", "public")]
        values[4] = row["at"].astimezone(UTC)
        intact = row["version"] == expected and row["previous_hash"] == previous
        if not intact or chain_hash(previous, values, row["data"]) != row["hash"]:
            return int(row["version"])
        previous, expected = row["hash"], expected + 1
    if head is not None and head != Head(expected - 1, previous):
        return max(head.version, expected - 1)
    return None


async def stream_events(conn: Connection, stream: UUID, *, public_only: bool) -> list[Event]:
    """Return a stream's events, oldest first."""
    where = "stream = $1 and public" if public_only else "stream = $1"
    return read_all(Event, await conn.fetch(f"select {COLUMNS} from event where {where} order by version", stream))


async def feed(conn: Connection, after: tuple[int, int], limit: int) -> list[Event]:
    """Return the next events behind a place in the feed, none ever skipped, all from finished transactions."""
    rows = await conn.fetch(
        f"""
        select {COLUMNS} from event
        where (xid, seq) > ($1::text::xid8, $2) and xid < pg_snapshot_xmin(pg_current_snapshot())
        order by xid, seq limit $3
        """,
        str(after[0]),
        after[1],
        limit,
    )
    return read_all(Event, rows)


async def read_on(pool: Pool, name: str, handler: Handler, now: datetime, limit: int = 100) -> int:
    """Give one reader its next events, and move its cursor in the same transaction; return how many there were.

    Database effects of a handler therefore happen exactly once; others at least once. Two processes never serve
    one reader at the same time: the second finds nothing to do.
    """
    async with begin(pool, now, SYSTEM) as tx:
        await tx.conn.execute("insert into event_reader (name) values ($1) on conflict do nothing", name)
        cursor = await tx.conn.fetchrow(
            "select xid::text::bigint as xid, seq from event_reader where name = $1 for update skip locked", name
        )
        if cursor is None:
            return 0
        events = await feed(tx.conn, (cursor["xid"], cursor["seq"]), limit)
        for event in events:
            await handler(tx, event)
        if events:
            await tx.conn.execute(
                "update event_reader set xid = $2::text::xid8, seq = $3 where name = $1",
                name,
                str(events[-1].xid),
                events[-1].seq,
            )
        return len(events)


async def ensure_partitions(conn: Connection, now: datetime, months: int = 3) -> list[str]:
    """Make the monthly partitions of the growing tables for this month and those ahead; return the new ones."""
    made = []
    async with conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", _PARTITION_LOCK)
        tables = [row["relname"] for row in await conn.fetch(_PARTITIONED)]
        for table, (start, end) in product(tables, _months(now, months)):
            name = f"{table}_{start:%Y%m}"
            if await conn.fetchval("select to_regclass($1)", name) is None:
                await conn.execute(
                    f"create table {name} partition of {table} "
                    f"for values from ('{floor_uuid7(start)}') to ('{floor_uuid7(end)}')"
                )
                made.append(name)
    return made


def _months(now: datetime, count: int) -> list[tuple[datetime, datetime]]:
    firsts = [
        datetime(now.year + (now.month - 1 + i) // 12, (now.month - 1 + i) % 12 + 1, 1, tzinfo=UTC)
        for i in range(count + 1)
    ]
    return list(pairwise(firsts))

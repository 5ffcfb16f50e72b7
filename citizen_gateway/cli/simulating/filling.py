"""Filling a database: everything in one transaction, indexes made after the rows, readers of the log set to its end.

A city is filled whole or not at all: whoever ends it half-way leaves an empty one.
"""

import gc
import random
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from io import BytesIO

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.cli.simulating.habits import Habits, read_habits
from citizen_gateway.cli.simulating.lives import People
from citizen_gateway.cli.simulating.matters import Matters
from citizen_gateway.cli.simulating.rows import COLUMNS, Row, Town, Waiting, Writer, staff_of
from citizen_gateway.kernel.ids import CitizenId, uuid7
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import ensure_partitions
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.session import Raw
from citizen_gateway.platform.vault import Vault

BATCH = 5000
_STAFF = 2000
_CITIZENS_PER_TICKET = 0.4
_INDEXES = """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relname = any($1) and c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_constraint where conindid = i.indexrelid)
    order by 1
"""

Progress = Callable[[str, float], None]


class Wanted(msgspec.Struct, frozen=True):
    """How large a city is wanted: tickets over so many days up to now."""

    tickets: int
    days: int
    seed: int


class Filled(msgspec.Struct, frozen=True):
    """What was written."""

    tickets: int
    events: int
    reports: int
    ratings: int
    citizens: int
    open: int


async def fill(
    tx: Transaction, place: tuple[City, Vault], wanted: Wanted, progress: Progress, readers: Iterable[str]
) -> Filled:
    """Fill an empty city, whose channels' ids the vault seals; `readers` go on behind what is written.

    Raises `StartupError` where the city has tickets: nobody's real ones are ever mixed with these.
    """
    if await tx.conn.fetchval("select exists (select from ticket)"):
        raise StartupError("This city has tickets; only an empty one is filled with simulated ones.")
    await ensure_partitions(tx.conn, tx.now - timedelta(days=wanted.days), months=wanted.days // 28 + 3)
    rng = random.Random(wanted.seed)  # noqa: S311 - a city that is made again is the same city
    raw = await tx.conn.raw()
    async with _without_indexes(raw, progress):
        town = await _settle(raw, rng, place, wanted, tx.now)
        filled = await _write(raw, Writer(town, wanted.seed), wanted, progress)
        await _enqueue(raw, filled.waiting, tx.now)
    for reader in readers:
        await _set_to_end(raw, reader)
    return msgspec.structs.replace(filled.counted, citizens=len(town.citizens))


class _Written(msgspec.Struct, frozen=True):
    counted: Filled
    waiting: list[Waiting]


async def _write(raw: Raw, writer: Writer, wanted: Wanted, progress: Progress) -> _Written:
    reports = ratings = still_open = 0
    gc.freeze()  # a city's hundred thousand areas need no looking at while a million tickets are made
    while writer.tickets < wanted.tickets:
        for _ in range(min(BATCH, wanted.tickets - writer.tickets)):
            still_open += writer.write().is_open
        rows = writer.take()
        reports, ratings = reports + len(rows["report"]), ratings + len(rows["rating"])
        await _copy(raw, rows)
        progress("tickets", writer.tickets / wanted.tickets)
    counted = Filled(writer.tickets, writer.events, reports, ratings, 0, still_open)
    return _Written(counted, writer.waiting)


async def _copy(raw: Raw, rows: Mapping[str, Sequence[Row]]) -> None:
    for table, columns in COLUMNS.items():
        if table == "ticket_words":  # a tsvector has no binary form that clients write
            lines = "".join(f"{ticket}\t{version}\t{_escaped(words)}\n" for ticket, version, words in rows[table])
            await raw.copy_to_table(table, source=BytesIO(lines.encode()), columns=columns, format="text")
        else:
            await raw.copy_records_to_table(table, records=rows[table], columns=columns)


def _escaped(words: object) -> str:
    return str(words).replace("\\", "\\\\")


async def _settle(raw: Raw, rng: random.Random, place: tuple[City, Vault], wanted: Wanted, now: datetime) -> Town:
    """Let citizens live there, each known to one channel."""
    city, vault = place
    habits: Habits = read_habits()
    since = now - timedelta(days=wanted.days + 30)
    count = max(10, round(wanted.tickets * _CITIZENS_PER_TICKET))
    citizens = [CitizenId(uuid7(since, rng.randbytes(10))) for _ in range(count)]
    await raw.copy_records_to_table(
        "citizen", records=((one, None, since) for one in citizens), columns=("id", "locale", "created_at")
    )
    channels = rng.choices(list(habits.channels), weights=list(habits.channels.values()), k=count)
    identities = (
        (channel, vault.index(f"{channel}:{subject}"), vault.seal(subject), one, since)
        for number, (channel, one) in enumerate(zip(channels, citizens, strict=True))
        for subject in [f"1{30 + number % 70}{number:08d}" if channel == "hotline_12345" else f"simulated-{number}"]
    )
    columns = ("channel", "subject_hash", "subject_sealed", "citizen_id", "created_at")
    await raw.copy_records_to_table("identity", records=identities, columns=columns)
    matters = Matters(city, habits, now, wanted.days)
    return Town(city, habits, matters, People(staff_of(rng, _STAFF)), citizens, vault, now)


@asynccontextmanager
async def _without_indexes(raw: Raw, progress: Progress) -> AsyncIterator[None]:
    """Take the indexes away that only find rows, and make them again when all rows are there."""
    await raw.execute("set local maintenance_work_mem = '512MB'")
    found = await raw.fetch(_INDEXES, [*COLUMNS, "identity"])
    for row in found:
        await raw.execute(f"drop index {row['name']}")
    yield
    for number, row in enumerate(found):
        await raw.execute(row["made"].replace(" ON ONLY ", " ON "))
        progress("indexes", (number + 1) / len(found))
    for table in (*COLUMNS, "identity", "citizen"):
        await raw.execute(f"analyze {table}")


async def _enqueue(raw: Raw, waiting: Sequence[Waiting], now: datetime) -> None:
    await raw.executemany(
        """
        insert into job_pgqueuer (priority, entrypoint, payload, execute_after, headers, status)
        values (0, $1, $2, now() + $3::interval, '{}', 'queued')
        """,
        [(one.kind, msgspec.json.encode(one.payload), max(one.at - now, timedelta())) for one in waiting],
    )


async def _set_to_end(raw: Raw, reader: str) -> None:
    """Let a reader of the event log go on behind what was written: its effects are written too."""
    await raw.execute(
        """
        insert into event_reader (name, xid, seq) select $1, pg_current_xact_id(), last_value from event_seq
        on conflict (name) do update set xid = excluded.xid, seq = excluded.seq
        """,
        reader,
    )

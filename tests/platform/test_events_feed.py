"""The event log as readers see it: in order, without gaps, each event once."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import asyncpg
import pytest

from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.events import Event, Fact, Head, feed, read_on, record

NEWS = Fact("test.news", {})


class Reader:
    """One reader who notes in the database what it was given of some streams."""

    def __init__(self, pool: Pool, streams: set[UUID]) -> None:
        self.name = f"reader-{uuid4()}"
        self._pool = pool
        self._streams = streams

    async def handle(self, tx: Transaction, event: Event) -> None:
        """Note one event."""
        if event.stream in self._streams:
            await tx.conn.execute(
                "insert into noted (reader, stream, version) values ($1, $2, $3)",
                self.name,
                event.stream,
                event.version,
            )

    async def catch_up(self, tx: Transaction) -> None:
        """Read until nothing is left."""
        while await read_on(self._pool, self.name, self.handle, tx.now):
            pass

    async def noted(self) -> list[tuple[UUID, int]]:
        """Return what was noted, in its order."""
        rows = await self._pool.fetch("select stream, version from noted where reader = $1 order by place", self.name)
        return [(row["stream"], row["version"]) for row in rows]


@pytest.fixture(autouse=True, scope="module")
async def notes(pool: Pool) -> AsyncIterator[None]:
    """Give readers a table to note events in."""
    await pool.execute("create table noted (place bigserial, reader text, stream uuid, version int)")
    yield
    await pool.execute("drop table noted")


async def tell(pool: Pool, tx: Transaction, stream: UUID, head: Head = Head()) -> Head:  # noqa: B008 - immutable
    """Record one event in a transaction of its own."""
    async with begin(pool, tx.now) as own:
        return await record(own, stream, head, [NEWS])


class TestNoGaps:
    """An event that commits late is read late, never skipped."""

    async def test_a_slow_transaction_holds_the_feed(self, pool: Pool, tx: Transaction) -> None:
        """While an earlier transaction runs, what came after it waits; then both are read, the earlier one first."""
        slow_stream, fast_stream = uuid4(), uuid4()
        reader = Reader(pool, {slow_stream, fast_stream})
        async with begin(pool, tx.now) as slow:
            await record(slow, slow_stream, Head(), [NEWS])
            await slow.conn.flush()
            await tell(pool, tx, fast_stream)
            await reader.catch_up(tx)
            assert await reader.noted() == []
        await reader.catch_up(tx)
        assert await reader.noted() == [(slow_stream, 1), (fast_stream, 1)]

    async def test_many_writers_of_all_speeds(self, pool: Pool, tx: Transaction) -> None:
        """Forty transactions, some slow, some rolled back, are read while they run: each committed event once."""
        streams = [uuid4() for _ in range(40)]
        dice = random.Random(7)  # noqa: S311 - for the order of a test
        reader = Reader(pool, set(streams))
        written: set[UUID] = set()

        async def write(stream: UUID, pauses: list[float], *, fails: bool) -> None:
            with suppress(ZeroDivisionError):
                async with begin(pool, tx.now) as own:
                    await asyncio.sleep(pauses[0])
                    head = await record(own, stream, Head(), [NEWS])
                    await own.conn.flush()
                    await asyncio.sleep(pauses[1])
                    await record(own, stream, head, [NEWS, NEWS])
                    if fails:
                        raise ZeroDivisionError
                written.add(stream)

        plans = [([dice.random() / 8, dice.random() / 8], dice.random() < 0.2) for _ in streams]
        writers = asyncio.gather(*(write(s, p, fails=f) for s, (p, f) in zip(streams, plans, strict=True)))
        while not writers.done():
            await reader.catch_up(tx)
            await asyncio.sleep(0.005)
        await writers
        await reader.catch_up(tx)
        noted = await reader.noted()
        assert sorted(noted) == sorted((stream, version) for stream in written for version in (1, 2, 3))
        assert 0 < len(written) < len(streams)

    async def test_a_place_in_the_feed_is_a_place_for_good(self, pool: Pool, tx: Transaction) -> None:
        """Pages of one event at a time give the same order as one page of all."""
        stream = uuid4()
        head = Head()
        for _ in range(5):
            head = await tell(pool, tx, stream, head)
        whole = [event for event in await feed(tx.conn, (0, 0), 10_000) if event.stream == stream]
        paged, place = [], (whole[0].xid, whole[0].seq - 1)
        for _ in whole:
            (event,) = await feed(tx.conn, place, 1)
            place = (event.xid, event.seq)
            paged.append(event)
        assert [event.version for event in whole] == [1, 2, 3, 4, 5]
        assert paged == whole


class TestOrder:
    """Events of one stream are read in the order in which they happened."""

    async def test_an_older_transaction_writes_last(self, pool: Pool, tx: Transaction) -> None:
        """One that began to write first but reached the stream second comes second, as its version says."""
        stream = uuid4()
        reader = Reader(pool, {stream})
        async with begin(pool, tx.now) as older:
            await older.conn.execute("select pg_current_xact_id()")
            head = await tell(pool, tx, stream)
            head = await record(older, stream, head, [NEWS, NEWS])
        await tell(pool, tx, stream, head)
        await reader.catch_up(tx)
        assert [version for _, version in await reader.noted()] == [1, 2, 3, 4]


class TestExactlyOnce:
    """Effects in the database happen once per reader and event, whatever fails."""

    async def test_two_processes_serve_one_reader(self, pool: Pool, tx: Transaction) -> None:
        """Four that read on in the same reader's name at the same time do each event once, in order."""
        streams = [uuid4() for _ in range(30)]
        reader = Reader(pool, set(streams))
        for stream in streams:
            await tell(pool, tx, stream)
        while len(await reader.noted()) < len(streams):
            await asyncio.gather(*(read_on(pool, reader.name, reader.handle, tx.now, limit=4) for _ in range(4)))
        await asyncio.gather(*(reader.catch_up(tx) for _ in range(4)))
        assert await reader.noted() == [(stream, 1) for stream in streams]

    async def test_each_reader_reads_for_itself(self, pool: Pool, tx: Transaction) -> None:
        """Two readers get all events each."""
        stream = uuid4()
        await tell(pool, tx, stream)
        for reader in (Reader(pool, {stream}), Reader(pool, {stream})):
            await reader.catch_up(tx)
            assert await reader.noted() == [(stream, 1)]

    async def test_a_handler_that_fails_halfway(self, pool: Pool, tx: Transaction) -> None:
        """Nothing of a failed batch remains; the next attempt begins where the last good one ended."""
        streams = [uuid4() for _ in range(5)]
        reader = Reader(pool, set(streams))
        await reader.catch_up(tx)
        for stream in streams:
            await tell(pool, tx, stream)

        async def stumble(own: Transaction, event: Event) -> None:
            await reader.handle(own, event)
            if event.stream == streams[3]:
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await read_on(pool, reader.name, stumble, tx.now)
        assert await reader.noted() == []
        await reader.catch_up(tx)
        assert await reader.noted() == [(stream, 1) for stream in streams]

    async def test_a_connection_lost_halfway(self, pool: Pool, tx: Transaction) -> None:
        """A reader whose session the server ends in the middle is as if it had not begun."""
        streams = [uuid4() for _ in range(3)]
        reader = Reader(pool, set(streams))
        for stream in streams:
            await tell(pool, tx, stream)

        async def die(own: Transaction, event: Event) -> None:
            await reader.handle(own, event)
            if event.stream == streams[1]:
                await tx.conn.execute("select pg_terminate_backend($1)", (await own.conn.raw()).get_server_pid())
                await own.conn.execute("select 1")

        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await read_on(pool, reader.name, die, tx.now, limit=10_000)
        await reader.catch_up(tx)
        assert [stream for stream, _ in await reader.noted()] == streams

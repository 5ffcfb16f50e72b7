"""Work that waits: it exists exactly if its transaction committed, and is done whatever dies."""

import asyncio
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from citizen_gateway.platform import jobs
from citizen_gateway.platform.db import Pool, Transaction, begin, connect
from citizen_gateway.platform.jobs import ATTEMPTS, STALLED_AFTER, Duty, Kind

TABLE = jobs._SETTINGS.queue_table


class Task(msgspec.Struct, frozen=True):
    """What is to be done."""

    name: str
    weight: int = 1


Do = Callable[[Transaction, Task], Awaitable[None]]


@pytest.fixture
def kind() -> Kind[Task]:
    """Return a kind of job no other test has."""
    return Kind(f"test.{uuid4().hex}", Task)


@pytest.fixture(autouse=True, scope="module")
async def done(pool: Pool) -> AsyncIterator[None]:
    """Give workers a table to note in what they did."""
    await pool.execute("create table done (kind text, name text)")
    yield
    await pool.execute("drop table done")


@asynccontextmanager
async def working(database: str, pool: Pool, now: datetime, duty: Duty[Task]) -> AsyncIterator[None]:
    """Run a worker for one duty."""
    conn = await asyncpg.connect(database)
    queuer = jobs.queue(conn)
    jobs.employ(queuer, pool, lambda: now, duty)
    running = asyncio.ensure_future(jobs.work(queuer))
    try:
        yield
    finally:
        queuer.shutdown.set()
        await running
        await conn.close()


async def until(reached: Callable[[], Awaitable[object]]) -> None:
    """Wait until a condition holds; give up after long."""
    for _ in range(2000):
        if await reached():
            return
        await asyncio.sleep(0.02)
    pytest.fail("waited in vain")


async def statuses(pool: Pool, kind: Kind[Task]) -> list[str]:
    """Return the states of the jobs of a kind that are still kept."""
    rows = await pool.fetch(f"select status::text from {TABLE} where entrypoint = $1 order by id", kind.name)
    return [row["status"] for row in rows]


def noting(kind: Kind[Task]) -> Do:
    """Return a handler that notes what it did."""

    async def note(tx: Transaction, task: Task) -> None:
        await tx.conn.execute("insert into done values ($1, $2)", kind.name, task.name)

    return note


async def noted(pool: Pool, kind: Kind[Task]) -> list[str]:
    """Return what was done of a kind."""
    return [row["name"] for row in await pool.fetch("select name from done where kind = $1 order by 1", kind.name)]


class TestEnqueue:
    """A job exists exactly if the transaction that ordered it committed."""

    async def test_with_its_transaction(self, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """A rolled back order is none, a committed one waits."""
        with suppress(ZeroDivisionError):
            async with begin(pool, now) as tx:
                await kind.enqueue(tx, Task("never"))
                raise ZeroDivisionError
        assert await statuses(pool, kind) == []
        async with begin(pool, now) as tx:
            await kind.enqueue(tx, Task("once"))
            assert (await jobs.pending(tx.conn))[kind.name] == 1
        assert await statuses(pool, kind) == ["queued"]

    async def test_not_before_its_time(self, database: str, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """A job for later is left alone while one for now, and one overdue, are done."""
        async with begin(pool, now) as tx:
            await kind.enqueue(tx, Task("later"), at=now + timedelta(hours=1))
            await kind.enqueue(tx, Task("overdue"), at=now - timedelta(hours=1))
            await kind.enqueue(tx, Task("now"))
        async with working(database, pool, now, Duty(kind, noting(kind))):
            await until(lambda: _count(pool, kind, 2))
        assert await noted(pool, kind) == ["now", "overdue"]
        assert await statuses(pool, kind) == ["queued"]


class TestWork:
    """Each job is done, and gone when it is done."""

    async def test_many_jobs_two_workers(self, database: str, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """Two workers share forty jobs and do each once."""
        names = sorted(f"{i:02}" for i in range(40))
        async with begin(pool, now) as tx:
            for name in names:
                await kind.enqueue(tx, Task(name))
        duty = Duty(kind, noting(kind))
        async with working(database, pool, now, duty), working(database, pool, now, duty):
            await until(lambda: _gone(pool, kind))
        assert await noted(pool, kind) == names

    async def test_a_failure_is_tried_again(self, database: str, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """A handler that fails twice leaves nothing of its failures, and succeeds the third time."""
        attempts = 0

        async def stumble(tx: Transaction, task: Task) -> None:
            nonlocal attempts
            attempts += 1
            await noting(kind)(tx, task)
            if attempts < 3:
                raise ZeroDivisionError

        async with begin(pool, now) as tx:
            await kind.enqueue(tx, Task("hard"))
        async with working(database, pool, now, Duty(kind, stumble)), _no_pauses(pool, kind):
            await until(lambda: _gone(pool, kind))
        assert (attempts, await noted(pool, kind)) == (3, ["hard"])

    async def test_a_hopeless_job_is_held(self, database: str, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """After the last attempt it stays for a person, counts as waiting no more, and others go on."""
        attempts = 0

        async def fail(tx: Transaction, task: Task) -> None:
            nonlocal attempts
            if task.name == "hopeless":
                attempts += 1
                raise ZeroDivisionError
            await noting(kind)(tx, task)

        async with begin(pool, now) as tx:
            await kind.enqueue(tx, Task("hopeless"))
            await kind.enqueue(tx, Task("easy"))
        async with working(database, pool, now, Duty(kind, fail)), _no_pauses(pool, kind):
            await until(lambda: _held(pool, kind))
        assert await noted(pool, kind) == ["easy"]
        assert attempts == ATTEMPTS
        async with pool.acquire() as conn:
            assert kind.name not in await jobs.pending(conn)


class TestKilled:
    """A job outlives the process that was doing it."""

    async def test_kill_9_in_the_middle(self, database: str, pool: Pool, now: datetime, kind: Kind[Task]) -> None:
        """Nothing of the killed attempt remains, and another worker does the job once it counts as stalled."""
        async with begin(pool, now) as tx:
            await kind.enqueue(tx, Task("survivor"))
        victim = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _VICTIM, database, kind.name, stdout=asyncio.subprocess.PIPE
        )
        assert victim.stdout is not None
        assert await victim.stdout.readline() == b"halfway\n"
        victim.send_signal(signal.SIGKILL)
        await victim.communicate()
        assert await statuses(pool, kind) == [
            "picked"
        ]  # and it would be left alone while its worker gives signs of life
        await pool.execute(
            f"update {TABLE} set heartbeat = heartbeat - $2::interval where entrypoint = $1",
            kind.name,
            2 * STALLED_AFTER,
        )
        async with working(database, pool, now, Duty(kind, noting(kind))):
            await until(lambda: _gone(pool, kind))
        assert await noted(pool, kind) == ["survivor"]


class TestInstall:
    """The queue's tables are made once."""

    async def test_processes_that_start_together(self, database: str, pool: Pool) -> None:
        """Four processes that install into an empty database at the same time all succeed, and again later."""
        name = f"empty_{uuid4().hex}"
        await pool.execute(f"create database {name}")
        links = [await connect(database.replace("/citizen_gateway?", f"/{name}?")) for _ in range(4)]
        await asyncio.gather(*(jobs.install(link) for link in links))
        await jobs.install(links[0])
        assert await jobs.pending(links[0]) == {}
        for link in links:
            await link.close()
        await pool.execute(f"drop database {name}")


_VICTIM = textwrap.dedent("""
    import asyncio, sys
    from datetime import UTC, datetime
    import asyncpg, msgspec
    from citizen_gateway.platform import db, jobs

    async def main(url, name):
        async def do(tx, task):
            await tx.conn.execute("insert into done values ($1, 'half')", name)
            print("halfway", flush=True)
            await asyncio.sleep(600)

        queuer = jobs.queue(await asyncpg.connect(url))
        duty = jobs.Duty(jobs.Kind(name, msgspec.defstruct("Task", ["name"])), do)
        jobs.employ(queuer, await db.open_pool(url, 2), lambda: datetime.now(UTC), duty)
        await jobs.work(queuer)

    asyncio.run(main(*sys.argv[1:]))
""")


@asynccontextmanager
async def _no_pauses(pool: Pool, kind: Kind[Task]) -> AsyncIterator[None]:
    """Let the pauses between the attempts at jobs of a kind end at once."""

    async def hurry() -> None:
        while True:
            await pool.execute(f"update {TABLE} set execute_after = now() where entrypoint = $1", kind.name)
            await asyncio.sleep(0.1)

    hurrying = asyncio.ensure_future(hurry())
    try:
        yield
    finally:
        hurrying.cancel()
        with suppress(asyncio.CancelledError):
            await hurrying


async def _count(pool: Pool, kind: Kind[Task], wanted: int) -> bool:
    return len(await noted(pool, kind)) == wanted


async def _gone(pool: Pool, kind: Kind[Task]) -> bool:
    return await statuses(pool, kind) == []


async def _held(pool: Pool, kind: Kind[Task]) -> bool:
    return await statuses(pool, kind) == ["failed"]

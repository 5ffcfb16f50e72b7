"""Work that waits: enqueued in the caller's transaction, done at least once, also after `kill -9`.

PgQueuer keeps and hands out the jobs. Its NOTIFY trigger stays off: PostgreSQL lets transactions that notify commit
only one after another, which would cost intake its group commit; the worker looks for due jobs each `POLL_S` instead.
A job is inserted by our own statement, the row that PgQueuer would insert less the one in its statistics' log.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from pgqueuer.models import Job

from citizen_gateway.kernel.clock import Clock
from citizen_gateway.platform.db import Connection, OwnConnection, Pool, Transaction, begin

POLL_S = 0.5
CONCURRENCY = 8

STALLED_AFTER = timedelta(seconds=30)
ATTEMPTS = 8

_SETTINGS = DBSettings(prefix="job_")
_INSTALL_LOCK = 0x63_67_6A_71  # any constant: two processes must not install at once
_BUILDER = QueryQueueBuilder(_SETTINGS)
_ENQUEUE = f"""
    insert into {_SETTINGS.queue_table} (priority, entrypoint, payload, execute_after, headers, status)
    values (0, $1, $2, now() + $3::interval, '{{}}', 'queued')
"""

P = TypeVar("P", bound=msgspec.Struct)


class Kind(Generic[P]):
    """A kind of job: its name and the form of its payload."""

    def __init__(self, name: str, payload: type[P]) -> None:
        self.name = name
        self.payload = payload

    async def enqueue(self, tx: Transaction, payload: P, at: datetime | None = None) -> None:
        """Enqueue one job, to be done at `at` or at once; it exists exactly if the transaction commits."""
        delay = max(at - tx.now, timedelta()) if at else timedelta()
        tx.conn.later(_ENQUEUE, self.name, msgspec.json.encode(payload), delay)


class Duty(Generic[P]):
    """A kind of job with the one who does it."""

    def __init__(self, kind: Kind[P], do: Callable[[Transaction, P], Awaitable[None]]) -> None:
        self.kind = kind
        self.do = do

    async def run(self, pool: Pool, clock: Clock, body: bytes | None) -> None:
        """Do one job in a transaction of its own."""
        payload = msgspec.json.decode(body or b"{}", type=self.kind.payload)
        async with begin(pool, clock()) as tx:
            await self.do(tx, payload)


async def install(conn: OwnConnection) -> None:
    """Make PgQueuer's tables where they are absent, and keep its trigger silent."""
    async with conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", _INSTALL_LOCK)
        if await conn.fetchval("select to_regclass($1)", _SETTINGS.queue_table) is None:
            await conn.execute(QueryBuilderEnvironment(_SETTINGS).build_install_query())
            await conn.execute(f"alter table {_SETTINGS.queue_table} disable trigger {_SETTINGS.trigger}")


async def pending(conn: Connection) -> dict[str, int]:
    """Return how many jobs of each kind wait or run."""
    rows = await conn.fetch(
        f"select entrypoint, count(*) as n from {_SETTINGS.queue_table} where status <> 'failed' group by entrypoint"
    )
    return {row["entrypoint"]: row["n"] for row in rows}


def queue(conn: OwnConnection) -> PgQueuer:
    """Return a queue over a plain connection of its own (PgQueuer brings its own codecs)."""
    driver = AsyncpgDriver(conn)
    builders = QueryBuilderEnvironment(_SETTINGS), _BUILDER, QuerySchedulerBuilder(_SETTINGS)
    queries = Queries(driver, *builders)
    return PgQueuer(driver, channel=Channel(_SETTINGS.channel), queries=queries)


def employ(queuer: PgQueuer, pool: Pool, clock: Clock, duty: Duty[P]) -> None:
    """Register one duty: tried again with growing pauses, and kept for a person after the last attempt."""

    async def run(job: Job) -> None:
        await duty.run(pool, clock, job.payload)

    queuer.entrypoint(duty.kind.name, concurrency_limit=CONCURRENCY, on_failure="hold", executor_factory=_retrying)(run)


async def work(queuer: PgQueuer) -> None:
    """Do jobs until `queuer.shutdown` is set; a job whose worker died is picked up after `STALLED_AFTER`."""
    await queuer.run(
        dequeue_timeout=timedelta(seconds=POLL_S),
        batch_size=CONCURRENCY,
        max_concurrent_tasks=2 * CONCURRENCY,
        heartbeat_timeout=STALLED_AFTER,
    )


def _retrying(parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
    retries = ATTEMPTS - 1  # what PgQueuer calls attempts
    return DatabaseRetryEntrypointExecutor(parameters, max_attempts=retries)

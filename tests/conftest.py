"""Real engines for every test that needs them: one private PostgreSQL and Valkey for the whole session."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
import redis.asyncio as redis

from citizen_gateway.platform import db, jobs
from citizen_gateway.platform.cache import open_cache
from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.engines import Engines, start_engines
from citizen_gateway.platform.events import ensure_partitions
from citizen_gateway.platform.settings import Settings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    """Return the moment at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Private engines below a folder of this session; they end with it."""
    with start_engines(Settings(data=str(tmp_path_factory.mktemp("e")))) as started:
        yield started


@pytest.fixture(scope="session")
async def database(engines: Engines) -> str:
    """Return the address of a database with all tables, the job tables and this month's partitions."""
    conn = await db.connect(engines.database_url)
    try:
        await db.migrate(conn)
        await jobs.install(conn)
        await ensure_partitions(conn, NOW)
    finally:
        await conn.close()
    return engines.database_url


@pytest.fixture(scope="session")
async def pool(database: str) -> AsyncIterator[Pool]:
    """Give connections to the migrated database; what a test commits through them stays for the session."""
    opened = await db.open_pool(database, 12)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def cache(engines: Engines) -> AsyncIterator[redis.Redis]:
    """Give a client of the session's Valkey."""
    opened = await open_cache(engines.redis_url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def tx(pool: Pool, now: datetime) -> AsyncIterator[Transaction]:
    """Give a unit of work of the system's that leaves no trace."""
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        try:
            yield Transaction(conn, now)
        finally:
            await transaction.rollback()

"""A small simulated city in a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import save_pack
from citizen_gateway.cli.simulating.filling import Filled, Wanted, fill
from citizen_gateway.platform import db, jobs
from citizen_gateway.platform.db import OwnConnection
from citizen_gateway.platform.engines import Engines
from citizen_gateway.platform.vault import Vault

TICKETS = 1500
FILLED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""The same tickets at every hour: few are withdrawn or rejected."""


@asynccontextmanager
async def empty_city(engines: Engines, pack: Pack, name: str) -> AsyncIterator[OwnConnection]:
    """Give a database of its own with all tables and the pack."""
    root = await db.connect(engines.database_url)
    await root.execute(f"drop database if exists {name}")
    await root.execute(f"create database {name}")
    conn = await db.connect(engines.database_url.replace("/citizen_gateway?", f"/{name}?"))
    try:
        await db.migrate(conn)
        await jobs.install(conn)
        await save_pack(conn, pack)
        yield conn
    finally:
        await conn.close()
        await root.execute(f"drop database {name}")
        await root.close()


@pytest.fixture(scope="session")
async def simulated(
    engines: Engines, pack: Pack, city: City, vault: Vault
) -> AsyncIterator[tuple[OwnConnection, Filled]]:
    """Give a city of some tickets."""
    async with empty_city(engines, pack, "simulated") as conn:
        async with db.begin_on(conn, FILLED_AT) as tx:
            filled = await fill(tx, (city, vault), Wanted(TICKETS, 365, 7), lambda _step, _done: None, ["desk"])
        yield conn, filled

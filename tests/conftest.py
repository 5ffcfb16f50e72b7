"""Real engines for every test that needs them: one private PostgreSQL and Valkey for the whole session."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import redis.asyncio as redis

from citizen_gateway.app import create_app
from citizen_gateway.city.joining import Joining
from citizen_gateway.city.model import Satisfaction
from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import save_pack
from citizen_gateway.cli.running import Running, running
from citizen_gateway.intake.service import Intake
from citizen_gateway.platform import db, jobs, sandbox
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.cache import open_cache
from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.engines import Engines, start_engines
from citizen_gateway.platform.events import ensure_partitions
from citizen_gateway.platform.resources import resource
from citizen_gateway.platform.settings import Environment, Settings
from citizen_gateway.platform.vault import Vault
from citizen_gateway_sdk import Gateway as Client
from tests.gateway import DEPARTMENT, ELSEWHERE, Clockwork, Gateway, Person, living

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_SECRET_KEY = "a key that only these tests are meant to know"


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
        await sandbox.prepare(conn)
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


@pytest.fixture(scope="session")
def thin_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the city's pack with all rules and departments, but few communities and grids.

    It joins no reports, so that each test has tickets of its own at the usual spot, and draws no closed ticket to be
    followed up; see `busy` for what does both.
    """
    folder = tmp_path_factory.mktemp("pack") / "thin"
    shutil.copytree(resource("cities") / "zhengzhou", folder)
    _thin(folder / "communities.csv", "410103")
    (folder / "joining.toml").unlink()
    city = (folder / "city.toml").read_text("utf-8")
    (folder / "city.toml").write_text(city.replace("follow_up_share = 0.05", "follow_up_share = 0.0"), "utf-8")
    made_up = (folder / "synthesis.toml").read_text("utf-8").splitlines()
    few = {"grids": 400, "micro_grids": 600}
    lines = [f"{name} = {few[name]}" if (name := line.split(" ")[0]) in few else line for line in made_up]
    (folder / "synthesis.toml").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture(scope="session")
def pack(thin_pack: Path) -> Pack:
    """Return the thin pack, read."""
    return load_pack(thin_pack)


def _thin(file: Path, beginning: str) -> None:
    header, *lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([header, *(line for line in lines if line.startswith(beginning))]), "utf-8")


@pytest.fixture(scope="session")
def city(pack: Pack) -> City:
    """Return the city as handlers ask it."""
    return City.from_pack(pack)


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Return the vault the session's gateway has."""
    return Vault(_SECRET_KEY)


@pytest.fixture(scope="session")
def settings(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of the session's gateway: development, and limits that no test meets by chance."""
    return Settings(
        environment=Environment.DEVELOPMENT,
        data=str(tmp_path_factory.mktemp("d")),
        database_url=engines.database_url,
        redis_url=engines.redis_url,
        secret_key=_SECRET_KEY,
        log_level="error",
        report_burst=10_000,
        client_burst=10_000,
        look_burst=10_000,
        login_per_hour=10_000,
    )


@pytest.fixture(scope="session")
async def gateway(settings: Settings, database: str, pack: Pack) -> AsyncIterator[Gateway]:
    """Give a running application; what its callers store stays for the session."""
    conn = await db.connect(database)
    try:
        await save_pack(conn, pack)
    finally:
        await conn.close()
    clock = Clockwork(NOW)
    app = create_app(settings, clock)
    async with living(app):
        running = Gateway(app, app.state.parts, clock)
        async with running.http:
            yield running


@pytest.fixture(scope="session")
async def busy(settings: Settings, gateway: Gateway, pack: Pack) -> AsyncIterator[Gateway]:
    """Give an application beside the usual one whose city joins reports of one event, as the city's own pack says.

    It has every closed ticket followed up.
    """
    rules = msgspec.toml.decode((resource("cities") / "zhengzhou" / "joining.toml").read_bytes(), type=Joining)
    described = msgspec.structs.replace(
        pack.directory.settings, joining=rules, satisfaction=Satisfaction(follow_up_share=1.0)
    )
    whole = msgspec.structs.replace(pack, directory=msgspec.structs.replace(pack.directory, settings=described))
    app = create_app(settings, gateway.clock)
    async with living(app):
        usual, city = app.state.parts, City.from_pack(whole)
        intake = Intake(city, usual.vault, usual.limiter, settings)
        app.state.parts = msgspec.structs.replace(usual, city=city, intake=intake)
        app.state.by_type = app.state.parts.by_type()
        running = Gateway(app, app.state.parts, gateway.clock)
        async with running.http:
            yield running


@pytest.fixture
async def citizen(gateway: Gateway) -> Person:
    """Give somebody who never called before."""
    return await gateway.citizen()


@pytest.fixture
async def handler(gateway: Gateway) -> Person:
    """Give somebody who handles the tickets of the department of the usual spot."""
    return await gateway.staff(Role.HANDLER, DEPARTMENT)


@pytest.fixture
async def outsider(gateway: Gateway) -> Person:
    """Give somebody who handles the tickets of another district."""
    return await gateway.staff(Role.HANDLER, ELSEWHERE)


@pytest.fixture
async def center(gateway: Gateway) -> Person:
    """Give an operator of the city operations center."""
    return await gateway.staff(Role.CENTER)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, thin_pack: Path) -> Iterator[Running]:
    """Start a gateway as an operator would: its own processes and engines, and real HTTP."""
    settings = Settings(
        environment=Environment.DEVELOPMENT,
        data=str(tmp_path_factory.mktemp("g")),
        port=0,
        log_level="error",
        pack=str(thin_pack),
    )
    with running(settings) as started:
        yield started


@pytest.fixture
def api(live: Running) -> Iterator[Client]:
    """Give an SDK client of the live gateway that nobody signed in with."""
    with Client(live.url) as client:
        yield client

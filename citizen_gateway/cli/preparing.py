"""The database made ready: tables, partitions, job tables, and the city pack."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from citizen_gateway.city.problems import PackError
from citizen_gateway.city.service import LoadSummary, load_city
from citizen_gateway.city.tree import Progress
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db, jobs, sandbox
from citizen_gateway.platform.events import ensure_partitions
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.resources import resource
from citizen_gateway.platform.settings import Settings

Say = Callable[[str], None]


def prepare_database(settings: Settings, say: Say) -> None:
    """Bring the database up to this code and this pack; nothing is done twice. Raises `StartupError`."""
    asyncio.run(_prepare(settings, say))


async def _prepare(settings: Settings, say: Say) -> None:
    conn = await db.connect(database_url(settings))
    try:
        await migrate(conn, say)
        await load(conn, pack_folder(settings), lambda step, done: say(f"City pack: {step} {done:.0%}"))
    finally:
        await conn.close()


async def migrate(conn: db.OwnConnection, say: Say) -> list[str]:
    """Apply what is missing, and make the job tables and the coming months' partitions."""
    applied = await db.migrate(conn)
    for name in applied:
        say(f"Applied migration {name}")
    await jobs.install(conn)
    await sandbox.prepare(conn)
    await ensure_partitions(conn, system_clock())
    return applied


async def load(conn: db.OwnConnection, folder: Path, progress: Progress) -> LoadSummary:
    """Load a city pack, saying which step is how far (0 to 1). Raises `StartupError` with all that is wrong with it."""
    try:
        return await load_city(conn, folder, system_clock().year, progress)
    except PackError as error:
        raise StartupError(str(error)) from error


def pack_folder(settings: Settings) -> Path:
    """Return the folder of the configured pack. Raises `StartupError` where there is none."""
    given = Path(settings.pack)
    found = given if given.is_dir() else resource("cities") / settings.pack
    if not (found / "city.toml").is_file():
        raise StartupError(f"There is no city pack {settings.pack}: neither a folder nor a name below cities/.")
    return found


def database_url(settings: Settings) -> str:
    """Return the configured database. Raises `StartupError` where none is."""
    if settings.database_url is None:
        raise StartupError("DATABASE_URL is needed here; `citizen-gateway up` brings its own engine.")
    return settings.database_url

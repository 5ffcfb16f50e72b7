"""PostgreSQL: the pool, a transaction as services see it, and rows as Structs."""

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy
from pogo_core.util.migrate import apply

from citizen_gateway.platform.actor import SYSTEM, Actor
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.session import Raw, Session

if TYPE_CHECKING:
    OwnConnection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Connection: TypeAlias = OwnConnection | PoolConnectionProxy[asyncpg.Record] | Session
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:  # asyncpg's classes are generic for type checkers alone
    OwnConnection = asyncpg.Connection
    Connection = asyncpg.Connection | PoolConnectionProxy | Session
    Pool = asyncpg.Pool
T = TypeVar("T")

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_MIGRATION_LOCK = 0x63_67_6D_67  # any constant: two processes must not migrate at once
_quiet = logging.getLogger(f"{__name__}.migrations")
_quiet.setLevel(logging.ERROR)  # pogo warns of every migration it applies; we return their names
_JSON = msgspec.json.Encoder(decimal_format="number")


class Transaction:
    """One unit of work: a session with the database, the moment it happens at, and who acts.

    Services read and write through it and never commit; the request or the job does, once.
    """

    __slots__ = ("actor", "conn", "now")

    def __init__(self, conn: Connection, now: datetime, actor: Actor = SYSTEM) -> None:
        self.conn = conn if isinstance(conn, Session) else Session(conn, begun=True)
        self.now = now
        self.actor = actor


async def open_pool(url: str, size: int, *, search_path: str | None = None) -> Pool:
    """Connect; with a search path of its own, connections are opened when they are needed.

    Raises `StartupError` where the database does not answer.
    """
    try:
        return await asyncpg.create_pool(
            url,
            min_size=0 if search_path else min(2, size),
            max_size=size,
            init=prepare,
            reset=_leave_as_is,
            command_timeout=60,
            server_settings={"search_path": search_path} if search_path else None,
        )
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartupError(f"The database cannot be reached: {error}.") from error


async def _leave_as_is(_conn: Raw) -> None:
    """Spare each release the journey of a reset: nothing of ours changes a session; asyncpg ends open transactions."""


async def connect(url: str) -> OwnConnection:
    """Open one connection outside any pool, with our codecs.

    Raises `StartupError` where the database does not answer.
    """
    try:
        conn: OwnConnection = await asyncpg.connect(url)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartupError(f"The database cannot be reached: {error}.") from error
    await prepare(conn)
    return conn


async def prepare(conn: OwnConnection) -> None:
    """Teach a new connection our codecs: jsonb is msgspec both ways."""
    await conn.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + _JSON.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
    )


@asynccontextmanager
async def begin(pool: Pool, now: datetime, actor: Actor = SYSTEM) -> AsyncIterator[Transaction]:
    """Run a unit of work: committed on leaving, rolled back on any error."""
    async with pool.acquire() as conn, begin_on(conn, now, actor) as tx:
        yield tx


@asynccontextmanager
async def begin_on(conn: Raw, now: datetime, actor: Actor = SYSTEM) -> AsyncIterator[Transaction]:
    """Run a unit of work on this connection: committed on leaving, rolled back on any error."""
    session = Session(conn)
    try:
        yield Transaction(session, now, actor)
        await session.commit()
    except BaseException:
        await session.roll_back()
        raise


async def migrate(conn: OwnConnection) -> list[str]:
    """Apply the migrations not yet applied, one process at a time, and return their names."""
    await conn.execute("select pg_advisory_lock($1)", _MIGRATION_LOCK)
    try:
        before = await applied_migrations(conn)
        await apply(conn, MIGRATIONS, schema_name="public", logger=_quiet)
        return sorted(await applied_migrations(conn) - before)
    finally:
        await conn.execute("select pg_advisory_unlock($1)", _MIGRATION_LOCK)


async def applied_migrations(conn: Connection) -> set[str]:
    """Return the names of the migrations this database has."""
    if await conn.fetchval("select to_regclass('public._pogo_migration')") is None:
        return set()
    return {row["migration_id"] for row in await conn.fetch("select migration_id from _pogo_migration")}


def known_migrations() -> set[str]:
    """Return the names of the migrations this code brings."""
    return {path.stem for path in MIGRATIONS.glob("*.sql")}


def read(kind: type[T], row: asyncpg.Record) -> T:
    """Return a row as a Struct of the same field names.

    Raises `msgspec.ValidationError` where the database holds what the Struct does not allow.
    """
    return msgspec.convert(dict(row), kind)


def read_all(kind: type[T], rows: Iterable[asyncpg.Record]) -> list[T]:
    """Return rows as Structs of the same field names."""
    return [read(kind, row) for row in rows]

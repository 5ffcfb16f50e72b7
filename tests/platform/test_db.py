"""PostgreSQL as slices see it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pogo_core.util.migrate import rollback

from citizen_gateway.platform import db
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.db import MIGRATIONS, Pool, Transaction, begin
from citizen_gateway.platform.failures import StartupError


@pytest.fixture
async def empty(database: str, pool: Pool) -> AsyncIterator[str]:
    """Give the address of a database with nothing in it."""
    name = f"empty_{uuid4().hex}"
    await pool.execute(f"create database {name}")
    yield database.replace("/citizen_gateway?", f"/{name}?")
    await pool.execute(f"drop database {name} with (force)")


class TestBegin:
    """A unit of work is committed whole or not at all."""

    async def test_commits_on_leaving(self, pool: Pool, now: datetime) -> None:
        """What was written is there afterwards, and the work knew when and by whom."""
        actor = Actor(ActorKind.STAFF, uuid4())
        async with begin(pool, now, actor) as tx:
            assert (tx.now, tx.actor) == (now, actor)
            await tx.conn.execute("insert into event_reader (name) values ($1)", str(actor.id))
        assert await pool.fetchval("select count(*) from event_reader where name = $1", str(actor.id)) == 1

    async def test_rolls_back_on_any_error(self, pool: Pool, now: datetime) -> None:
        """An error on the way out leaves nothing."""
        name = str(uuid4())
        with suppress(ZeroDivisionError):
            async with begin(pool, now) as tx:
                assert tx.actor is SYSTEM
                await tx.conn.execute("insert into event_reader (name) values ($1)", name)
                raise ZeroDivisionError
        assert await pool.fetchval("select count(*) from event_reader where name = $1", name) == 0


class TestConnect:
    """A database that does not answer is one sentence."""

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://gateway@/x?host=%2Fnowhere",
            "postgresql://gateway@127.0.0.1:1/x",
            "postgresql://gateway@no.invalid/x",
            "nonsense",
        ],
    )
    async def test_nobody_there(self, url: str) -> None:
        """A socket, a port or a host that is not there, or no address at all."""
        with pytest.raises(StartupError, match=r"^The database cannot be reached: "):
            await db.open_pool(url, 2)

    async def test_no_such_database(self, database: str) -> None:
        """A server that runs, without that database."""
        url = database.replace("/citizen_gateway?", "/x?")
        with pytest.raises(StartupError, match=r"^The database cannot be reached: "):
            await db.open_pool(url, 2)


class Shape(StrEnum):
    """A kind of value rows may have."""

    ROUND = "round"


class Row(msgspec.Struct, frozen=True):
    """A row of all kinds of columns."""

    id: UUID
    at: datetime
    shape: Shape
    digest: bytes
    names: tuple[str, ...]
    data: dict[str, object]
    absent: int | None


class TestRead:
    """Rows become Structs."""

    async def test_every_kind_of_column(self, tx: Transaction) -> None:
        """Ids, moments, names of states, bytes, arrays, JSON and nothing."""
        wanted = Row(uuid4(), tx.now, Shape.ROUND, b"\0\xff", ("a", "二"), {"k": [1, None]}, None)
        row = await tx.conn.fetchrow(
            "select $1::uuid id, $2::timestamptz at, $3 shape, $4::bytea digest, $5::text[] as names, "
            "$6::jsonb as data, null::int as absent",
            *(wanted.id, wanted.at, wanted.shape.value, wanted.digest, list(wanted.names), wanted.data),
        )
        assert row is not None
        assert db.read(Row, row) == wanted
        assert db.read_all(Row, [row, row]) == [wanted, wanted]

    async def test_what_the_struct_does_not_allow(self, tx: Transaction) -> None:
        """A state the code does not know is an error, not a guess."""
        row = await tx.conn.fetchrow("select 'square' as shape")
        assert row is not None
        with pytest.raises(msgspec.ValidationError):
            db.read(msgspec.defstruct("OnlyShape", [("shape", Shape)]), row)

    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        value=st.dictionaries(
            st.sampled_from("abc"),
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.integers(-(2**53), 2**53),
        )
    )
    async def test_json_comes_back(self, tx: Transaction, value: dict[str, object]) -> None:
        """Texts of any script and numbers are the same after the database kept them."""
        assert await tx.conn.fetchval("select $1::jsonb", value) == value


class TestMigrate:
    """Migrations are applied once, in their order, whoever asks."""

    async def test_processes_that_start_together(self, empty: str) -> None:
        """Four processes on an empty database: each migration is applied by exactly one of them."""
        links = [await db.connect(empty) for _ in range(4)]
        applied = await asyncio.gather(*(db.migrate(link) for link in links))
        assert sorted(name for names in applied for name in names) == sorted(db.known_migrations())
        assert await db.migrate(links[0]) == []
        assert await db.applied_migrations(links[0]) == db.known_migrations()
        for link in links:
            await link.close()

    async def test_there_and_back(self, empty: str) -> None:
        """Rolled back to nothing, the database can be migrated again: every migration undoes what it did."""
        link = await db.connect(empty)
        await db.migrate(link)
        await rollback(link, MIGRATIONS, count=len(db.known_migrations()), schema_name="public")
        assert await db.applied_migrations(link) == set()
        left = await link.fetch("select relname from pg_class where relnamespace = 'public'::regnamespace")
        assert {row["relname"] for row in left if not row["relname"].startswith(("_pogo", "pogo"))} == set()
        assert set(await db.migrate(link)) == db.known_migrations()
        await link.close()

    async def test_a_database_never_migrated(self, empty: str) -> None:
        """It has no migrations, and asking makes none."""
        link = await asyncpg.connect(empty)
        assert await db.applied_migrations(link) == set()
        await link.close()

    def test_each_migration_says_what_it_depends_on(self) -> None:
        """A name of four digits and a subject, a header, and both directions."""
        for path in sorted(Path(MIGRATIONS).glob("*.sql")):
            text = path.read_text("utf-8")
            assert path.stem[:4].isdigit()
            for part in ("-- depends:", "-- migrate: apply", "-- migrate: rollback"):
                assert part in text, (path.name, part)


def test_now_is_utc(now: datetime) -> None:
    """Tests happen at an aware moment in UTC."""
    assert now.tzinfo is UTC

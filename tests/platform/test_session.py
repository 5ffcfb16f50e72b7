"""Rows put off travel together, and are never forgotten, seen too late or kept by half."""

from uuid import UUID, uuid4

import pytest
from asyncpg.exceptions import UniqueViolationError

from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.session import compose

READER = "insert into event_reader (name) values ($1)"
CITIZEN = "insert into citizen (id, created_at) values ($1, now())"


def put(tx: Transaction, name: str, citizen: UUID) -> None:
    """Put a row of each of two tables off."""
    tx.conn.later(READER, name)
    tx.conn.later(CITIZEN, citizen)


async def there(pool: Pool, name: str, citizen: UUID) -> tuple[bool, bool]:
    """Return whether each row is committed."""
    async with pool.acquire() as conn:
        return (
            await conn.fetchval("select exists (select from event_reader where name = $1)", name),
            await conn.fetchval("select exists (select from citizen where id = $1)", citizen),
        )


class TestLater:
    """Putting rows off."""

    async def test_all_are_committed_together(self, pool: Pool, tx: Transaction) -> None:
        """What was put off is there when the work ends."""
        name, citizen = uuid4().hex, uuid4()
        async with begin(pool, tx.now) as own:
            put(own, name, citizen)
        assert await there(pool, name, citizen) == (True, True)

    async def test_one_that_fails_undoes_all(self, pool: Pool, tx: Transaction) -> None:
        """One statement is one transaction, also without BEGIN."""
        name, citizen = uuid4().hex, uuid4()
        async with begin(pool, tx.now) as own:
            own.conn.later(CITIZEN, citizen)
        with pytest.raises(UniqueViolationError):
            async with begin(pool, tx.now) as own:
                put(own, name, citizen)
        assert await there(pool, name, citizen) == (False, True)

    async def test_an_error_before_the_end_keeps_none(self, pool: Pool, tx: Transaction) -> None:
        """Rows that were put off, and rows sent already, are gone alike."""
        name, citizen = uuid4().hex, uuid4()

        async def fail() -> None:
            async with begin(pool, tx.now) as own:
                own.conn.later(READER, name)
                await own.conn.flush()
                own.conn.later(CITIZEN, citizen)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await there(pool, name, citizen) == (False, False)

    async def test_a_read_sees_what_was_put_off(self, pool: Pool, tx: Transaction) -> None:
        """Reading sends what waits first; it stays inside the transaction."""
        name, citizen = uuid4().hex, uuid4()
        async with begin(pool, tx.now) as own:
            put(own, name, citizen)
            assert await own.conn.fetchval("select count(*) from event_reader where name = $1", name) == 1
            assert await there(pool, name, citizen) == (False, False)

    async def test_a_savepoint_waits_for_nothing(self, tx: Transaction) -> None:
        """A savepoint begun while rows wait would undo more than it seems to."""
        tx.conn.later(READER, uuid4().hex)
        with pytest.raises(RuntimeError):
            tx.conn.transaction()


class TestCompose:
    """One statement of many."""

    def test_numbers_parameters_through(self) -> None:
        """Each statement keeps its own values."""
        both = compose(("insert into a values ($1, $2)", "insert into b values ($1)"), (2, 1))
        assert both == "with w0 as (insert into a values ($1, $2)) insert into b values ($3)"

    def test_leaves_one_alone(self) -> None:
        """One statement needs no other form."""
        assert compose(("insert into a values ($1)",), (1,)) == "insert into a values ($1)"

"""What the database itself refuses, whoever asks: the ledger does not rest on Python."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.session import Raw
from citizen_gateway.points import service, store
from citizen_gateway.points.audit import audit
from citizen_gateway.points.model import AccountKind, drawer
from tests.points.conftest import Earn, somebody

_TRANSFER = """
    insert into points_transfer (id, kind, cause, actor, asked, day, at)
    values ($1, $2, $3, 'x', 0, now()::date, now())
"""
_LINE = "insert into points_entry (transfer_id, line, account_id, lot_id, amount) values "


@pytest.fixture
async def conn(tx: Transaction) -> Raw:
    """Return the connection itself, in a transaction that leaves no trace."""
    return await tx.conn.raw()


async def new_transfer(conn: Raw, kind: str = "earned") -> UUID:
    """Begin a transfer without lines."""
    identity = uuid4()
    await conn.execute(_TRANSFER, identity, kind, f"test:{identity}")
    return identity


class TestLines:
    """What a transfer may be."""

    async def test_must_add_up_to_zero(self, conn: Raw) -> None:
        """One line, or two that differ."""
        transfer, house = await new_transfer(conn), drawer(AccountKind.ISSUANCE, service.person("x"))
        with pytest.raises(asyncpg.CheckViolationError, match="add up to zero"):
            await conn.execute(f"{_LINE} ($1, 1, $2, null, -5)", transfer, house)

    async def test_count_from_one(self, conn: Raw) -> None:
        """So that nobody can leave room for a line to come."""
        transfer = await new_transfer(conn)
        house, other = (drawer(AccountKind.ISSUANCE, service.person(name)) for name in ("x", "z"))
        with pytest.raises(asyncpg.CheckViolationError, match="come together"):
            await conn.execute(f"{_LINE} ($1, 2, $2, null, 5), ($1, 3, $3, null, -5)", transfer, house, other)

    async def test_added_later_are_refused(self, tx: Transaction, earn: Earn) -> None:
        """Lines behind the last one of a transfer."""
        who = somebody()
        await earn(tx, who, 10, cause="report:1")
        earlier = await store.transfer_of(tx.conn, "report:1")
        assert earlier is not None
        conn, house = await tx.conn.raw(), drawer(AccountKind.ISSUANCE, service.person(who.key))
        more = f"{_LINE} ($1, 3, $2, null, -5), ($1, 4, $3, null, 5)"
        with pytest.raises(asyncpg.CheckViolationError, match="come together"):
            await conn.execute(more, earlier.id, house, service.person(who.key))

    async def test_name_an_account_and_a_lot_of_it(self, tx: Transaction, earn: Earn) -> None:
        """Neither nobody's account nor somebody else's lot."""
        one, two = somebody(), somebody()
        for who in (one, two):
            await earn(tx, who, 10)
        (lot,) = await store.lots_of(tx.conn, [service.person(two.key)])
        conn, house = await tx.conn.raw(), drawer(AccountKind.EXPIRED, service.person(one.key))
        for account, name in ((uuid4(), None), (service.person(one.key), lot.id)):
            transfer = await new_transfer(conn, "expired")
            savepoint = conn.transaction()
            await savepoint.start()
            with pytest.raises(asyncpg.CheckViolationError):
                await conn.execute(f"{_LINE} ($1, 1, $2, $3, -5), ($1, 2, $4, null, 5)", transfer, account, name, house)
            await savepoint.rollback()

    async def test_take_no_points_that_are_in_no_lot(self, tx: Transaction, earn: Earn) -> None:
        """Only a clawback may leave somebody owing."""
        who = somebody()
        await earn(tx, who, 10)
        conn, account = await tx.conn.raw(), service.person(who.key)
        transfer = await new_transfer(conn, "expired")
        house = drawer(AccountKind.EXPIRED, account)
        with pytest.raises(asyncpg.CheckViolationError, match="in no lot"):
            await conn.execute(f"{_LINE} ($1, 1, $2, null, -5), ($1, 2, $3, null, 5)", transfer, account, house)

    async def test_take_no_more_than_a_lot_has(self, tx: Transaction, earn: Earn) -> None:
        """A lot never goes below nothing."""
        who = somebody()
        await earn(tx, who, 10)
        conn, account = await tx.conn.raw(), service.person(who.key)
        (lot,) = await store.lots_of(tx.conn, [account])
        transfer = await new_transfer(conn, "expired")
        house = drawer(AccountKind.EXPIRED, account)
        with pytest.raises(asyncpg.CheckViolationError, match="points_lot"):
            await conn.execute(f"{_LINE} ($1, 1, $2, $4, -11), ($1, 2, $3, null, 11)", transfer, account, house, lot.id)


class TestThePast:
    """Nobody changes it."""

    @pytest.mark.parametrize(
        "statement",
        [
            "update points_entry set amount = amount + 1",
            "delete from points_entry",
            "truncate points_entry",
            "update points_transfer set note = 'x'",
            "delete from points_transfer",
            "truncate points_transfer",
            "update points_account set balance = balance + 1",
            "delete from points_account",
            "insert into points_account (id, kind, holder, balance) values (gen_random_uuid(), 'person', 'x', 5)",
            "update points_lot set remaining = 0",
            "update points_lot set expires_at = now() + interval '99 years'",
            "delete from points_lot",
        ],
    )
    async def test_is_refused(self, tx: Transaction, earn: Earn, statement: str) -> None:
        """By the owner of the tables too."""
        await earn(tx, somebody(), 10)
        with pytest.raises(asyncpg.RestrictViolationError):
            await (await tx.conn.raw()).execute(statement)

    async def test_a_cause_stands_once(self, conn: Raw) -> None:
        """Whatever else fails, a deed has one effect."""
        identity = await new_transfer(conn)
        with pytest.raises(asyncpg.UniqueViolationError):
            await conn.execute(_TRANSFER, uuid4(), "earned", f"test:{identity}")


class TestStock:
    """Pieces."""

    @pytest.mark.parametrize("remaining", [-1, 6])
    async def test_are_never_fewer_than_none_nor_more_than_there_were(self, conn: Raw, remaining: int) -> None:
        """The last guard against overselling."""
        merchant, reward = uuid4(), uuid4()
        await conn.execute("insert into points_merchant values ($1, $2, '', '{}', now())", merchant, str(merchant))
        await conn.execute(
            """
            insert into points_reward values ($1, $2, 'x', '', '{}', 1, 1, 1, now(), now() + interval '1 hour', now())
            """,
            reward,
            merchant,
        )
        await conn.execute("insert into points_stock values ($1, 5, 5)", reward)
        with pytest.raises(asyncpg.CheckViolationError):
            await conn.execute("update points_stock set remaining = $2 where reward_id = $1", reward, remaining)


class TestAudit:
    """Adding everything up again."""

    async def test_finds_what_was_changed_behind_the_triggers(self, pool: Pool) -> None:
        """Somebody with the keys of the database can change it; the audit says where."""
        async with pool.acquire() as conn:
            assert (await audit(conn)).ok
            await conn.execute("alter table points_account disable trigger points_account_sum")
            try:
                target = await conn.fetchval("select id from points_account where kind = 'issuance' limit 1")
                await conn.execute("update points_account set balance = balance - 1 where id = $1", target)
                found = await audit(conn)
                await conn.execute("update points_account set balance = balance + 1 where id = $1", target)
            finally:
                await conn.execute("alter table points_account enable trigger points_account_sum")
            assert (await audit(conn)).ok
        assert not found.ok
        assert found.total == -1
        assert [line for line in found.wrong if re.match(f"account {target} keeps", line)]


def test_every_kind_is_known_to_the_database() -> None:
    """The words of accounts and transfers are those of the tables."""
    sql = (Path(__file__).parents[2] / "citizen_gateway/migrations/0011_points.sql").read_text("utf-8")
    for kind in (*store.AccountKind, *store.TransferKind):
        assert f"'{kind}'" in sql

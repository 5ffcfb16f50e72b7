"""People with points, inside a transaction that leaves no trace."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.points import service
from citizen_gateway.points.service import Deed

TINYTOWN = Path(__file__).resolve().parents[1] / "packs" / "tinytown"

Earn = Callable[..., Awaitable[int]]


def somebody() -> Actor:
    """Return a citizen whom nobody has seen."""
    return Actor(ActorKind.CITIZEN, uuid4())


def at(tx: Transaction, actor: Actor | None = None, later: timedelta = timedelta()) -> Transaction:
    """Go on in the same transaction as somebody else, perhaps later."""
    return Transaction(tx.conn, tx.now + later, actor or tx.actor)


@pytest.fixture
def earn(city: City) -> Earn:
    """Return what lets somebody earn points by a deed of its own, or by the one that is named."""

    async def do(tx: Transaction, actor: Actor, points: int, *, cause: str = "", when: datetime | None = None) -> int:
        deed = Deed(actor.key, points, cause or f"test:{uuid4()}", "A deed", when or tx.now)
        return await service.earn(tx, city, deed)

    return do


@pytest.fixture(scope="session")
def no_points(pack: Pack) -> City:
    """Return the same city without rules of points."""
    settings = msgspec.structs.replace(pack.directory.settings, points=None)
    return City.from_pack(
        msgspec.structs.replace(pack, directory=msgspec.structs.replace(pack.directory, settings=settings))
    )


@pytest.fixture(scope="session")
def tinytown() -> Pack:
    """Read the tiny pack, which has rules of its own."""
    return load_pack(TINYTOWN)


async def balance(tx: Transaction, actor: Actor) -> int:
    """Return what the book says somebody has, having checked it against its lines and lots."""
    account = service.person(actor.key)
    row = await tx.conn.fetchrow(
        """
        select a.balance, (select coalesce(sum(amount), 0) from points_entry where account_id = a.id) as lines,
               (select coalesce(sum(remaining), 0) from points_lot where account_id = a.id) as lots
        from points_account a where a.id = $1
        """,
        account,
    )
    if row is None:
        return 0
    assert row["balance"] == row["lines"]
    assert row["lots"] == max(row["balance"], 0)
    return int(row["balance"])

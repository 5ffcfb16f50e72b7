"""Points and volunteers, when a person goes or two accounts become one."""

from uuid import UUID, uuid4

from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction, begin
from citizen_gateway.points import service, store
from citizen_gateway.points.service import Deed, person
from citizen_gateway.points.volunteers import store as volunteers
from citizen_gateway.points.volunteers.model import Volunteer
from tests.gateway import Gateway, Person
from tests.privacy.test_routes import tables_naming

_BOOKS = {"event", "audit", "points_transfer", "job_pgqueuer", "job_pgqueuer_log"}
"""What only grows keeps the number of a citizen whom nothing else knows; jobs look again a minute later."""


async def helper(gateway: Gateway, points: int, nickname: str) -> Person:
    """Give a citizen who has points and takes part as a volunteer."""
    citizen = await gateway.citizen()
    key = f"citizen:{citizen.id}"
    async with begin(gateway.parts.pool, gateway.clock(), Actor(ActorKind.CITIZEN, citizen.id)) as tx:
        deed = Deed(key, points, f"test:{uuid4()}", "t", tx.now)
        assert await service.earn(tx, gateway.parts.city, deed) == points
        profile = Volunteer(key, uuid4().hex[:8], nickname, True, ("搬运",), tx.now)
        assert await volunteers.add(tx.conn, profile)
        await tx.conn.execute("insert into points_device values ($1, $2, $3)", b"one phone", key, tx.now)
    return citizen


async def balance(tx: Transaction, citizen: UUID | None) -> int:
    """Return somebody's points."""
    return await store.balance_of(tx.conn, person(f"citizen:{citizen}"))


class TestLinking:
    """Two accounts that become one."""

    async def test_have_the_points_of_both(self, gateway: Gateway) -> None:
        """In the ledger, as a transfer; what hung on the one hangs on the other."""
        first, second = await helper(gateway, 7, "青松"), await helper(gateway, 5, "翠竹")
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        assert (await second.post("/v1/me/links", {"code": code})).status_code == 200
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            assert await balance(tx, first.id) == 12
            assert await balance(tx, second.id) == 0
            assert await tables_naming(tx.conn, str(second.id)) - _BOOKS == set()
        kept = (await second.get("/v1/me/export")).json()["data"]["points"]
        assert kept["balance"] == 12
        assert [one["nickname"] for one in kept["volunteer"]] == ["青松"]

    async def test_of_whom_one_has_none_keep_the_other(self, gateway: Gateway) -> None:
        """Who was no volunteer is one now, under the same code."""
        first, second = await gateway.citizen(), await helper(gateway, 5, "翠竹")
        before = (await second.get("/v1/me/export")).json()["data"]["points"]["volunteer"]
        code = (await first.post("/v1/me/link-codes")).json()["code"]
        await second.post("/v1/me/links", {"code": code})
        kept = (await first.get("/v1/me/export")).json()["data"]["points"]
        assert (kept["balance"], kept["volunteer"]) == (5, before)


class TestErasure:
    """A volunteer who goes."""

    async def test_leaves_the_ledger_whole_and_no_name(self, gateway: Gateway) -> None:
        """The points are nobody's; no table but the books knows the number, none the nickname."""
        nickname = f"雪莲{uuid4().hex[:6]}"
        citizen = await helper(gateway, 9, nickname)
        assert (await citizen.call("DELETE", "/v1/me")).status_code == 204
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            assert await tables_naming(tx.conn, str(citizen.id)) - _BOOKS == set()
            assert await tables_naming(tx.conn, nickname) == set()
            total = await tx.conn.fetchval("select sum(balance) from points_account")
            assert total == 0

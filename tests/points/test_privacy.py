"""Points of somebody who asks what is kept, who goes, or whose two accounts become one."""

from datetime import timedelta

import pytest

from citizen_gateway.platform.db import begin
from citizen_gateway.points import service, store
from citizen_gateway.points.audit import audit
from tests.gateway import Gateway, Person
from tests.points.town import attend, code_of, open_shop, points_of, post_task, redeem, volunteer


async def helped(gateway: Gateway) -> Person:
    """Return a volunteer with an hour of approved service, and five points of an award."""
    person = await volunteer(gateway, 5)
    organizer, task = await post_task(gateway)
    await attend(gateway, person, task, timedelta(hours=1, minutes=1))
    await organizer.post(f"/v1/tasks/{task['id']}/helpers/{await code_of(person)}/approval", {})
    return person


async def link(first: Person, second: Person) -> None:
    """Make the second account part of the first."""
    code = (await first.post("/v1/me/link-codes")).json()["code"]
    answer = await second.post("/v1/me/links", {"code": code})
    assert answer.status_code == 200, answer.text


class TestExport:
    """What is kept."""

    async def test_names_points_and_service(self, gateway: Gateway, center: Person) -> None:
        """Profile, movements, tasks and codes, but no code that fetches anything."""
        person = await helped(gateway)
        redemption = await redeem(person, await (await open_shop(gateway, center)).offer(gateway))
        exported = (await person.get("/v1/me/export")).text
        for word in ("清扫小游园", "一杯热茶", "volunteer", "An award"):
            assert word in exported
        assert redemption["code"] not in exported


class TestErase:
    """Somebody goes."""

    async def test_the_ledger_stays_and_nobody_knows_whose(self, gateway: Gateway, center: Person) -> None:
        """Nickname, certificates, family and the words of others about them are gone; the sums agree."""
        person = await helped(gateway)
        period = {"first": "2026-01-01", "last": "2027-12-31"}
        number = (await person.post("/v1/certificates", period)).json()["certificate"]["number"]
        nickname = (await person.get("/v1/volunteers/me")).json()["nickname"]
        assert (await person.call("DELETE", "/v1/me")).status_code in {200, 204}
        assert (await center.get(f"/v1/certificates/{number}")).status_code == 404
        async with gateway.parts.pool.acquire() as conn:
            assert await conn.fetchval("select count(*) from volunteer where nickname = $1", nickname) == 0
            assert await store.balance_of(conn, service.person(f"citizen:{person.id}")) == 15
            assert (await audit(conn)).ok


class TestLink:
    """Two accounts become one."""

    async def test_points_and_service_go_along(self, gateway: Gateway, center: Person) -> None:
        """With their ends; a code not fetched is given back first, and the old account has nothing."""
        first, second = await gateway.citizen(), await helped(gateway)
        reward = await (await open_shop(gateway, center)).offer(gateway)
        await redeem(second, reward)
        await link(first, second)
        had = await points_of(first)
        assert (had["balance"], had["available"], had["reserved"]) == (15, 15, 0)
        assert (await first.get("/v1/volunteers/me")).json()["minutes"] == 61
        assert [one["state"] for one in (await first.get("/v1/redemptions")).json()["items"]] == ["cancelled"]
        async with gateway.parts.pool.acquire() as conn:
            assert (await audit(conn)).ok

    @pytest.mark.parametrize("savings", [0, 3, 30])
    async def test_what_is_owed_goes_along(self, gateway: Gateway, center: Person, savings: int) -> None:
        """Nobody gets rid of a debt by another account."""
        first, second = await volunteer(gateway, savings), await volunteer(gateway, 10)
        shop = await open_shop(gateway, center)
        code = (await redeem(second, await shop.offer(gateway)))["code"]
        assert (await shop.cashier.post("/v1/redemptions/confirmations", {"code": code})).status_code == 201
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            account = service.person(f"citizen:{second.id}")
            (lot,) = await tx.conn.fetch("select transfer_id from points_lot where account_id = $1", account)
            cause = await tx.conn.fetchval("select cause from points_transfer where id = $1", lot["transfer_id"])
            earlier = await store.transfer_of(tx.conn, cause)
            assert earlier is not None
            assert await service.claw_back(tx, gateway.parts.city, earlier, "") == 10
        assert (await points_of(second))["balance"] == -10
        await link(first, second)
        assert (await points_of(first))["balance"] == savings - 10
        async with gateway.parts.pool.acquire() as conn:
            assert await store.balance_of(conn, account) == 0
            assert (await audit(conn)).ok

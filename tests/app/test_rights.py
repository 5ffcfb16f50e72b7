"""Who may see what they have a part in, across the slices."""

from citizen_gateway.platform.actor import Role
from tests.gateway import Gateway, Person


class TestAfterPhoto:
    """The photo by which a department shows that a matter is settled."""

    async def test_is_seen_by_who_reported_it_and_by_no_stranger(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """Followers of the ticket see it; another citizen gets the same answer as for no photo at all."""
        number = (await citizen.report(photo_ids=[await citizen.upload()]))["ticket"]["number"]
        await handler.act(number, "accept")
        after = await handler.upload()
        settled = await handler.act(number, "resolve", {"reply": "已清理", "photo_ids": [after]})
        assert settled.json()["after_photo_ids"] == [after]
        assert (await citizen.get(f"/v1/photos/{after}/content")).status_code == 200
        other = await gateway.citizen()
        assert (await other.get(f"/v1/photos/{after}/content")).json()["code"] == "photo_not_found"


class TestPatrol:
    """A grid worker who reports on patrol (网格巡查)."""

    async def test_finds_and_rates_their_own_report(self, gateway: Gateway, handler: Person) -> None:
        """They list it, open it, and are invited to rate it like anybody."""
        walker = await gateway.staff(Role.GRID_WORKER)
        receipt = await walker.report()
        listed = (await walker.get("/v1/reports")).json()["items"]
        assert [report["id"] for report in listed] == [receipt["report_id"]]
        number = receipt["ticket"]["number"]
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已清理"})
        await gateway.catch_up()
        vote = {"contacted": False, "solved": "solved", "satisfied": 4}
        rated = await walker.post(f"/v1/reports/{receipt['report_id']}/rating", vote)
        assert rated.json()["ticket_state"] == "closed"


class TestSecrets:
    """What opens something."""

    async def test_lie_nowhere_in_plain_text(self, gateway: Gateway, citizen: Person) -> None:
        """A receipt kept for its repetition is sealed; the repetition still gets it byte for byte."""
        body = {"text": "小区门口垃圾堆积好几天"}
        first = await citizen.post("/v1/reports", body, key="sealed-receipt")
        again = await citizen.post("/v1/reports", body, key="sealed-receipt")
        assert again.content == first.content
        assert again.headers["Idempotent-Replayed"] == "true"
        async with gateway.parts.pool.acquire() as conn:
            kept = await conn.fetchval("select body from idempotency where key = 'sealed-receipt'")
        assert first.json()["secret"].encode() not in kept

"""Points for what happened to tickets, through the whole application."""

from uuid import UUID, uuid4

import pytest

from citizen_gateway.platform import events
from citizen_gateway.platform.actor import Actor, ActorKind, Role
from citizen_gateway.platform.db import begin
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.events import Unjoined, Verified
from citizen_gateway.worker import readers
from tests.gateway import Gateway, Json, Person
from tests.points.town import points_of

CONTENT = {"contacted": True, "solved": "solved", "satisfied": 5}


async def settle(gateway: Gateway, handler: Person, receipt: Json) -> None:
    """Resolve a ticket and let its reporters be invited."""
    number = receipt["ticket"]["number"]
    await handler.act(number, "accept")
    assert (await handler.act(number, "resolve", {"reply": "已清理"})).status_code == 200
    await gateway.catch_up()


async def rate(gateway: Gateway, person: Person, receipt: Json) -> None:
    """Rate a result, and let points follow."""
    assert (await person.post(f"/v1/reports/{receipt['report_id']}/rating", CONTENT)).status_code == 201
    await gateway.catch_up()


async def join(gateway: Gateway, receipt: Json, ticket_of: Json) -> None:
    """Put a report onto the ticket of another, as those who judge the same event do."""
    report = UUID(receipt["report_id"])
    async with gateway.parts.pool.acquire() as conn:
        await conn.execute("update ticket set reports = array_remove(reports, $1) where $1 = any(reports)", report)
        await conn.execute(
            "update ticket set reports = reports || $1::uuid where number = $2", report, ticket_of["ticket"]["number"]
        )


async def verify(gateway: Gateway, number: str, who: Person, kind: ActorKind = ActorKind.STAFF) -> None:
    """Note that somebody looked whether it is really done."""
    async with begin(gateway.parts.pool, gateway.clock(), Actor(kind, who.id)) as tx:
        ticket = await ticket_store.by_number(tx.conn, number)
        assert ticket is not None
        await tickets.note(tx, ticket.id, [Verified(done=True, note="").as_fact()])
    await gateway.catch_up()


class TestReport:
    """A report whose ticket is closed."""

    async def test_earns_ten_and_its_rating_two(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """Both stand on the statement, in the reader's language."""
        receipt = await citizen.report()
        await settle(gateway, handler, receipt)
        assert (await points_of(citizen))["balance"] == 0
        await rate(gateway, citizen, receipt)
        assert (await points_of(citizen))["balance"] == 12
        lines = (await citizen.get("/v1/points/statement", headers={"Accept-Language": "zh-CN"})).json()["items"]
        assert {line["note"] for line in lines} == {"首个有效诉求", "评价办理结果"}

    async def test_that_joined_earns_two(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """The first of the event earns ten, whoever rates first."""
        other = await gateway.citizen()
        first, second = await citizen.report(), await other.report()
        await join(gateway, second, first)
        await settle(gateway, handler, first)
        await rate(gateway, other, second)
        await rate(gateway, citizen, first)
        assert [(await points_of(one))["balance"] for one in (citizen, other)] == [12, 4]

    async def test_read_again_it_earns_nothing_more(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """A reader that begins anew changes nothing."""
        receipt = await citizen.report()
        await settle(gateway, handler, receipt)
        await rate(gateway, citizen, receipt)
        before = await gateway.census()
        name = f"again-{uuid4()}"
        handle = readers(gateway.parts)["points"]
        while await events.read_on(gateway.parts.pool, name, handle, gateway.clock()):
            pass
        assert await gateway.census() == before

    async def test_declared_false_gives_back_what_it_earned(
        self, gateway: Gateway, citizen: Person, handler: Person, center: Person
    ) -> None:
        """All of it, once, and by a center alone; the reason is the reporter's to read."""
        receipt = await citizen.report()
        await settle(gateway, handler, receipt)
        await rate(gateway, citizen, receipt)
        body = {"report_id": receipt["report_id"], "reason": "现场并无此事"}
        assert (await handler.post("/v1/points/false-reports", body)).json()["code"] == "role_missing"
        unknown = body | {"report_id": str(uuid4())}
        assert (await center.post("/v1/points/false-reports", unknown)).json()["code"] == "not_found"
        assert (await center.post("/v1/points/false-reports", body)).json()["taken"] == 12
        assert (await points_of(citizen))["balance"] == 0
        before = await gateway.census()
        assert (await center.post("/v1/points/false-reports", body)).json()["code"] == "declared_false"
        assert await gateway.census() == before

    async def test_declared_false_before_earns_nothing(
        self, gateway: Gateway, citizen: Person, handler: Person, center: Person
    ) -> None:
        """The next report of the event is the first then."""
        other = await gateway.citizen()
        first, second = await citizen.report(), await other.report()
        await join(gateway, second, first)
        body = {"report_id": first["report_id"], "reason": "x"}
        assert (await center.post("/v1/points/false-reports", body)).json()["taken"] == 0
        await settle(gateway, handler, first)
        await rate(gateway, other, second)
        await rate(gateway, citizen, first)
        assert (await points_of(other))["balance"] == 12
        assert (await points_of(citizen))["balance"] == 0

    async def test_taken_off_the_ticket_loses_what_joining_earned(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """A report that had joined by mistake."""
        other = await gateway.citizen()
        first, second = await citizen.report(), await other.report()
        await join(gateway, second, first)
        await settle(gateway, handler, first)
        await rate(gateway, other, second)
        await rate(gateway, citizen, first)
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            ticket = await ticket_store.by_number(tx.conn, first["ticket"]["number"])
            assert ticket is not None
            await tickets.note(tx, ticket.id, [Unjoined(UUID(second["report_id"]), uuid4()).as_fact()])
        await gateway.catch_up()
        assert (await points_of(other))["balance"] == 2


class TestVerification:
    """Looking whether it is really done."""

    @pytest.mark.parametrize("times", [1, 2])
    async def test_earns_five_once(self, gateway: Gateway, citizen: Person, handler: Person, times: int) -> None:
        """For a ticket, however often one looks."""
        walker = await gateway.staff(Role.GRID_WORKER)
        receipt = await citizen.report()
        await settle(gateway, handler, receipt)
        for _ in range(times):
            await verify(gateway, receipt["ticket"]["number"], walker)
        assert (await points_of(walker))["balance"] == 5

    async def test_of_ones_own_report_earns_nothing(self, gateway: Gateway, handler: Person) -> None:
        """Neither by whoever reported it."""
        walker = await gateway.staff(Role.GRID_WORKER)
        receipt = await walker.report()
        await settle(gateway, handler, receipt)
        await verify(gateway, receipt["ticket"]["number"], walker)
        assert (await points_of(walker))["balance"] == 0

    async def test_by_another_account_on_the_same_device_earns_nothing(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """Nor by an account that was seen on a device of the reporter."""
        walker = await gateway.staff(Role.GRID_WORKER)
        device = {"device": f"phone-{uuid4()}"}
        for one in (citizen, walker):
            await one.post("/v1/points/devices", device)
        receipt = await citizen.report()
        await settle(gateway, handler, receipt)
        await verify(gateway, receipt["ticket"]["number"], walker)
        assert (await points_of(walker))["balance"] == 0

"""What grid workers report on patrol."""

from citizen_gateway.platform.actor import Role
from tests.gateway import SPOT, Gateway, Person


class TestPatrol:
    """A report from the area that somebody patrols."""

    async def test_reports_from_their_area_and_verifies_there(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """It comes by the channel of patrols; what was settled in the area, they look at."""
        walker = await gateway.staff(Role.GRID_WORKER, area="410103")
        receipt = await walker.report()
        shown = (await walker.get(f"/v1/reports/{receipt['report_id']}")).json()
        assert shown["channel"] == "grid_patrol"
        number = str((await citizen.report("小区北门的垃圾堆成山，无人清运"))["ticket"]["number"])
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已清理"})
        assert (await walker.act(number, "verify", {"done": True, "note": "现场已清理"})).status_code == 200

    async def test_another_area_or_none_is_refused(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """Nothing is stored, and nothing there is theirs to look at."""
        walker = await gateway.staff(Role.GRID_WORKER, area="410105")
        number = str((await citizen.report("小区南门的垃圾堆成山，无人清运"))["ticket"]["number"])
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已清理"})
        before = await gateway.census()
        for body in ({"text": "垃圾满地", "position": SPOT}, {"text": "垃圾满地"}):
            answer = await walker.post("/v1/reports", body)
            assert (answer.status_code, answer.json()["code"]) == (403, "outside_patrol_area")
        assert (await walker.act(number, "verify", {"done": True, "note": "看过"})).status_code == 404
        assert await gateway.census() == before

    async def test_other_staff_report_from_anywhere(self, gateway: Gateway, center: Person) -> None:
        """A center's operator has no patrol; a grid worker of no area neither."""
        assert (await center.report())["report_id"]
        assert (await (await gateway.staff(Role.GRID_WORKER)).report())["report_id"]

"""Giving a ticket to a department, back, and to another one."""

from typing import Any

import pytest

from citizen_gateway.platform.actor import Role
from tests.gateway import DEPARTMENT, ELSEWHERE, Gateway, Json, Person
from tests.tickets.actions.conftest import shown, told, types

GIVEN = {"department": DEPARTMENT, "reason": "属地", "category": "101"}
BACK = {"code": "not_our_duty", "evidence": "该路段由市政公司养护"}


async def returned(number: str, handler: Person, center: Person, *, times: int) -> None:
    """Have the department return a ticket that often, assigned to it again in between."""
    for _ in range(times - 1):
        await handler.done(number, "return", BACK)
        await center.done(number, "assign", GIVEN)
    await handler.done(number, "return", BACK)


class TestReturn:
    """退单."""

    async def test_goes_back_to_the_center_with_code_and_evidence(
        self, assigned: str, handler: Person, center: Person, citizen: Person
    ) -> None:
        """It is pending again without department or limits; why is for staff, the citizen sees the next assignment."""
        photo = await handler.upload()
        await handler.done(assigned, "return", BACK | {"photo_ids": [photo]})
        ticket = await shown(center, assigned)
        assert (ticket["state"], ticket["department"], ticket["accept_due"]) == ("pending", None, None)
        assert ticket["handling"]["returns"] == 1
        last = (await told(center, assigned))[-1]
        assert last["data"]["code"] == "not_our_duty"
        assert last["data"]["photos"] == [photo]
        assert "returned" not in await types(citizen, assigned)
        assert (await handler.get(f"/v1/tickets/{assigned}")).status_code == 404

    async def test_twice_at_most_then_the_center_arbitrates(
        self, assigned: str, handler: Person, center: Person
    ) -> None:
        """The third return waits for arbitration: an ordinary assignment is refused, and the decision is final."""
        await returned(assigned, handler, center, times=3)
        status, code, extra = await center.refused(assigned, "assign", GIVEN)
        assert (status, code, extra["condition"]) == (409, "not_possible", "returns_left")
        assert "arbitrate" in extra["yours"]
        ticket = await center.done(assigned, "arbitrate", GIVEN | {"reason": "主次干道由区城管局负责"})
        assert (ticket["state"], ticket["handling"]["arbitrated"]) == ("assigned", True)
        status, code, extra = await handler.refused(assigned, "return", BACK)
        assert (status, code, extra["condition"]) == (409, "not_possible", "not_arbitrated")
        assert extra["yours"] == ["accept", "assist", "ask", "request_extension"]

    async def test_nothing_is_arbitrated_that_nobody_returned(self, pending: str, center: Person) -> None:
        """A ticket that only waits for its first assignment has no dispute."""
        assert (await center.refused(pending, "arbitrate", GIVEN))[2]["condition"] == "returned"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"code": "too_much_work", "evidence": "e"}, "invalid_request"),
            ({"code": "duplicate"}, "invalid_request"),
            ({"code": "duplicate", "evidence": " "}, "evidence_missing"),
            (
                {"code": "duplicate", "evidence": "e", "photo_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"]},
                "unknown_photo",
            ),
        ],
    )
    async def test_needs_a_known_code_and_evidence(
        self, body: Json, code: str, assigned: str, handler: Person, gateway: Gateway
    ) -> None:
        """Nothing is changed without either."""
        before = await gateway.census()
        assert (await handler.refused(assigned, "return", body, key=f"return-{code}"))[:2] == (422, code)
        assert await gateway.census() == before

    async def test_is_too_late_once_work_has_begun(self, begun: str, handler: Person) -> None:
        """Who has begun has it."""
        assert (await handler.refused(begun, "return", BACK))[1] == "illegal_action"


class TestTransfer:
    """改派."""

    async def test_gives_it_to_another_department_with_new_limits(
        self, begun: str, center: Person, handler: Person, outsider: Person
    ) -> None:
        """The new department has it from now; the old one sees it no more."""
        before = await shown(center, begun)
        ticket = await center.done(begun, "transfer", GIVEN | {"department": ELSEWHERE, "reason": "跨区"})
        assert (ticket["state"], ticket["department"]["code"]) == ("assigned", ELSEWHERE)
        assert ticket["accept_due"] > before["accept_due"]
        event = (await told(center, begun))[-1]
        assert (event["type"], event["data"]["from_department"]) == ("ticket.transferred", DEPARTMENT)
        await outsider.done(begun, "accept")
        assert (await handler.refused(begun, "start"))[1] == "not_found"

    async def test_to_who_has_it_is_no_transfer(self, assigned: str, center: Person) -> None:
        """The same department again would only start its clocks anew."""
        assert (await center.refused(assigned, "transfer", GIVEN))[:2] == (422, "same_department")

    @pytest.mark.parametrize(
        ("change", "code"), [({"department": "mars"}, "unknown_department"), ({"category": "999"}, "unknown_category")]
    )
    async def test_names_what_exists(self, change: Json, code: str, assigned: str, center: Person) -> None:
        """Departments and categories are the city's."""
        body = GIVEN | {"department": ELSEWHERE} | change
        assert (await center.refused(assigned, "transfer", body))[:2] == (422, code)


class TestReject:
    """不予受理."""

    async def test_says_why_to_the_citizen(self, pending: str, center: Person, citizen: Person) -> None:
        """The legal reason is the reply; nothing can be done after that."""
        await center.done(pending, "reject", {"reason": "已由法院受理，不属行政机关职权"})
        ticket = await shown(citizen, pending)
        assert (ticket["state"], ticket["reply"]) == ("rejected", "已由法院受理，不属行政机关职权")
        assert ticket["actions"] == []
        assert (await types(citizen, pending))[-1] == "rejected"
        assert (await center.refused(pending, "assign", GIVEN))[2]["legal"] == []

    async def test_is_for_what_nobody_has(self, assigned: str, center: Person) -> None:
        """A ticket that a department has is returned first."""
        assert (await center.refused(assigned, "reject", {"reason": "r"}))[1] == "illegal_action"


class TestAreas:
    """分级授权: centers of districts and streets."""

    async def test_a_center_decides_in_its_area_only(self, gateway: Gateway, assigned: str) -> None:
        """The ticket's own district may transfer it; for another district it does not exist."""
        own = await gateway.staff(Role.CENTER, area="410103")
        foreign = await gateway.staff(Role.CENTER, area="410105")
        body: dict[str, Any] = GIVEN | {"department": ELSEWHERE}
        assert (await foreign.refused(assigned, "transfer", body))[:2] == (404, "not_found")
        assert (await own.done(assigned, "transfer", body))["department"]["code"] == ELSEWHERE

    async def test_what_a_handler_may_not_is_the_centers(self, assigned: str, handler: Person) -> None:
        """The refusal says who may, and changes nothing."""
        status, code, _ = await handler.refused(assigned, "transfer", GIVEN | {"department": ELSEWHERE})
        assert (status, code) == (403, "not_your_ticket")

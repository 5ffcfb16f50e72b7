"""Several departments, several levels."""

from datetime import timedelta

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Role
from tests.gateway import DEPARTMENT, ELSEWHERE, Gateway, Json, Person
from tests.tickets.actions.conftest import shown, told, types

HELP = {"departments": [ELSEWHERE, "zz-gas"], "reason": "跨区管线"}


def day(city: City, gateway: Gateway, ahead: int) -> str:
    """Return a day so many days ahead, as the city counts days."""
    return (gateway.clock().astimezone(city.calendar.timezone) + timedelta(days=ahead)).date().isoformat()


class TestAssist:
    """吹哨报到."""

    async def test_called_departments_see_it_and_answer(
        self, begun: str, handler: Person, outsider: Person, citizen: Person
    ) -> None:
        """Each answers once; the lead still has it and answers the citizen for all."""
        await handler.done(begun, "assist", HELP)
        seen = await shown(outsider, begun)
        assert seen["actions"] == ["answer_call"]
        assert [call["department"] for call in seen["handling"]["calls"]] == HELP["departments"]
        await outsider.done(begun, "answer-call", {"answer": "已派人到场"})
        calls = (await shown(handler, begun))["handling"]["calls"]
        assert [(call["department"], call["answer"]) for call in calls] == [(ELSEWHERE, "已派人到场"), ("zz-gas", None)]
        assert (await outsider.refused(begun, "resolve", {"reply": "好"}))[1] == "not_your_ticket"
        assert not {"assist_requested", "assisted"} & set(await types(citizen, begun))
        assert (await handler.done(begun, "resolve", {"reply": "已联合处置"}))["state"] == "resolved"

    async def test_a_center_may_call_too(self, begun: str, center: Person, outsider: Person) -> None:
        """It is in the called department's queue then."""
        await center.done(begun, "assist", HELP)
        numbers, cursor = [], None
        while True:
            page = (
                await outsider.get("/v1/tickets", params={"limit": 100} | ({"cursor": cursor} if cursor else {}))
            ).json()
            numbers += [ticket["number"] for ticket in page["items"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert begun in numbers

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"departments": ["mars"]}, "unknown_department"),
            ({"departments": [DEPARTMENT]}, "same_department"),
            ({"departments": []}, "invalid_request"),
            ({"reason": "  "}, "evidence_missing"),
        ],
    )
    async def test_bad_calls(self, change: Json, code: str, begun: str, handler: Person) -> None:
        """Nobody, the holder itself, one that does not exist, no reason."""
        assert (await handler.refused(begun, "assist", HELP | change))[:2] == (422, code)

    async def test_who_was_not_called_has_nothing_to_answer(
        self, begun: str, handler: Person, outsider: Person
    ) -> None:
        """For them the ticket does not exist; for the holder there is no call."""
        assert (await outsider.refused(begun, "answer-call", {"answer": "x"}))[1] == "not_found"
        assert (await handler.refused(begun, "answer-call", {"answer": "x"}))[2]["condition"] == "called"


class TestMeeting:
    """三跨会商: the weekly list, the conclusion, its follow-up."""

    async def test_from_the_list_to_the_follow_up(
        self, pending: str, center: Person, gateway: Gateway, city: City, outsider: Person
    ) -> None:
        """The case is on the list of its day until the meeting decides; its conclusion assigns; that is followed up."""
        meets_on = day(city, gateway, 3)
        body = {"reason": "三区交界", "departments": [DEPARTMENT, ELSEWHERE], "meets_on": meets_on}
        assert (await center.done(pending, "convene", body))["state"] == "pending"

        async def listed(**query: object) -> list[str]:
            page = (await center.get("/v1/meetings", params={"limit": 100} | query)).json()
            return [ticket["number"] for ticket in page["items"]]

        assert pending in await listed(meets_on=meets_on)
        assert pending not in await listed(meets_on=day(city, gateway, 4))
        assert pending not in await listed(stage="follow_up")
        assert (await shown(outsider, pending))["handling"]["meeting"]["meets_on"] == meets_on
        conclusion = {"conclusion": "由金水区牵头", "department": ELSEWHERE, "category": "101"}
        decided = await center.done(pending, "conclude", conclusion | {"follow_up_on": day(city, gateway, 10)})
        assert (decided["state"], decided["department"]["code"]) == ("assigned", ELSEWHERE)
        assert [item["type"] for item in (await told(center, pending))[-2:]] == ["ticket.concluded", "ticket.assigned"]
        assert pending in await listed(stage="follow_up")
        assert pending not in await listed()
        await outsider.done(pending, "accept")
        await center.done(pending, "follow-up", {"done": True, "note": "专班已到位"})
        assert pending not in await listed(stage="follow_up")
        assert pending in await listed(stage="all")

    async def test_takes_a_case_from_who_has_it(self, begun: str, center: Person, gateway: Gateway, city: City) -> None:
        """A conclusion for another department is a transfer, also from a pause."""
        body = {"reason": "r", "departments": [ELSEWHERE], "meets_on": day(city, gateway, 1)}
        await center.done(begun, "convene", body)
        decided = await center.done(begun, "conclude", {"conclusion": "c", "department": ELSEWHERE})
        assert (decided["state"], decided["department"]["code"]) == ("assigned", ELSEWHERE)
        assert (await told(center, begun))[-1]["data"]["from_department"] == DEPARTMENT

    async def test_bad_meetings(
        self, begun: str, center: Person, gateway: Gateway, city: City, handler: Person
    ) -> None:
        """A day that is past, a conclusion without a meeting, a follow-up without a conclusion, a list for handlers."""
        body = {"reason": "r", "departments": [ELSEWHERE], "meets_on": day(city, gateway, -1)}
        assert (await center.refused(begun, "convene", body))[:2] == (422, "not_ahead")
        conclusion = {"conclusion": "c", "department": ELSEWHERE}
        assert (await center.refused(begun, "conclude", conclusion))[2]["condition"] == "convened"
        follow_up = {"done": True, "note": "n"}
        assert (await center.refused(begun, "follow-up", follow_up))[2]["condition"] == "concluded"
        assert (await handler.get("/v1/meetings")).status_code == 403

    async def test_a_district_sees_its_own_list(self, begun: str, gateway: Gateway, center: Person, city: City) -> None:
        """分级授权 holds for lists as well."""
        body = {"reason": "r", "departments": [ELSEWHERE], "meets_on": day(city, gateway, 1)}
        await center.done(begun, "convene", body)
        for area, sees in (("410103", True), ("410105", False)):
            district = await gateway.staff(Role.CENTER, area=area)
            page = (await district.get("/v1/meetings", params={"limit": 100})).json()
            assert (begun in [ticket["number"] for ticket in page["items"]]) == sees


class TestSupervise:
    """督办."""

    async def test_rises_from_street_to_city(self, begun: str, center: Person, citizen: Person) -> None:
        """One level each time; above the city there is none. Citizens do not see it."""
        levels = [(await center.done(begun, "supervise", {"reason": "r"}))["handling"]["supervision"] for _ in range(3)]
        assert levels == ["street", "district", "city"]
        assert (await center.refused(begun, "supervise", {"reason": "r"}))[2]["condition"] == "level_left"
        assert (await shown(citizen, begun))["handling"] is None
        assert "supervised" not in await types(citizen, begun)

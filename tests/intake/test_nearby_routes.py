"""Before a report is sent: previews, similar tickets, and following one instead."""

import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import SPOT, Gateway, Json, Person
from tests.intake.conftest import Spot

LAMP = "路灯不亮，晚上一片漆黑"
NEARBY = "/v1/reports/similar"


def asked(text: str, at: Json, **more: object) -> Json:
    """Return a question as a query."""
    return {"text": text} | at | more


@pytest.fixture
async def first(busy: Gateway) -> Person:
    """Give somebody who reports first."""
    return await busy.citizen()


class TestPreview:
    """How a report would be understood."""

    async def test_says_what_it_would_become_and_keeps_nothing(self, busy: Gateway, first: Person) -> None:
        """Category with alternatives, place, department and why, personal data found; not a row is written."""
        before = await busy.census()
        said = {"text": "小区门口垃圾堆积好几天，我电话13812345678", "position": SPOT}
        answer = await first.post("/v1/reports/preview", said)
        assert answer.status_code == 200
        seen = answer.json()
        assert (seen["category"]["code"], seen["sure"]) == ("101", True)
        assert seen["department"]["code"] == "410103-cgj"
        assert seen["guesses"][0]["category"]["code"] == "101"
        assert seen["areas"][-1]["level"] == "district"
        assert (seen["private"], seen["emergency"]) == (["phone"], None)
        assert await busy.census() == before

    async def test_a_corrected_category_shows_where_it_would_go(self, first: Person) -> None:
        """The citizen chooses another leaf and sees another department before sending."""
        said = {"text": "小区门口垃圾堆积好几天", "position": SPOT, "category": "603"}
        seen = (await first.post("/v1/reports/preview", said)).json()
        assert (seen["category"]["code"], seen["department"]["code"]) == ("603", "zz-gas")

    async def test_danger_is_said_before_anything_is_sent(self, first: Person) -> None:
        """The advice does not claim that somebody was told."""
        seen = (await first.post("/v1/reports/preview", {"text": "着火了，有人被困", "position": SPOT})).json()
        assert "119" in seen["emergency"]["call"]
        assert "passed" not in seen["emergency"]["message"]

    async def test_shows_what_is_like_it(self, busy: Gateway, first: Person, spot: Spot) -> None:
        """The ticket it would join is offered beforehand."""
        opened = await first.report(LAMP, position=spot())
        seen = (await (await busy.citizen()).post("/v1/reports/preview", {"text": LAMP, "position": spot(5)})).json()
        assert [one["number"] for one in seen["similar"]] == [opened["ticket"]["number"]]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"text": " "}, "empty_text"),
            ({"text": LAMP, "position": SPOT | {"lat": 39.9, "lon": 116.4}}, "outside_city"),
            ({"text": LAMP, "category": "nothing"}, "unknown_category"),
            ({"text": LAMP, "photo_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"]}, "unknown_photo"),
            ({}, "invalid_request"),
        ],
    )
    async def test_bad_bodies(self, body: Json, code: str, first: Person) -> None:
        """Refused as the report itself would be."""
        answer = await first.post("/v1/reports/preview", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


class TestSimilar:
    """Who reported the same already."""

    async def test_a_public_summary_without_personal_data(self, busy: Gateway, first: Person, spot: Spot) -> None:
        """Masked title, category, area, age, state and how many; nothing of who, and no exact place."""
        opened = await first.report("路灯不亮，请联系13812345678", position=spot())
        await (await busy.citizen()).report("路灯不亮了", position=spot(5))
        asker = await busy.citizen()
        found = (await asker.get(NEARBY, params=asked("路灯坏了", spot(10)))).json()["items"]
        assert len(found) == 1
        one = found[0]
        ticket = opened["ticket"]
        assert (one["number"], one["reporters"], one["state"]) == (ticket["number"], 2, ticket["state"])
        assert "13812345678" not in one["title"]
        assert one["title"].startswith("路灯不亮")
        assert one["category"]["code"] == "501"
        assert (one["area"]["level"], one["age_hours"]) != ("micro_grid", None)
        assert set(one) == {
            "number", "title", "category", "area", "state", "opened_at", "age_hours", "reporters", "likeness",
        }  # fmt: skip

    async def test_three_at_most_the_most_alike_first(self, busy: Gateway, spot: Spot) -> None:
        """A citizen is not given a list to read."""
        person = await busy.citizen()
        for metres in (0, 20, 40, 60):
            await person.report(LAMP, position=spot(metres))
        found = (await person.get(NEARBY, params=asked(LAMP, spot()))).json()["items"]
        assert len(found) == 3
        scores = [one["likeness"] for one in found]
        assert scores == sorted(scores, reverse=True)

    @pytest.mark.parametrize("text", ["老板拖欠我三个月工资", "基站信号太差", "井盖没了，有人掉下去被困了"])
    async def test_no_private_matter_and_no_emergency_is_shown(
        self, text: str, busy: Gateway, first: Person, spot: Spot
    ) -> None:
        """What is a person's own, what only staff may join, what is dangerous: nobody is offered to look at it."""
        await first.report(text, position=spot())
        found = (await (await busy.citizen()).get(NEARBY, params=asked(text, spot()))).json()
        assert found == {"items": []}

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({}, 422, "invalid_request"),
            ({"text": ""}, 422, "empty_text"),
            ({"text": LAMP, "lat": 34.7, "lon": "x"}, 422, "invalid_request"),
            ({"text": LAMP, "lat": 39.9, "lon": 116.4}, 422, "outside_city"),
            ({"text": LAMP, "lat": 113.64, "lon": 34.72}, 422, "coordinates_swapped"),
            ({"text": LAMP, "lat": 34.7, "lon": 113.6, "datum": "mars"}, 422, "invalid_request"),
        ],
    )
    async def test_bad_questions(self, query: Json, status: int, code: str, first: Person) -> None:
        """Refused as the report itself would be."""
        answer = await first.get(NEARBY, params=query)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_half_a_position_is_none(self, first: Person) -> None:
        """A latitude alone says nothing."""
        assert (await first.get(NEARBY, params={"text": LAMP, "lat": 34.7})).json() == {"items": []}

    async def test_nobody_looks_unknown(self, busy: Gateway) -> None:
        """A session or a key is needed, so that looking can be counted."""
        assert (await busy.stranger.get(NEARBY, params={"text": LAMP})).status_code == 401
        reader = await busy.partner(Scope.TICKETS_READ)
        assert (await reader.get(NEARBY, params={"text": LAMP})).json()["code"] == "scope_missing"


class TestFollow:
    """Following instead of reporting."""

    async def test_the_follower_watches_by_session_and_by_secret(
        self, busy: Gateway, first: Person, spot: Spot
    ) -> None:
        """As often as they ask they get the same secret, and one row is kept."""
        number = (await first.report(LAMP, position=spot()))["ticket"]["number"]
        watcher = await busy.citizen()
        assert (await watcher.get(f"/v1/tickets/{number}")).status_code == 404
        before = await busy.census()
        answers = [(await watcher.post(f"/v1/tickets/{number}/follow")).json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0]["ticket"]["number"] == number
        after = await busy.census()
        assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
            "ticket_follower": 1
        }
        headers = {"Ticket-Secret": answers[0]["secret"]}
        for person, more in ((watcher, {}), (busy.stranger, headers)):
            assert (await person.get(f"/v1/tickets/{number}", headers=more)).status_code == 200

    async def test_a_follower_reported_nothing(self, busy: Gateway, first: Person, spot: Spot) -> None:
        """They have no report to rate, and see the title with personal data masked."""
        receipt = await first.report("路灯不亮，电话13812345678", position=spot())
        number = receipt["ticket"]["number"]
        watcher = await busy.citizen()
        await watcher.post(f"/v1/tickets/{number}/follow")
        assert "138" not in (await watcher.get(f"/v1/tickets/{number}")).json()["title"]
        assert (await watcher.get(f"/v1/reports/{receipt['report_id']}/invitation")).status_code == 404

    @pytest.mark.parametrize("text", ["老板拖欠我三个月工资", "着火了，有人被困"])
    async def test_not_a_matter_of_somebodys_own(self, text: str, busy: Gateway, first: Person, spot: Spot) -> None:
        """A number that came to be known does not open what is private or dangerous."""
        number = (await first.report(text, position=spot()))["ticket"]["number"]
        before = await busy.census()
        answer = await (await busy.citizen()).post(f"/v1/tickets/{number}/follow", key="f")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        after = await busy.census()
        assert after["ticket_follower"] == before["ticket_follower"]

    async def test_not_a_number_nor_one_that_ended(self, busy: Gateway, first: Person, spot: Spot) -> None:
        """A mistyped number, one of no ticket, and a ticket that is settled."""
        number = (await first.report("路边垃圾成堆，没人清运", position=spot()))["ticket"]["number"]
        ticket = (await first.get(f"/v1/tickets/{number}")).json()
        handler = await busy.staff(Role.HANDLER, ticket["department"]["code"])
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已清运"})
        for wrong, code in ((number, "not_found"), (f"{number}X", "bad_ticket_number")):
            answer = await (await busy.citizen()).post(f"/v1/tickets/{wrong}/follow")
            assert (answer.status_code, answer.json()["code"]) == (404, code)

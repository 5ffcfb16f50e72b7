"""Staff's word on one event: confirmed, refused, undone."""

import asyncio
from typing import NamedTuple

import pytest

from citizen_gateway.platform.actor import Role
from tests.gateway import Gateway, Json, Person
from tests.intake.conftest import Spot

HEAP = "路边垃圾成堆没人清运"
SMELL = "臭得要命，好几天了"


class Pair(NamedTuple):
    """Two tickets that may be one event: who reported them, the older first, and who judges."""

    gateway: Gateway
    people: list[Person]
    receipts: list[Json]
    center: Person
    handler: Person

    @property
    def numbers(self) -> list[str]:
        """Both numbers, the older first."""
        return [str(receipt["ticket"]["number"]) for receipt in self.receipts]

    async def judge(self, person: Person, *, same: bool) -> tuple[int, Json]:
        """Judge the newer ticket."""
        older, newer = self.numbers
        body = {"like": older, "same": same, "reason": "看过现场"}
        answer = await person.post(f"/v1/tickets/{newer}/join-verdict", body)
        return answer.status_code, answer.json()

    async def types(self, number: str) -> list[str]:
        """Return what happened to a ticket."""
        items = (await self.center.get(f"/v1/tickets/{number}/timeline")).json()["items"]
        return [item["type"] for item in items]


@pytest.fixture
async def pair(busy: Gateway, spot: Spot) -> Pair:
    """Have two report what may be the same."""
    people = [await busy.citizen() for _ in range(2)]
    first = await people[0].report(HEAP, position=spot(), category="101")
    second = await people[1].report(SMELL, position=spot(30), category="101")
    assert second["joined"] is False
    handler = await busy.staff(Role.HANDLER, first["ticket"]["department"]["code"])
    return Pair(busy, people, [first, second], await busy.staff(Role.CENTER), handler)


class TestSuggestions:
    """What may be the same."""

    async def test_both_tickets_name_each_other(self, pair: Pair) -> None:
        """With title, state and likeness, for the center and the department; citizens see none of it."""
        older, newer = pair.numbers
        for number, other, title in ((newer, older, HEAP), (older, newer, SMELL)):
            for person in (pair.center, pair.handler):
                found = (await person.get(f"/v1/tickets/{number}/join-suggestions")).json()["items"]
                assert [(one["number"], one["title"], one["same"]) for one in found] == [(other, title, None)]
        refused = await pair.people[0].get(f"/v1/tickets/{older}/join-suggestions")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_ticket")


class TestVerdict:
    """A person's word."""

    async def test_a_centers_yes_merges_the_newer_into_the_older(self, pair: Pair) -> None:
        """Both timelines say so; the second citizen's report is answered by the first ticket, and followed there."""
        older, newer = pair.numbers
        status, verdict = await pair.judge(pair.center, same=True)
        assert (status, verdict["same"], verdict["merged"]) == (200, True, True)
        assert (verdict["ticket"]["number"], verdict["ticket"]["reporters"]) == (older, 2)
        assert (await pair.types(newer))[-2:] == ["ticket.join_judged", "ticket.merged"]
        assert (await pair.types(older))[-2:] == ["ticket.join_judged", "ticket.absorbed"]
        await pair.gateway.catch_up()
        shown = (await pair.people[1].get(f"/v1/reports/{pair.receipts[1]['report_id']}")).json()
        assert (shown["ticket_number"], shown["text"]) == (older, SMELL)
        assert (await pair.people[1].get(f"/v1/tickets/{older}")).status_code == 200

    async def test_a_no_keeps_them_apart(self, pair: Pair) -> None:
        """Said once: the second word is refused and nothing changes."""
        status, verdict = await pair.judge(pair.handler, same=False)
        assert (status, verdict["merged"], verdict["ticket"]["number"]) == (200, False, pair.numbers[1])
        before = await pair.gateway.census()
        status, refusal = await pair.judge(pair.center, same=True)
        assert (status, refusal["code"]) == (409, "already_judged")
        assert await pair.gateway.census() == before

    async def test_a_departments_yes_waits_for_the_center(self, pair: Pair) -> None:
        """It is shown with the suggestion; the center merges."""
        _, verdict = await pair.judge(pair.handler, same=True)
        assert verdict["merged"] is False
        path = f"/v1/tickets/{pair.numbers[0]}/join-suggestions"
        told = (await pair.center.get(path)).json()["items"][0]
        assert (told["same"], told["judged_at"]) == (True, None)
        _, verdict = await pair.judge(pair.center, same=True)
        assert verdict["merged"] is True

    async def test_of_two_who_judge_at_once_one_counts(self, pair: Pair) -> None:
        """The other is told that it is judged; it is merged once."""
        answers = await asyncio.gather(*(pair.judge(pair.center, same=True) for _ in range(4)))
        assert sorted(status for status, _ in answers) in ([200, 409, 409, 409], [200, 404, 409, 409])
        assert (await pair.types(pair.numbers[0])).count("ticket.absorbed") == 1

    async def test_what_was_not_suggested_and_whose_it_is_not(self, pair: Pair, spot: Spot) -> None:
        """Two tickets far apart, a citizen, another department: refused, and nothing is stored."""
        outsider = await pair.gateway.staff(Role.HANDLER, "zz-gas")
        far = await (await pair.gateway.citizen()).report(HEAP, position=spot(300), category="101")
        before = await pair.gateway.census()
        body = {"like": far["ticket"]["number"], "same": True, "reason": "x"}
        path = f"/v1/tickets/{pair.numbers[0]}/join-verdict"
        refused = await pair.center.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_suggested")
        assert (await pair.center.post(path, {"same": True})).json()["code"] == "invalid_request"
        status, refusal = await pair.judge(pair.people[1], same=True)
        assert status in {403, 404}, refusal
        assert (await pair.judge(outsider, same=True))[0] == 404
        assert await pair.gateway.census() == before


class TestUnjoin:
    """A report that joined by mistake."""

    @pytest.fixture
    async def joined(self, busy: Gateway, spot: Spot) -> Pair:
        """Have two report the same."""
        people = [await busy.citizen() for _ in range(2)]
        receipts = [await one.report(HEAP, position=spot(), category="101") for one in people]
        assert receipts[1]["joined"] is True
        handler = await busy.staff(Role.HANDLER, receipts[0]["ticket"]["department"]["code"])
        return Pair(busy, people, receipts, await busy.staff(Role.CENTER), handler)

    async def test_it_gets_a_ticket_of_its_own_dispatched_anew(self, joined: Pair) -> None:
        """Its citizen follows the new one by session and by receipt; the old one tells them where to look."""
        number, receipt = joined.numbers[0], joined.receipts[1]
        body = {"report_id": receipt["report_id"], "reason": "是另一堆"}
        undone = await joined.handler.post(f"/v1/tickets/{number}/unjoin", body)
        assert undone.status_code == 200, undone.text
        new = undone.json()
        assert (new["state"], new["reporters"]) == ("assigned", 1)
        assert new["number"] != number
        citizen, headers = joined.people[1], {"Ticket-Secret": receipt["secret"]}
        assert (await citizen.get(f"/v1/tickets/{new['number']}")).status_code == 200
        assert (await joined.gateway.stranger.get(f"/v1/tickets/{new['number']}", headers=headers)).status_code == 200
        assert (await citizen.get(f"/v1/reports/{receipt['report_id']}")).json()["ticket_number"] == new["number"]
        told = (await citizen.get(f"/v1/tickets/{number}/timeline")).json()["items"][-1]
        assert (told["type"], told["data"]["number"]) == ("ticket.unjoined", new["number"])
        await joined.gateway.catch_up()
        assert (await joined.center.get(f"/v1/tickets/{number}")).json()["reporters"] == 1

    async def test_what_did_not_join_and_what_has_ended(self, joined: Pair) -> None:
        """The first report, a stranger's, a settled ticket, a citizen who asks: refused, nothing stored."""
        number = joined.numbers[0]
        path = f"/v1/tickets/{number}/unjoin"
        first, second = ({"report_id": one["report_id"], "reason": "x"} for one in joined.receipts)
        before = await joined.gateway.census()
        for body in (first, second | {"report_id": "01890a5d-ac96-774b-bcce-b302099a8057"}):
            refused = await joined.center.post(path, body)
            assert (refused.status_code, refused.json()["code"]) == (422, "did_not_join")
        assert (await joined.people[0].post(path, second)).json()["code"] == "not_your_ticket"
        assert await joined.gateway.census() == before
        await joined.handler.act(number, "accept")
        await joined.handler.act(number, "resolve", {"reply": "已清运"})
        ended = await joined.center.post(path, second)
        assert (ended.status_code, ended.json()["code"]) == (409, "other_not_open")

    async def test_twice_at_once_is_once(self, joined: Pair) -> None:
        """One new ticket; the others are told that it joined nothing."""
        body = {"report_id": joined.receipts[1]["report_id"], "reason": "x"}
        path = f"/v1/tickets/{joined.numbers[0]}/unjoin"
        answers = await asyncio.gather(*(joined.center.post(path, body) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]

"""One event, many reporters: all are asked, each once for each resolution, and one reopening follows."""

import asyncio
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import begin
from citizen_gateway.satisfaction import jobs
from citizen_gateway.satisfaction import service as satisfaction
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.model import RATING_WINDOW
from tests.gateway import Gateway, Json, Person
from tests.intake.conftest import Spot, spot
from tests.satisfaction.conftest import CONTENT

__all__ = ["spot"]

UNHAPPY = {"contacted": True, "solved": "not", "satisfied": 1}


class Street(NamedTuple):
    """Several who reported one event, its ticket, and who settles it."""

    gateway: Gateway
    people: list[Person]
    receipts: list[Json]
    handler: Person
    number: str

    async def settle(self) -> None:
        """Sign for the ticket, settle it, and let its reporters be invited."""
        assert (await self.handler.act(self.number, "accept")).status_code == 200
        assert (await self.handler.act(self.number, "resolve", {"reply": "已清运"})).status_code == 200
        await self.gateway.catch_up()

    async def rate(self, who: int, vote: Json) -> tuple[int, Json]:
        """Rate as one of the people."""
        answer = await self.people[who].post(f"/v1/reports/{self.receipts[who]['report_id']}/rating", vote)
        return answer.status_code, answer.json()

    async def state(self) -> str:
        """Return where the ticket stands."""
        return str((await self.people[0].get(f"/v1/tickets/{self.number}")).json()["state"])

    async def timeline(self, person: Person) -> list[Json]:
        """Return what somebody sees of the past."""
        return list((await person.get(f"/v1/tickets/{self.number}/timeline")).json()["items"])


async def street(busy: Gateway, spot: Spot, count: int) -> Street:
    """Have so many people report the same rubbish."""
    people = [await busy.citizen() for _ in range(count)]
    receipts = [await one.report("路边垃圾成堆，没人清运", position=spot(), category="101") for one in people]
    assert [receipt["joined"] for receipt in receipts] == [False] + [True] * (count - 1)
    ticket = receipts[0]["ticket"]
    handler = await busy.staff(Role.HANDLER, ticket["department"]["code"])
    return Street(busy, people, receipts, handler, ticket["number"])


@pytest.fixture
async def three(busy: Gateway, spot: Spot) -> Street:
    """Give three who reported one event, settled."""
    made = await street(busy, spot, 3)
    await made.settle()
    return made


class TestInvited:
    """Who is asked."""

    async def test_every_reporter_and_no_follower(self, busy: Gateway, spot: Spot) -> None:
        """The joined ones too; the timeline says whose reports were asked about, once."""
        made = await street(busy, spot, 3)
        watcher = await busy.citizen()
        assert (await watcher.post(f"/v1/tickets/{made.number}/follow")).status_code == 200
        await made.settle()
        for person, receipt in zip(made.people, made.receipts, strict=True):
            shown = await person.get(f"/v1/reports/{receipt['report_id']}/invitation")
            assert (shown.status_code, shown.json()["ticket_number"]) == (200, made.number)
        told = [item for item in await made.timeline(watcher) if item["type"] == "ticket.invited"]
        assert [set(item["data"]["reports"]) for item in told] == [{one["report_id"] for one in made.receipts}]
        assert {item["by"] for item in told} == {"system"}

    async def test_the_title_of_another_is_shown_masked(self, busy: Gateway, spot: Spot) -> None:
        """Who joined rates without learning the first one's phone number."""
        people = [await busy.citizen() for _ in range(2)]
        texts = ["路边垃圾成堆，我电话13812345678", "路边垃圾成堆，没人清运"]
        receipts = [
            await one.report(text, position=spot(), category="101") for one, text in zip(people, texts, strict=True)
        ]
        ticket = receipts[0]["ticket"]
        handler = await busy.staff(Role.HANDLER, ticket["department"]["code"])
        await Street(busy, people, receipts, handler, ticket["number"]).settle()
        shown = (await people[1].get(f"/v1/reports/{receipts[1]['report_id']}/invitation")).json()
        assert "138" not in shown["title"]


class TestReopening:
    """Unsatisfied or unsolved."""

    async def test_the_first_unhappy_vote_reopens_and_the_center_is_informed(self, three: Street) -> None:
        """It is the lead's again with new limits; the system did it, and a center watches."""
        assert (await three.rate(0, CONTENT))[1]["ticket_state"] == "resolved"
        assert (await three.rate(1, UNHAPPY))[1]["ticket_state"] == "assigned"
        center = await three.gateway.staff(Role.CENTER)
        types = [item["type"] for item in await three.timeline(center)]
        assert types[-3:] == ["ticket.rated", "ticket.reopened", "ticket.supervised"]
        reopened = next(item for item in await three.timeline(center) if item["type"] == "ticket.reopened")
        assert (reopened["by"], reopened["data"]["cause"]) == ("system", "unsatisfied")

    async def test_who_had_not_voted_is_told_to_wait(self, three: Street) -> None:
        """What is at work again is not rated; nothing is stored, and the first votes stand."""
        await three.rate(1, UNHAPPY)
        before = await three.gateway.census()
        status, refusal = await three.rate(2, CONTENT)
        assert (status, refusal["code"]) == (409, "rating_superseded")
        status, refusal = await three.rate(1, CONTENT)
        assert (status, refusal["code"]) == (409, "already_rated")
        assert await three.gateway.census() == before

    async def test_the_second_resolution_is_rated_anew_by_all(self, three: Street) -> None:
        """Each has a new invitation with a new link; the old link opens nothing more; all content closes it."""
        paths = [f"/v1/reports/{receipt['report_id']}/invitation" for receipt in three.receipts]
        old = [(await one.get(path)).json()["token"] for one, path in zip(three.people, paths, strict=True)]
        await three.rate(1, UNHAPPY)
        await three.settle()
        new = [(await one.get(path)).json() for one, path in zip(three.people, paths, strict=True)]
        assert [one["rated"] for one in new] == [False] * 3
        assert not {one["token"] for one in new} & set(old)
        stranger = three.gateway.stranger
        late = await stranger.post(f"/v1/invitations/{old[2]}/rating", CONTENT)
        assert (late.status_code, late.json()["code"]) == (409, "rating_superseded")
        for who in range(3):
            assert (await three.rate(who, CONTENT))[0] == 201
        assert await three.state() == "closed"

    async def test_between_the_second_resolution_and_its_invitation_nothing_is_rated(self, three: Street) -> None:
        """The old invitation is not taken for the new result in the moment before the new one goes out."""
        await three.rate(1, UNHAPPY)
        await three.handler.act(three.number, "accept")
        await three.handler.act(three.number, "resolve", {"reply": "已清运"})
        status, refusal = await three.rate(0, CONTENT)
        assert (status, refusal["code"]) == (409, "rating_superseded")

    async def test_the_second_unhappy_vote_is_the_centers(self, three: Street) -> None:
        """No second reopening: a center calls, and the ticket waits for the rest."""
        await three.rate(1, UNHAPPY)
        await three.settle()
        status, vote = await three.rate(2, UNHAPPY)
        assert (status, vote["ticket_state"]) == (201, "resolved")
        center = await three.gateway.staff(Role.CENTER)
        mine = [one for one in await listed(center) if one["ticket_number"] == three.number]
        assert [one["reason"] for one in mine] == ["unsatisfied"]

    async def test_many_unhappy_at_once_reopen_once(self, busy: Gateway, spot: Spot) -> None:
        """Votes of one ticket wait for each other: some count, the rest are told to wait, and it is reopened once."""
        made = await street(busy, spot, 6)
        await made.settle()
        answers = await asyncio.gather(*(made.rate(who, UNHAPPY) for who in range(6)))
        assert sorted(status for status, _ in answers) == [201] + [409] * 5
        center = await busy.staff(Role.CENTER)
        types = [item["type"] for item in await made.timeline(center)]
        assert types.count("ticket.reopened") == types.count("ticket.rated") == 1


class TestWindow:
    """Seven days for each resolution."""

    async def test_the_end_of_the_first_time_does_not_close_the_second(self, three: Street) -> None:
        """The job of the first resolution finds that another stands, and leaves the ticket."""
        await three.rate(1, UNHAPPY)
        async with three.gateway.parts.pool.acquire() as conn:
            ticket = await ticket_store.by_number(conn, three.number)
            first = await conn.fetchval("select min(resolution) from invitation where ticket_id = $1", ticket.id)
        await three.settle()
        async with begin(three.gateway.parts.pool, three.gateway.clock()) as tx:
            await satisfaction.window_over(tx, three.gateway.parts.city, jobs.WindowOver(ticket.id, first))
        assert await three.state() == "resolved"

    @pytest.mark.parametrize(("voters", "reason"), [(0, "无人评价"), (1, "评价")])
    async def test_then_it_is_closed_with_the_reason(self, voters: int, reason: str, three: Street) -> None:
        """未评价 where nobody voted; where some did, for the time being over."""
        for who in range(voters):
            await three.rate(who, CONTENT)
        three.gateway.clock.advance(RATING_WINDOW + timedelta(minutes=1))
        async with begin(three.gateway.parts.pool, three.gateway.clock()) as tx:
            ticket = await ticket_store.by_number(tx.conn, three.number)
            await satisfaction.window_over(tx, three.gateway.parts.city, jobs.WindowOver(ticket.id))
        last = (await three.timeline(three.people[0]))[-1]
        assert last["type"] == "ticket.closed"
        assert reason in last["data"]["reason"]
        status, refusal = await three.rate(2, CONTENT)
        assert (status, refusal["code"]) == (410, "rating_closed")


class TestSums:
    """What staff see of votes."""

    async def test_a_department_sees_only_sums_of_many_when_all_is_over(self, busy: Gateway, spot: Spot) -> None:
        """Of fewer than five, or while more may come, it would know whose they are; a center sees words too."""
        made = await street(busy, spot, 6)
        await made.settle()
        path = f"/v1/tickets/{made.number}/ratings"
        center = await busy.staff(Role.CENTER)
        for who in range(5):
            await made.rate(who, CONTENT | {"comment": f"意见{who}", "tags": ["快"]})
        seen = (await made.handler.get(path)).json()
        assert (seen["invited"], seen["withheld"], seen["rated"], seen["solved"]) == (6, True, None, None)
        whole = (await center.get(path)).json()
        assert (whole["rated"], whole["average"], whole["tags"]) == (5, 5.0, {"快": 5})
        assert sorted(whole["comments"]) == [f"意见{who}" for who in range(5)]
        await made.rate(5, CONTENT)
        assert await made.state() == "closed"
        seen = (await made.handler.get(path)).json()
        assert (seen["withheld"], seen["rated"], seen["solved"]) == (False, 6, {"solved": 6})
        assert seen["comments"] is None

    async def test_citizens_and_other_departments_see_none(self, three: Street) -> None:
        """A reporter has no role here, another department no such ticket."""
        path = f"/v1/tickets/{three.number}/ratings"
        assert (await three.people[0].get(path)).json()["code"] == "role_missing"
        outsider = await three.gateway.staff(Role.HANDLER, "zz-gas")
        assert (await outsider.get(path)).status_code == 404

    async def test_no_view_for_handlers_connects_vote_and_person(self, three: Street) -> None:
        """Whatever a handler can ask about a rated ticket names no reporter and no vote."""
        await three.rate(0, CONTENT | {"comment": "很满意"})
        pages = [await three.handler.get(f"/v1/tickets/{three.number}{more}") for more in ("", "/timeline", "/ratings")]
        for page in pages:
            assert page.status_code == 200
            assert "很满意" not in page.text
            assert "ticket.rated" not in page.text
            assert all(str(person.id) not in page.text for person in three.people[1:])


class TestFollowUp:
    """Calls by a center."""

    async def test_a_closed_ticket_is_drawn_and_the_call_recorded_once(self, three: Street) -> None:
        """Listed for the center of its area, recorded with its answers, told on the timeline to centers alone."""
        for who in range(3):
            await three.rate(who, CONTENT)
        await three.gateway.catch_up()
        center = await three.gateway.staff(Role.CENTER)
        call = next(one for one in await listed(center) if one["ticket_number"] == three.number)
        assert (call["reason"], call["result"]) == ("sample", None)
        path = f"/v1/follow-ups/{call['id']}/result"
        answers = {"reached": True, "contacted": True, "solved": "partly", "satisfied": 3, "note": "还差一点"}
        before = await three.gateway.census()
        done = await center.post(path, answers)
        assert (done.status_code, done.json()["result"]) == (200, answers)
        after = await three.gateway.census()
        assert {name for name in after if after[name] != before[name]} == {"event"}
        again = await center.post(path, answers)
        assert (again.status_code, again.json()["code"]) == (409, "already_followed_up")
        assert await three.gateway.census() == after
        assert call["id"] not in {one["id"] for one in await listed(center)}
        assert call["id"] in {one["id"] for one in await listed(center, done=True)}
        told = (await three.timeline(center))[-1]
        assert (told["type"], told["data"]["solved"]) == ("ticket.revisited", "partly")
        for person in (three.handler, three.people[0]):
            assert "ticket.revisited" not in [item["type"] for item in await three.timeline(person)]

    async def test_bad_answers_and_foreign_calls(self, three: Street) -> None:
        """Half an answer, no such call, a call of another area, a handler."""
        for who in range(3):
            await three.rate(who, CONTENT)
        await three.gateway.catch_up()
        center = await three.gateway.staff(Role.CENTER)
        call = next(one for one in await listed(center) if one["ticket_number"] == three.number)
        path = f"/v1/follow-ups/{call['id']}/result"
        before = await three.gateway.census()
        half = await center.post(path, {"reached": True, "satisfied": 3})
        assert (half.status_code, half.json()["code"]) == (422, "answers_missing")
        wrong = await center.post(path, {"reached": True, "satisfied": 9})
        assert wrong.json()["code"] == "invalid_request"
        unknown = await center.post(f"/v1/follow-ups/{UUID(int=5)}/result", {"reached": False})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
        assert (await three.handler.post(path, {"reached": False})).json()["code"] == "role_missing"
        assert await three.gateway.census() == before
        assert (await center.post(path, {"reached": False})).json()["result"]["solved"] is None


async def listed(center: Person, *, done: bool = False) -> list[Json]:
    """Return all calls, page by page."""
    found: list[Json] = []
    query: Json = {"limit": 100, "done": str(done).lower()}
    while True:
        page = (await center.get("/v1/follow-ups", params=query)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]

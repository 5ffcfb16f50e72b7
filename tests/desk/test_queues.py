"""Queues over HTTP, and their pages while tickets change."""

import asyncio
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from citizen_gateway.desk.model import Place, Queue
from citizen_gateway.kernel.errors import BadCursor
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.db import MIGRATIONS
from citizen_gateway.tickets.terms import OPEN
from tests.conftest import NOW
from tests.gateway import DEPARTMENT, ELSEWHERE, UNCLEAR, Gateway, Json, Person

GAS = "zz-gas"
LEAK = "603"


async def listed(person: Person, queue: Queue, **query: object) -> list[str]:
    """Return the numbers on all pages of a queue."""
    numbers: list[str] = []
    cursor: Json = {}
    while True:
        answer = await person.get(f"/v1/queues/{queue}", params={"limit": 50} | query | cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [ticket["number"] for ticket in page["items"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}


async def opened(citizen: Person, text: str | None = None, **more: object) -> str:
    """Report and return the ticket's number."""
    receipt = await (citizen.report(text, **more) if text else citizen.report(**more))
    return str(receipt["ticket"]["number"])


class TestQueues:
    """What is in whose queue."""

    async def test_a_department_finds_what_it_holds_until_it_is_settled(
        self, citizen: Person, handler: Person, outsider: Person
    ) -> None:
        """In its own queue, in nobody else's, and no longer once it is resolved."""
        number = await opened(citizen)
        assert number in await listed(handler, Queue.DEPARTMENT)
        assert number in await listed(handler, Queue.OPEN)
        assert number not in await listed(outsider, Queue.DEPARTMENT)
        await handler.act(number, "accept")
        await handler.act(number, "resolve", {"reply": "已清理"})
        assert number not in await listed(handler, Queue.DEPARTMENT)

    async def test_mine_is_what_i_signed_for(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """A colleague of the same department has not signed for it."""
        number = await opened(citizen)
        colleague = await gateway.staff(Role.HANDLER, DEPARTMENT)
        await handler.act(number, "accept")
        await gateway.catch_up()
        assert number in await listed(handler, Queue.MINE)
        assert await listed(colleague, Queue.MINE) == []
        await colleague.act(number, "start")
        await gateway.catch_up()
        assert number in await listed(colleague, Queue.MINE)
        assert number not in await listed(handler, Queue.MINE)

    async def test_triage_is_what_nobody_has(self, citizen: Person, center: Person, handler: Person) -> None:
        """A center sees it; a department has no part in it."""
        number = await opened(citizen, UNCLEAR)
        assert number in await listed(center, Queue.TRIAGE)
        assert number not in await listed(handler, Queue.OPEN)
        await center.act(number, "assign", {"department": DEPARTMENT, "reason": "属地", "category": "101"})
        assert number not in await listed(center, Queue.TRIAGE)

    async def test_returned_and_supervised(self, citizen: Person, center: Person, handler: Person) -> None:
        """What a department gave back is the center's to decide on; what a center watches is in a queue of its own."""
        number = await opened(citizen)
        await center.act(number, "supervise", {"reason": "群众反映强烈"})
        for person in (center, handler):
            assert number in await listed(person, Queue.SUPERVISED)
        given = {"code": "not_our_area", "evidence": "不在辖区内"}
        answer = await handler.act(number, "return", given)
        assert answer.status_code == 200, answer.text
        assert number in await listed(center, Queue.RETURNED)
        assert number not in await listed(handler, Queue.OPEN)

    def test_open_is_what_a_tickets_life_calls_open(self) -> None:
        """The column that queues ask and the states of the table of actions are the same."""
        migration = (MIGRATIONS / "0009_desk.sql").read_text("utf-8")
        told = migration[migration.index("state in (") :].partition(")")[0]
        assert set(re.findall("'([a-z_]+)'", told)) == {state.value for state in OPEN}

    async def test_emergencies_first_then_what_is_due_first(self, gateway: Gateway, citizen: Person) -> None:
        """Whatever came first."""
        clerk = await gateway.staff(Role.HANDLER, GAS)
        calm = [await opened(citizen, "燃气公司咨询开户", category=LEAK) for _ in range(2)]
        urgent = await opened(citizen, "楼道里有很浓的煤气味，快来人", category=LEAK)
        order = [number for number in await listed(clerk, Queue.DEPARTMENT) if number in {*calm, urgent}]
        assert order == [urgent, *calm]

    async def test_due_soon_then_overdue(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """From four fifths of the running clock on, and from its end on."""
        number = await opened(citizen)
        ticket = (await handler.get(f"/v1/tickets/{number}")).json()
        assert number not in await listed(handler, Queue.DUE_SOON)
        async with gateway.parts.pool.acquire() as conn:
            due = await conn.fetchval("select queue_at from ticket where number = $1", number)
        assert due.isoformat() in {ticket["accept_due"].replace("Z", "+00:00"), ticket["resolve_due"]}
        start = gateway.clock()
        gateway.clock.advance((due - start) * 0.9)
        assert number in await listed(handler, Queue.DUE_SOON)
        assert number not in await listed(handler, Queue.OVERDUE)
        gateway.clock.advance(due - start)
        assert number in await listed(handler, Queue.OVERDUE)
        assert number not in await listed(handler, Queue.DUE_SOON)

    async def test_counts_are_those_of_the_lists(self, gateway: Gateway, citizen: Person) -> None:
        """For each queue, also narrowed by a saved filter."""
        clerk = await gateway.staff(Role.HANDLER, GAS)
        await opened(citizen, category=LEAK)
        counted = (await clerk.get("/v1/queues")).json()["items"]
        assert {one["queue"] for one in counted} == set(Queue)
        for one in counted:
            assert one["count"] == len(await listed(clerk, Queue(one["queue"])))
            assert not one["more"]
        kept = (await clerk.post("/v1/filters", {"name": uuid4().hex, "emergency": True})).json()
        narrowed = (await clerk.get("/v1/queues", params={"filter": kept["id"]})).json()["items"]
        counts = {one["queue"]: one["count"] for one in narrowed}
        assert counts["open"] == len(await listed(clerk, Queue.OPEN, emergency=True))


class TestAreas:
    """Centers of a district."""

    async def test_see_their_district_alone(self, gateway: Gateway, citizen: Person) -> None:
        """And may not ask for another."""
        number = await opened(citizen, UNCLEAR)
        here = await gateway.staff(Role.CENTER, area="410103")
        there = await gateway.staff(Role.CENTER, area="410105")
        assert number in await listed(here, Queue.TRIAGE)
        assert number not in await listed(there, Queue.TRIAGE)
        assert (await here.get(f"/v1/tickets/{number}")).status_code == 200
        assert (await there.get(f"/v1/tickets/{number}")).json()["code"] == "not_found"
        refused = await there.get("/v1/queues/triage", params={"area": "410103"})
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign_area")
        assert number in await listed(here, Queue.OPEN, area="410103")


class TestPages:
    """Going on behind a place."""

    async def test_whole_while_rows_change(self, gateway: Gateway, citizen: Person) -> None:
        """Tickets that leave between two pages take none of the others with them, and none is shown twice."""
        clerk = await gateway.staff(Role.HANDLER, GAS)
        numbers = [await opened(citizen, category=LEAK) for _ in range(9)]
        seen: list[str] = []
        cursor: Json = {}
        while True:
            page = (await clerk.get("/v1/queues/department", params={"limit": 2} | cursor)).json()
            shown = [ticket["number"] for ticket in page["items"]]
            seen += shown
            # The last one shown goes away, and so does one that is still to come.
            leaving = {shown[-1], numbers[-1]} if shown and numbers[0] in seen else set()
            for number in leaving:
                await clerk.act(number, "accept")
                await clerk.act(number, "resolve", {"reply": "好"})
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert len(seen) == len(set(seen))
        assert set(numbers[:-1]) <= set(seen)

    @pytest.mark.parametrize("cursor", ["x", "%00", "💥", "AAAA", "A" * 34 + "B", "a" * 500, "_" * 34])
    async def test_a_cursor_that_is_none_is_refused(self, cursor: str, center: Person) -> None:
        """With its own problem."""
        answer = await center.get("/v1/queues/open", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")

    def test_a_place_survives_its_cursor(self) -> None:
        """To the microsecond, and only in its own spelling."""
        place = Place(True, NOW + timedelta(microseconds=1), uuid4())
        assert Place.decode(place.encode()) == place
        with pytest.raises(BadCursor):
            Place.decode(place.encode() + "=")


class TestRefused:
    """Who has no queue, and what is no condition."""

    async def test_people_without_office(self, gateway: Gateway, citizen: Person) -> None:
        """Citizens, administrators and clients without the scope."""
        lacking = [citizen, await gateway.staff(Role.ADMINISTRATOR), await gateway.partner(Scope.REPORTS_WRITE)]
        for person in lacking:
            for path in ("/v1/queues", "/v1/queues/open", "/v1/search?q=x"):
                answer = await person.get(path)
                assert answer.json()["code"] in {"role_missing", "scope_missing"}, path
        assert (await gateway.stranger.get("/v1/queues")).status_code == 401

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"department": ELSEWHERE}, "role_missing"),
            ({"department": "atlantis"}, "unknown_department"),
            ({"area": "atlantis"}, "unknown_area"),
            ({"category": "atlantis"}, "unknown_category"),
            ({"filter": str(uuid4())}, "not_found"),
            ({"state": "atlantis"}, "invalid_request"),
        ],
    )
    async def test_conditions_that_are_none(self, handler: Person, query: Json, code: str) -> None:
        """Each is told by its name."""
        for path in ("/v1/queues/open", "/v1/search?q=x"):
            answer = await handler.get(path, params=query | ({"q": "x"} if "search" in path else {}))
            assert answer.json()["code"] == code

    async def test_no_such_queue(self, handler: Person) -> None:
        """Is not found, or not of the form."""
        assert (await handler.get("/v1/queues/atlantis")).status_code in {404, 422}


class TestFilters:
    """Conditions under a name."""

    async def test_are_kept_listed_used_and_deleted(self, gateway: Gateway, citizen: Person) -> None:
        """By their owner; nobody else finds them."""
        clerk, other = [await gateway.staff(Role.HANDLER, GAS) for _ in range(2)]
        number = await opened(citizen, category=LEAK)
        given = {"name": "急", "department": GAS, "category": LEAK, "state": "assigned", "emergency": False}
        kept = (await clerk.post("/v1/filters", given)).json()
        assert {name: kept[name] for name in given} == given
        assert (await clerk.get("/v1/filters")).json()["items"] == [kept]
        assert number in await listed(clerk, Queue.OPEN, filter=kept["id"])
        assert number not in await listed(clerk, Queue.OPEN, filter=kept["id"], state="accepted")
        assert (await other.get("/v1/filters")).json()["items"] == []
        assert (await other.call("DELETE", f"/v1/filters/{kept['id']}")).status_code == 404
        assert (await other.get("/v1/queues/open", params={"filter": kept["id"]})).status_code == 404
        assert (await clerk.call("DELETE", f"/v1/filters/{kept['id']}")).status_code == 204
        assert (await clerk.call("DELETE", f"/v1/filters/{kept['id']}")).status_code == 404

    async def test_one_name_is_one_filter(self, gateway: Gateway) -> None:
        """Also where two are saved at the same moment."""
        clerk = await gateway.staff(Role.HANDLER, GAS)
        answers = await asyncio.gather(*(clerk.post("/v1/filters", {"name": "a"}) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]

    async def test_what_rights_do_not_reach_is_not_kept(self, gateway: Gateway, citizen: Person) -> None:
        """Nor what is no condition, nor anything of a citizen's."""
        clerk = await gateway.staff(Role.HANDLER, GAS)
        before = await gateway.census()
        for body, code in (
            ({"name": "a", "department": ELSEWHERE}, "role_missing"),
            ({"name": "a", "area": "atlantis"}, "unknown_area"),
            ({"name": ""}, "invalid_request"),
        ):
            assert (await clerk.post("/v1/filters", body)).json()["code"] == code
        assert (await citizen.post("/v1/filters", {"name": "a"})).json()["code"] == "forbidden"
        assert await gateway.census() == before

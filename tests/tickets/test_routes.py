"""`/v1/tickets` over HTTP."""

import asyncio

import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import DEPARTMENT, ELSEWHERE, UNCLEAR, Gateway, Json, Person, photo


async def listed(person: Person, **query: object) -> list[str]:
    """Return the numbers of all pages of somebody's queue."""
    numbers: list[str] = []
    cursor: dict[str, object] = {}
    while True:
        answer = await person.get("/v1/tickets", params={"limit": 50} | query | cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [ticket["number"] for ticket in page["items"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}


async def accepted(citizen: Person, handler: Person, **said: object) -> str:
    """Report, sign for the ticket and return its number."""
    number = str((await citizen.report(**said))["ticket"]["number"])
    assert (await handler.act(number, "accept")).status_code == 200
    return number


class TestQueue:
    """The queue of whoever handles tickets."""

    async def test_each_office_sees_its_own(
        self, gateway: Gateway, citizen: Person, handler: Person, outsider: Person, center: Person
    ) -> None:
        """The department sees what it holds, the center and auditors all, another department nothing of it."""
        auditor = await gateway.staff(Role.AUDITOR)
        mine, waiting = [(await citizen.report(text))["ticket"]["number"] for text in ("垃圾堆积无人清理", UNCLEAR)]
        assert mine in await listed(handler)
        assert waiting not in await listed(handler)
        for seeing in (center, auditor):
            assert {mine, waiting} <= set(await listed(seeing))
        assert not {mine, waiting} & set(await listed(outsider))

    async def test_filters(self, citizen: Person, center: Person, handler: Person) -> None:
        """By state and by department; together too."""
        mine, waiting = [(await citizen.report(text))["ticket"]["number"] for text in ("垃圾堆积无人清理", UNCLEAR)]
        pending = await listed(center, state="pending")
        assert waiting in pending
        assert mine not in pending
        assert mine in await listed(center, department=DEPARTMENT, state="assigned")
        assert mine in await listed(handler, department=DEPARTMENT)
        assert mine not in await listed(center, department=ELSEWHERE)

    async def test_another_departments_queue_is_refused(self, handler: Person) -> None:
        """Asking for it by name is told to be no right of theirs."""
        answer = await handler.get("/v1/tickets", params={"department": ELSEWHERE})
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")

    async def test_citizens_and_strangers_have_no_queue(self, gateway: Gateway, citizen: Person) -> None:
        """A queue is for staff."""
        assert (await citizen.get("/v1/tickets")).status_code == 403
        assert (await gateway.stranger.get("/v1/tickets")).status_code == 401
        grid_worker = await gateway.staff(Role.GRID_WORKER)
        assert (await grid_worker.get("/v1/tickets")).status_code == 403

    async def test_pages_are_whole_and_oldest_first(self, gateway: Gateway, citizen: Person) -> None:
        """Pages of two hold each ticket once, in the order they came."""
        clerk = await gateway.staff(Role.HANDLER, "zz-gas")
        numbers = [(await citizen.report(category="603"))["ticket"]["number"] for _ in range(5)]
        assert (await listed(clerk, limit=2))[-5:] == numbers

    @pytest.mark.parametrize("cursor", ["x", "%00", "💥", "AAAA", "a" * 500])
    async def test_a_cursor_of_nobodys_is_refused(self, cursor: str, center: Person) -> None:
        """Only cursors of our own answers are read."""
        answer = await center.get("/v1/tickets", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "9" * 30}, {"state": "lost"}])
    async def test_a_query_out_of_form_is_refused(self, query: Json, center: Person) -> None:
        """Limits and states are those of the description; the answer points at the parameter."""
        answer = await center.get("/v1/tickets", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert next(iter(query)) in answer.json()["detail"]


class TestShow:
    """One ticket."""

    async def test_citizens_see_their_own_and_nobody_elses(self, gateway: Gateway, citizen: Person) -> None:
        """By session; the parts for staff are empty. For a neighbour it does not exist."""
        receipt = await citizen.report()
        path = f"/v1/tickets/{receipt['ticket']['number']}"
        ticket = (await citizen.get(path)).json()
        assert ticket["state"] == "assigned"
        assert ticket["department"]["code"] == DEPARTMENT
        assert (ticket["dispatch"], ticket["handling"], ticket["assisting"]) == (None, None, None)
        assert ticket["actions"] == ["withdraw", "urge"]
        neighbour = await gateway.citizen()
        for address in (path, f"{path}/timeline"):
            answer = await neighbour.get(address)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    async def test_staff_see_why_and_what_next(self, citizen: Person, handler: Person, outsider: Person) -> None:
        """The department sees how it was dispatched and what can be done; another department sees nothing."""
        path = f"/v1/tickets/{(await citizen.report())['ticket']['number']}"
        ticket = (await handler.get(path)).json()
        assert ticket["dispatch"]["automatic"] is True
        assert ticket["actions"] == ["accept", "return", "assist", "ask", "request_extension"]
        assert (await outsider.get(path)).status_code == 404

    async def test_number_and_secret_open_it_without_a_session(self, gateway: Gateway, citizen: Person) -> None:
        """The receipt is enough; without the secret or with a wrong one the ticket does not exist."""
        receipt = await citizen.report()
        path, stranger = f"/v1/tickets/{receipt['ticket']['number']}", gateway.stranger
        with_secret = {"Ticket-Secret": receipt["secret"]}
        assert (await stranger.get(path, headers=with_secret)).status_code == 200
        assert (await stranger.get(f"{path}/timeline", headers=with_secret)).status_code == 200
        other = (await citizen.report())["secret"]
        for headers in ({}, {"Ticket-Secret": other}, {"Ticket-Secret": ""}):
            answer = await stranger.get(path, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    async def test_a_wrong_session_is_not_covered_by_a_right_secret(self, gateway: Gateway, citizen: Person) -> None:
        """A credential that is brought must be valid."""
        receipt = await citizen.report()
        expired = Person(gateway.http, "cgc_nobody")
        headers = {"Ticket-Secret": receipt["secret"]}
        answer = await expired.get(f"/v1/tickets/{receipt['ticket']['number']}", headers=headers)
        assert answer.status_code == 401

    @pytest.mark.parametrize("number", ["nonsense", "%00", "ZZ-20261122-AAAAAA-2", "💥", "-", "a" * 300])
    async def test_a_mistyped_number_is_told_apart(self, number: str, citizen: Person) -> None:
        """A number whose check sign is wrong says so, instead of not being found."""
        answer = await citizen.get(f"/v1/tickets/{number}")
        assert (answer.status_code, answer.json()["code"]) == (404, "bad_ticket_number")

    async def test_a_number_with_a_nul_is_no_defect(self, citizen: Person) -> None:
        """Signs that do not count for the check sign do not reach the database either."""
        number = (await citizen.report())["ticket"]["number"]
        assert (await citizen.get(f"/v1/tickets/%00{number}")).status_code == 404


class TestTimeline:
    """What happened to a ticket."""

    async def test_citizens_read_the_public_part(self, citizen: Person, handler: Person) -> None:
        """Who did what by kind, when and why; never by name."""
        number = await accepted(citizen, handler)
        items = (await citizen.get(f"/v1/tickets/{number}/timeline")).json()["items"]
        told = [(item["type"], item["by"]) for item in items]
        assert told == [("ticket.opened", "citizen"), ("ticket.assigned", "system"), ("ticket.accepted", "staff")]
        assert [item["version"] for item in items] == [1, 2, 3]
        assert str(handler.id) not in str(items)


class TestActing:
    """Steps over HTTP."""

    async def test_the_way_of_a_ticket(self, citizen: Person, handler: Person) -> None:
        """Accept, start, resolve; each answer shows the ticket as it is now."""
        number = await accepted(citizen, handler)
        started = (await handler.act(number, "start")).json()
        assert started["state"] == "in_progress"
        assert started["actions"] == ["assist", "ask", "request_hold", "request_extension", "resolve"]
        resolved = (await handler.act(number, "resolve", {"reply": "已清理"})).json()
        assert (resolved["state"], resolved["reply"]) == ("resolved", "已清理")
        assert (await citizen.get(f"/v1/tickets/{number}")).json()["reply"] == "已清理"

    async def test_after_photo_where_the_report_had_one(self, citizen: Person, handler: Person) -> None:
        """Needed, and it must be the handler's own upload."""
        before = await citizen.upload()
        number = await accepted(citizen, handler, photo_ids=[before])
        refused = await handler.act(number, "resolve", {"reply": "好"})
        assert (refused.status_code, refused.json()["code"]) == (422, "evidence_missing")
        assert refused.json()["extra"] == {"need": "after_photo"}
        stolen = await handler.act(number, "resolve", {"reply": "好", "photo_ids": [before]})
        assert (stolen.status_code, stolen.json()["code"]) == (422, "unknown_photo")
        shown = await handler.upload(photo())
        resolved = await handler.act(number, "resolve", {"reply": "好", "photo_ids": [shown]})
        assert resolved.json()["after_photo_ids"] == [shown]

    async def test_center_corrects_category_and_assigns(
        self, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """An unclear report gets its category and department from a person; then that department may act."""
        number = (await citizen.report(UNCLEAR))["ticket"]["number"]
        given = {"department": "zz-gas", "reason": "燃气", "category": "603"}
        ticket = (await center.act(number, "assign", given)).json()
        assert (ticket["state"], ticket["category"]["code"], ticket["department"]["code"]) == (
            "assigned",
            "603",
            "zz-gas",
        )
        clerk = await gateway.staff(Role.LEAD, "zz-gas")
        assert (await clerk.act(number, "accept")).status_code == 200

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"department": "mars", "reason": "r", "category": "101"}, "unknown_department"),
            ({"department": DEPARTMENT, "reason": "r", "category": "999"}, "unknown_category"),
            ({"department": DEPARTMENT, "reason": " ", "category": "101"}, "evidence_missing"),
            ({"department": DEPARTMENT, "category": "101"}, "invalid_request"),
            ({"department": DEPARTMENT, "reason": "r", "state": "closed"}, "invalid_request"),
            ({"department": "\0", "reason": "r", "category": "101"}, "unknown_department"),
            ({"department": DEPARTMENT, "reason": "a\0b", "category": "101"}, "invalid_request"),
        ],
    )
    async def test_a_bad_assignment_changes_nothing(
        self, given: Json, code: str, gateway: Gateway, citizen: Person, center: Person
    ) -> None:
        """Each has its code; the ticket stays pending, and nothing is recorded."""
        number = (await citizen.report(UNCLEAR))["ticket"]["number"]
        before = await gateway.census()
        answer = await center.act(number, "assign", given, key="assign-1")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert await gateway.census() == before
        assert (await center.get(f"/v1/tickets/{number}")).json()["state"] == "pending"

    async def test_an_illegal_action_says_what_is_legal(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """409, with the state, the action and what would be legal; nothing is recorded."""
        number = (await citizen.report())["ticket"]["number"]
        before = await gateway.census()
        answer = await handler.act(number, "start", key="start-1")
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_action")
        extra = answer.json()["extra"]
        assert (extra["state"], extra["action"]) == ("assigned", "start")
        assert {"accept", "transfer", "withdraw"} <= set(extra["legal"])
        assert extra["yours"] == ["accept", "return", "assist", "ask", "request_extension"]
        assert await gateway.census() == before

    async def test_only_the_holder_acts(self, gateway: Gateway, citizen: Person, outsider: Person) -> None:
        """Its reporter may not; to another department and to a stranger the ticket does not exist."""
        number = (await citizen.report())["ticket"]["number"]
        assert (await citizen.act(number, "accept")).json()["code"] == "not_your_ticket"
        assert (await outsider.act(number, "accept")).json()["code"] == "not_found"
        assert (await gateway.stranger.act(number, "accept")).json()["code"] == "unauthenticated"

    async def test_of_two_who_accept_one_is_first(self, gateway: Gateway, citizen: Person, handler: Person) -> None:
        """Simultaneous clicks of two colleagues: one signs, the other learns that the ticket has changed."""
        colleague = await gateway.staff(Role.HANDLER, DEPARTMENT)
        number = (await citizen.report())["ticket"]["number"]
        answers = await asyncio.gather(*(one.act(number, "accept") for one in (handler, colleague)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        items = (await handler.get(f"/v1/tickets/{number}/timeline")).json()["items"]
        assert [item["type"] for item in items].count("ticket.accepted") == 1


class TestPartners:
    """A partner's system in an office."""

    async def test_scopes_open_what_they_name(self, gateway: Gateway, citizen: Person) -> None:
        """A client that handles a department's tickets may do that, and not what other scopes are for."""
        number = (await citizen.report())["ticket"]["number"]
        handles = await gateway.partner(Scope.TICKETS_HANDLE, departments=[DEPARTMENT])
        assert (await handles.get("/v1/tickets")).json()["code"] == "scope_missing"
        assert (await handles.act(number, "accept")).status_code == 200
        reads = await gateway.partner(Scope.TICKETS_READ, departments=[DEPARTMENT])
        answer = await reads.act(number, "start")
        assert answer.status_code in {403, 404}
        given = {"department": DEPARTMENT, "reason": "r"}
        assert (await handles.act(number, "assign", given)).json()["code"] == "scope_missing"

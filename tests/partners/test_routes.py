"""`/v1/events` over HTTP: who is told what, in which order, and how to go on."""

import asyncio
from datetime import timedelta

import httpx2
import msgspec
import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.running import Running
from citizen_gateway.partners.cursors import KEPT, Cursors, Place
from citizen_gateway.platform.actor import Role, Scope
from citizen_gateway.platform.db import begin
from citizen_gateway.platform.events import Head, record
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.events import Answered, AssistRequested
from tests.gateway import ELSEWHERE, Gateway, Json, Person, all_told

EVENTS = "/v1/events"


async def now(gateway: Gateway, person: Person) -> str:
    """Return the cursor behind all that has happened."""
    await all_told(gateway.parts.pool)
    return str((await person.get(EVENTS, params={"after": "latest"})).json()["cursor"])


async def told(gateway: Gateway, person: Person, after: str, **query: object) -> list[Json]:
    """Return all events behind a cursor."""
    await all_told(gateway.parts.pool)
    found: list[Json] = []
    while True:
        answer = await person.get(EVENTS, params={"after": after} | query)
        assert answer.status_code == 200, answer.text
        batch = answer.json()
        found += batch["items"]
        after = batch["cursor"]
        if not batch["more"]:
            return found


def types(events: list[Json]) -> list[str]:
    """Return the types of events without their prefix."""
    return [event["type"].removeprefix("ticket.") for event in events]


async def settled(citizen: Person, handler: Person) -> str:
    """Report something, have it settled, and return the ticket's number."""
    number = str((await citizen.report())["ticket"]["number"])
    for action, body in (("accept", None), ("start", None), ("resolve", {"reply": "已清理"})):
        assert (await handler.act(number, action, body)).status_code == 200
    return number


LIFE = ["opened", "assigned", "accepted", "started", "resolved"]


class TestWhoIsToldWhat:
    """An event reaches those whom it concerns."""

    async def test_each_sees_theirs(
        self, gateway: Gateway, citizen: Person, handler: Person, outsider: Person, center: Person
    ) -> None:
        """The center all of it, the department from its assignment on, the citizen the public part, others nothing."""
        auditor, other = await gateway.staff(Role.AUDITOR), await gateway.citizen()
        people = (citizen, handler, outsider, center, auditor, other)
        cursors = [await now(gateway, person) for person in people]
        number = await settled(citizen, handler)
        seen = [await told(gateway, person, cursor) for person, cursor in zip(people, cursors, strict=True)]
        assert [types(events) for events in seen] == [LIFE, LIFE[1:], [], LIFE, LIFE, []]
        assert {event["ticket"] for event in seen[1]} == {number}
        assert [event["version"] for event in seen[3]] == [1, 2, 3, 4, 5]
        assert seen[1][-1]["data"] == {"reply": "已清理", "after_photos": []}

    async def test_a_client_learns_of_whom_it_reported_for(self, gateway: Gateway, handler: Person) -> None:
        """Its own report with its own name for the citizen; another client of the same channel learns nothing."""
        scopes = (Scope.REPORTS_READ, Scope.REPORTS_WRITE)
        hotline = await gateway.partner(*scopes, channel=Channel.HOTLINE_12345)
        rival = await gateway.partner(*scopes, channel=Channel.HOTLINE_12345)
        cursors = [await now(gateway, hotline), await now(gateway, rival)]
        receipt = await hotline.report(on_behalf_of={"subject": "13800000001"})
        await handler.act(receipt["ticket"]["number"], "accept")
        mine, theirs = [await told(gateway, who, at) for who, at in zip((hotline, rival), cursors, strict=True)]
        assert types(mine) == ["opened", "assigned", "accepted"]
        assert theirs == []
        (own,) = mine[-1]["reports"]
        assert (own["report_id"], own["subject"]) == (receipt["report_id"], "13800000001")

    async def test_who_acts_for_a_channel_s_citizens_follows_what_they_report(self, gateway: Gateway) -> None:
        """A chat's client signs its citizens in; what they report themselves is its channel's too."""
        bot = await gateway.partner(Scope.REPORTS_READ, Scope.CITIZENS_ACT, channel=Channel.TELEGRAM)
        reader = await gateway.partner(Scope.REPORTS_READ, channel=Channel.TELEGRAM)
        cursors = [await now(gateway, bot), await now(gateway, reader)]
        person = await gateway.citizen("chat-4711", Channel.TELEGRAM)
        stranger = await gateway.citizen("elsewhere", Channel.APP)
        receipt = await person.report(channel="telegram")
        await stranger.report(channel="telegram")
        mine, theirs = [await told(gateway, who, at) for who, at in zip((bot, reader), cursors, strict=True)]
        own = [[(report["report_id"], report["subject"]) for report in event["reports"]] for event in mine]
        assert own == [[(receipt["report_id"], "chat-4711")]] * 2
        assert theirs == []

    async def test_a_department_that_is_called_hears_what_is_not_public(
        self, gateway: Gateway, citizen: Person, outsider: Person
    ) -> None:
        """From the call on; the citizen does not hear of it, and nobody's words travel."""
        cursors = [await now(gateway, outsider), await now(gateway, citizen)]
        number = (await citizen.report())["ticket"]["number"]
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            ticket = await ticket_store.by_number(tx.conn, number)
            assert ticket is not None
            call, answer = AssistRequested((ELSEWHERE,), "一起看"), Answered("我的电话是13800000002")
            await record(tx, ticket.id, Head(ticket.version, ticket.head_hash), [call.as_fact(), answer.as_fact()])
        called, reported = [await told(gateway, who, at) for who, at in zip((outsider, citizen), cursors, strict=True)]
        assert types(called) == ["assist_requested", "answered"]
        assert types(reported) == ["opened", "assigned", "answered"]
        assert called[1]["data"] == {"photos": []}
        assert not called[0]["public"]

    async def test_a_key_without_a_scope_for_it(self, gateway: Gateway) -> None:
        """Writing alone opens no feed; reading tickets without a department opens an empty one."""
        writer = await gateway.partner(Scope.REPORTS_WRITE)
        refused = await writer.get(EVENTS)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert await told(gateway, await gateway.partner(Scope.TICKETS_READ), "latest") == []


class TestGoingOn:
    """Cursors."""

    async def test_pages_of_any_size_are_the_same_events(
        self, gateway: Gateway, citizen: Person, handler: Person, center: Person
    ) -> None:
        """One at a time or all at once; an event's own cursor goes on behind it."""
        start = await now(gateway, center)
        await settled(citizen, handler)
        whole = await told(gateway, center, start)
        single = await told(gateway, center, start, limit=1)
        assert [event["id"] for event in single] == [event["id"] for event in whole]
        rest = await told(gateway, center, whole[1]["cursor"])
        assert [event["id"] for event in rest] == [event["id"] for event in whole[2:]]

    async def test_only_the_types_asked_for(
        self, gateway: Gateway, citizen: Person, handler: Person, center: Person
    ) -> None:
        """Others are passed over and the cursor is behind them; who an event concerns is known all the same."""
        start = await now(gateway, handler)
        await settled(citizen, handler)
        wanted = {"types": "ticket.resolved, ticket.accepted"}
        assert types(await told(gateway, handler, start, **wanted)) == ["accepted", "resolved"]
        answer = await center.get(EVENTS, params={"types": "ticket.exploded"})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_event_type")
        assert answer.json()["extra"] == {"type": "ticket.exploded"}

    async def test_bad_cursors(self, gateway: Gateway, center: Person, handler: Person) -> None:
        """Garbage, somebody else's, and one kept too long: each its own problem."""
        foreign, mine = await now(gateway, handler), await now(gateway, center)
        codes = []
        for cursor in ("garbage", mine[:-1], foreign):
            answer = await center.get(EVENTS, params={"after": cursor})
            codes.append((answer.status_code, answer.json()["code"]))
        assert codes == [(400, "bad_cursor"), (400, "bad_cursor"), (403, "foreign_cursor")]
        then = gateway.clock() - KEPT - timedelta(minutes=1)
        old = Cursors(gateway.parts.vault, f"staff:{center.id}").write(Place(), then)
        answer = await center.get(EVENTS, params={"after": old})
        assert (answer.status_code, answer.json()["code"]) == (410, "stale_cursor")
        assert answer.json()["extra"] == {"days": 30}

    async def test_many_writers_and_a_follower_of_single_steps(
        self, gateway: Gateway, handler: Person, center: Person
    ) -> None:
        """While ten people report and a handler accepts, one who follows misses nothing, in each ticket's order."""
        people = [await gateway.citizen() for _ in range(10)]
        cursor, seen, done = await now(gateway, center), [], asyncio.Event()

        async def life(person: Person) -> str:
            number = str((await person.report())["ticket"]["number"])
            await handler.act(number, "accept")
            return number

        async def follow() -> None:
            nonlocal cursor
            idle = False
            while not (done.is_set() and idle):
                batch = (await center.get(EVENTS, params={"after": cursor, "limit": 3})).json()
                idle = not batch["items"] and not batch["more"] and done.is_set()
                seen.extend((event["ticket"], event["version"]) for event in batch["items"])
                cursor = batch["cursor"]

        following = asyncio.create_task(follow())
        numbers = await asyncio.gather(*map(life, people))
        await all_told(gateway.parts.pool)
        done.set()
        await following
        for number in numbers:
            assert [version for ticket, version in seen if ticket == number] == [1, 2, 3]


class TestWaiting:
    """Long polls."""

    async def test_an_event_ends_the_wait(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """The answer comes with the event, and while it waits no connection of the pool is held."""
        start = await now(gateway, center)
        polls = [asyncio.create_task(center.get(EVENTS, params={"after": start, "wait": 20})) for _ in range(30)]
        await asyncio.sleep(0.3)
        pool = gateway.parts.pool
        assert pool.get_size() - pool.get_idle_size() <= 1
        await citizen.report()
        answers = await asyncio.gather(*polls)
        assert all(answer.json()["items"][0]["type"] == "ticket.opened" for answer in answers)

    async def test_nothing_happened(self, gateway: Gateway, center: Person) -> None:
        """After the wait an empty batch, with a cursor that goes on."""
        start = await now(gateway, center)
        batch = (await center.get(EVENTS, params={"after": start, "wait": 1})).json()
        assert (batch["items"], batch["more"]) == ([], False)
        assert await told(gateway, center, batch["cursor"]) == []

    @pytest.mark.parametrize("query", [{"wait": 31}, {"wait": -1}, {"limit": 0}, {"limit": 1001}, {"wait": "x"}])
    async def test_out_of_bounds(self, center: Person, query: Json) -> None:
        """Refused by form."""
        answer = await center.get(EVENTS, params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


class TestStream:
    """Server-sent events, over real HTTP."""

    async def test_goes_on_by_last_event_id(self, live: Running) -> None:
        """Each event with its cursor as id and its type as event; a bad id is refused before the stream begins."""
        async with httpx2.AsyncClient(base_url=live.url) as http:
            signed = await http.post("/v1/sessions", json={"kind": "citizen", "subject": "streamer"})
            headers = {"Authorization": f"Bearer {signed.json()['token']}"}
            for text in ("路灯坏了", "井盖破损"):
                await http.post("/v1/reports", json={"text": text}, headers=headers)
            first = await _frames(http, headers, 2)
            again = await _frames(http, headers | {"Last-Event-ID": first[0]["id"]}, 1)
            refused = await http.get(f"{EVENTS}/stream", headers=headers | {"Last-Event-ID": "garbage"})
        assert first[0]["event"] == "ticket.opened"
        assert msgspec.json.decode(first[0]["data"])["cursor"] == first[0]["id"]
        assert again[0] == first[1] | {"id": again[0]["id"], "data": again[0]["data"]}
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


async def _frames(http: httpx2.AsyncClient, headers: dict[str, str], count: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    frame: dict[str, str] = {}
    async with http.stream("GET", f"{EVENTS}/stream", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line and name:
                frame[name] = value
            elif not line and frame:
                found.append(frame)
                frame = {}
            if len(found) == count:
                return found
    raise AssertionError("the stream ended")

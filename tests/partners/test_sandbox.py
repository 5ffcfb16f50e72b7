"""The sandbox: data of its own, and a city that plays along."""

from uuid import uuid4

import pytest

from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import UNCLEAR, Gateway, Json, Person, all_told

SCOPES = ["reports:write", "reports:read", "tickets:read", "tickets:center", "citizens:act"]


@pytest.fixture
async def tester(gateway: Gateway) -> Person:
    """Give a client of the sandbox that may do much."""
    administrator = await gateway.staff(Role.ADMINISTRATOR)
    body = {"name": uuid4().hex, "scopes": SCOPES, "channel": "hotline_12345", "sandbox": True}
    made = (await administrator.post("/v1/clients", body)).json()
    return Person(gateway.http, made["key"]["token"], made["client"]["id"])


async def numbers(person: Person) -> list[str]:
    """Return all tickets somebody sees in the queue."""
    return [ticket["number"] for ticket in (await person.get("/v1/tickets", params={"limit": 100})).json()["items"]]


async def events(gateway: Gateway, person: Person, after: str = "") -> list[Json]:
    """Return the events somebody is told."""
    await all_told(gateway.parts.pool)
    return list((await person.get("/v1/events", params={"after": after, "limit": 1000})).json()["items"])


class TestSeparate:
    """What happens in the sandbox happens nowhere else."""

    async def test_nobody_real_sees_it_and_it_sees_nobody_real(
        self, gateway: Gateway, tester: Person, citizen: Person, center: Person
    ) -> None:
        """Tickets, events and citizens; the same phone number is another citizen there."""
        before = await gateway.census()
        await all_told(gateway.parts.pool)
        latest = (await center.get("/v1/events", params={"after": "latest"})).json()["cursor"]
        receipt = await tester.report(on_behalf_of={"subject": "13800009999"})
        number = receipt["ticket"]["number"]
        assert await gateway.census() == before
        assert (await center.get(f"/v1/tickets/{number}")).status_code == 404
        assert await events(gateway, center, latest) == []
        assert await numbers(tester) == [number] or number in await numbers(tester)
        real = (await citizen.report())["ticket"]["number"]
        assert (await tester.get(f"/v1/tickets/{real}")).status_code == 404
        assert real not in await numbers(tester)
        told = await events(gateway, tester)
        assert {event["ticket"] for event in told if event["ticket"] == number} == {number}
        assert real not in {event["ticket"] for event in told}

    async def test_a_citizen_of_the_sandbox_is_none_of_the_city(self, gateway: Gateway, tester: Person) -> None:
        """A session that a sandbox client opens acts in the sandbox alone."""
        opened = (await tester.post("/v1/sessions/citizens", {"subject": "sandy"})).json()
        sandy = Person(gateway.http, opened["token"])
        before = await gateway.census()
        receipt = await sandy.report()
        assert await gateway.census() == before
        assert (await tester.get(f"/v1/tickets/{receipt['ticket']['number']}")).status_code == 200
        assert (await sandy.call("DELETE", "/v1/sessions/current")).status_code == 204
        assert (await sandy.get("/v1/sessions/current")).status_code == 401

    async def test_repetitions_are_the_sandbox_s_own(self, gateway: Gateway, tester: Person) -> None:
        """An `Idempotency-Key` does there what it does everywhere."""
        first = await tester.post("/v1/reports", {"text": "路灯不亮"}, key="once")
        again = await tester.post("/v1/reports", {"text": "路灯不亮"}, key="once")
        assert again.content == first.content
        assert again.headers["Idempotent-Replayed"] == "true"
        assert await gateway.parts.pool.fetchval("select count(*) from public.report where text = '路灯不亮'") == 0


class TestAdvance:
    """The city plays along."""

    @pytest.mark.parametrize("text", ["垃圾堆积无人清理", UNCLEAR])
    async def test_a_whole_life(self, gateway: Gateway, tester: Person, text: str) -> None:
        """Step by step to the end, whatever was said, with the events of a real life; then nothing is left to play."""
        number = (await tester.report(text))["ticket"]["number"]
        path, states = f"/v1/sandbox/tickets/{number}/advance", []
        while (answer := await tester.post(path)).status_code == 200:
            states.append(answer.json()["state"])
        assert states[-4:] == ["accepted", "in_progress", "resolved", "closed"]
        assert answer.json()["code"] == "nothing_to_play"
        told = [event["type"] for event in await events(gateway, tester) if event["ticket"] == number]
        assert told[-4:] == ["ticket.accepted", "ticket.started", "ticket.resolved", "ticket.closed"]

    async def test_the_real_city_does_not_play(self, gateway: Gateway, citizen: Person, center: Person) -> None:
        """Neither for a client nor for people."""
        number = (await citizen.report())["ticket"]["number"]
        real = await gateway.partner(*Scope)
        path = f"/v1/sandbox/tickets/{number}/advance"
        assert (await real.post(path)).json()["code"] == "not_in_sandbox"
        assert (await center.post(path)).json()["code"] == "forbidden"

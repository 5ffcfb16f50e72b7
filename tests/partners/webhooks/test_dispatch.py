"""Receivers that are down, slow, lying or mad: nothing is lost, nothing comes twice, nobody else waits."""

import asyncio
from datetime import timedelta

import pytest

from citizen_gateway.partners.webhooks.dispatch import SLOTS, Dispatcher
from citizen_gateway.partners.webhooks.model import PAUSES
from citizen_gateway.partners.webhooks.sending import Sender
from tests.gateway import Gateway, Json, Person
from tests.partners.webhooks.receiver import (
    Behaviour,
    Receiver,
    answering,
    endless,
    fine,
    garbage,
    receiving,
    rude,
    silent,
)

HOOKS = "/v1/webhooks"


async def hook(client: Person, receiver: Receiver, **more: object) -> str:
    """Add a webhook and return its id."""
    answer = await client.post(HOOKS, {"url": receiver.url} | more)
    assert answer.status_code == 201, answer.text
    receiver.secrets.append(answer.json()["secret"])
    return str(answer.json()["webhook"]["id"])


async def deliver(dispatcher: Dispatcher) -> None:
    """Do all that is due by now."""
    while await dispatcher.step():
        await dispatcher.settle()


async def deliveries(client: Person, webhook: str, **query: object) -> list[Json]:
    """Return the log of an endpoint, newest first."""
    return list((await client.get(f"{HOOKS}/{webhook}/deliveries", params={"limit": 100} | query)).json()["items"])


async def happen(citizen: Person, count: int = 1) -> list[str]:
    """Let things happen to so many tickets, and return their numbers."""
    return [str((await citizen.report("垃圾堆积无人清理"))["ticket"]["number"]) for _ in range(count)]


class TestGood:
    """A receiver in order."""

    async def test_each_event_once_signed_by_the_secret(
        self, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Checked by the SDK's own `verify`; the log says so."""
        webhook = await hook(client, receiver)
        (number,) = await happen(citizen)
        await deliver(dispatcher)
        assert [event.type for event in receiver.taken.values()] == ["ticket.opened", "ticket.assigned"]
        assert {event.ticket for event in receiver.taken.values()} == {number}
        assert [one["state"] for one in await deliveries(client, webhook)] == ["delivered"] * 2
        await deliver(dispatcher)
        assert len(receiver.asked) == 2

    async def test_only_the_types_asked_for(
        self, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Others are not sent."""
        await hook(client, receiver, types=["ticket.assigned"])
        await happen(citizen, 2)
        await deliver(dispatcher)
        assert [event.type for event in receiver.taken.values()] == ["ticket.assigned"] * 2

    async def test_four_dispatchers_send_each_once(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Workers beside each other share the work, and an endpoint's slots."""
        await hook(client, receiver)
        await happen(citizen, 10)
        sender = Sender(development=True)
        others = [Dispatcher(gateway.parts.pool, gateway.clock, gateway.parts.vault, sender) for _ in range(3)]
        await asyncio.gather(*(deliver(one) for one in (dispatcher, *others)))
        await deliver(dispatcher)
        assert len(receiver.asked) == len(receiver.taken) == 20
        assert receiver.most_under_way <= SLOTS + 3  # a slot may be counted by two that look at the same moment
        await sender.aclose()

    async def test_two_secrets_sign_while_one_replaces_the_other(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Who knows only one of them can check the message; after the overlap the old one signs no more."""
        webhook = await hook(client, receiver)
        old = receiver.secrets.pop()
        new = (await client.post(f"{HOOKS}/{webhook}/secrets", {"overlap_hours": 1})).json()["secret"]
        for known, signatures, pause in (([old], 2, timedelta()), ([new], 1, timedelta(hours=2))):
            gateway.clock.advance(pause)
            receiver.secrets[:] = known
            before = len(receiver.taken)
            await happen(citizen)
            await deliver(dispatcher)
            assert len(receiver.taken) == before + 2
            assert len(receiver.asked[-1][0]["webhook-signature"].split()) == signatures


class TestBad:
    """Receivers that fail in every way."""

    async def test_one_that_is_down_for_an_hour(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Afterwards it has everything, each event once after deduplication, also what happened meanwhile."""
        await hook(client, receiver)
        await receiver.close()
        numbers = []
        for _ in range(12):
            numbers += await happen(citizen)
            await deliver(dispatcher)
            gateway.clock.advance(timedelta(minutes=5))
        assert receiver.taken == {}
        await receiver.open()
        for _ in range(10):
            gateway.clock.advance(timedelta(minutes=30))
            await deliver(dispatcher)
        assert sorted(event.ticket for event in receiver.taken.values()) == sorted(numbers * 2)
        assert len(receiver.asked) == len(receiver.taken)

    @pytest.mark.parametrize(
        "behaviour",
        [
            silent,
            garbage,
            rude,
            answering("500 No"),
            answering("302 Found\r\nLocation: http://127.0.0.1:1/"),
            answering("200\r\nbroken"),
        ],
        ids=["silent", "garbage", "rude", "500", "redirect", "nonsense"],
    )
    async def test_what_is_no_success_is_tried_again(
        self,
        *,
        behaviour: Behaviour,
        gateway: Gateway,
        client: Person,
        citizen: Person,
        receiver: Receiver,
        dispatcher: Dispatcher,
    ) -> None:
        """With the same id; the log says what happened; nothing is followed."""
        webhook = await hook(client, receiver, types=["ticket.opened"])
        receiver.behaviour = behaviour
        await happen(citizen)
        await deliver(dispatcher)
        (failed,) = await deliveries(client, webhook, state="pending")
        assert failed["attempts"] == 1
        log = (await client.get(f"{HOOKS}/{webhook}/deliveries/{failed['id']}")).json()
        assert log["attempts"][0]["error"] or log["attempts"][0]["status"] in {302, 500}
        receiver.behaviour = fine
        gateway.clock.advance(timedelta(minutes=1))
        await deliver(dispatcher)
        assert [len(receiver.taken), len({headers["webhook-id"] for headers, _ in receiver.asked})] == [1, 1]
        assert (await client.get(f"{HOOKS}/{webhook}")).json()["failing_since"] is None

    @pytest.mark.parametrize(
        "behaviour",
        [endless, answering("200 OK\r\nContent-Length: 1000000", b"short"), answering("299 Odd", b"\x00\xff" * 50)],
        ids=["endless", "lying", "binary"],
    )
    async def test_a_success_is_one_whatever_follows(
        self, behaviour: Behaviour, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """The status counts; the answer is read no further than needed, and kept as text."""
        webhook = await hook(client, receiver, types=["ticket.opened"])
        receiver.behaviour = behaviour
        await happen(citizen)
        await deliver(dispatcher)
        assert [one["state"] for one in await deliveries(client, webhook)] == ["delivered"]

    async def test_a_slow_one_holds_up_nobody(
        self, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """While every slot of one waits, another has long been told all."""
        receiver.behaviour = silent
        await hook(client, receiver)
        async with receiving() as other:
            await hook(client, other)
            await happen(citizen, 5)
            while len(other.taken) < 10:
                await dispatcher.step()
                await asyncio.sleep(0.01)
            assert receiver.most_under_way <= SLOTS
        await dispatcher.settle()


class TestKept:
    """How long the log is kept."""

    async def test_a_month(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """What was delivered is forgotten then, with the citizen's name in it; what is still to be sent is not."""
        webhook = await hook(client, receiver, types=["ticket.opened"])
        await happen(citizen)
        await deliver(dispatcher)
        await happen(citizen)
        await dispatcher._plan()
        assert await dispatcher.forget_old() == 0
        gateway.clock.advance(timedelta(days=31))
        assert await dispatcher.forget_old() == 1
        assert [one["state"] for one in await deliveries(client, webhook)] == ["pending"]


class TestEnd:
    """When trying has an end."""

    async def test_after_three_days_a_message_is_dead_and_can_be_driven_again(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """The endpoint is paused and another of the client's is told; resumed and driven again, all arrives."""
        async with receiving() as other:
            webhook = await hook(client, receiver, types=["ticket.opened"])
            await hook(client, other, types=["ticket.withdrawn"])
            receiver.behaviour = answering("503 Later\r\nRetry-After: 3")
            await happen(citizen)
            for pause in (timedelta(), *PAUSES):
                gateway.clock.advance(pause * 1.11)
                await deliver(dispatcher)
            (dead,) = await deliveries(client, webhook)
            assert (dead["state"], dead["attempts"]) == ("dead", len(PAUSES) + 1)
            shown = (await client.get(f"{HOOKS}/{webhook}")).json()
            assert (shown["state"], shown["paused_because"]) == ("paused", "failing")
            (told,) = other.taken.values()
            assert (told.type, str(told.data.endpoint), told.data.reason) == ("webhook.paused", webhook, "failing")
            receiver.behaviour = fine
            meanwhile = await happen(citizen)
            await deliver(dispatcher)
            assert receiver.taken == {}
            await client.call("PATCH", f"{HOOKS}/{webhook}", json={"paused": False})
            assert (await client.post(f"{HOOKS}/{webhook}/redrive", {})).json() == {"count": 1}
            await deliver(dispatcher)
            assert len(receiver.taken) == 2
            assert meanwhile[0] in {event.ticket for event in receiver.taken.values()}

    async def test_one_that_is_gone_is_asked_no_more(
        self, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """410 pauses at once."""
        webhook = await hook(client, receiver)
        receiver.behaviour = answering("410 Gone")
        await happen(citizen)
        await deliver(dispatcher)
        assert (await client.get(f"{HOOKS}/{webhook}")).json()["paused_because"] == "gone"
        asked = len(receiver.asked)
        await happen(citizen)
        await deliver(dispatcher)
        assert len(receiver.asked) == asked

    async def test_a_failing_one_gets_one_message_at_a_time(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Until it takes one."""
        await hook(client, receiver, types=["ticket.opened"])
        receiver.behaviour = answering("500 No")
        await happen(citizen, 6)
        await dispatcher.step()
        await dispatcher.step()
        await dispatcher.settle()
        first = len(receiver.asked)
        assert first <= SLOTS
        await dispatcher.step()
        await dispatcher.settle()
        assert len(receiver.asked) == first + 1
        receiver.behaviour = fine
        gateway.clock.advance(timedelta(minutes=1))
        await deliver(dispatcher)
        assert len(receiver.taken) == 6

    async def test_a_process_that_dies_in_the_middle(
        self, gateway: Gateway, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """The message was taken but never settled: it is sent again, with its id, once its time is over."""
        await hook(client, receiver, types=["ticket.opened"])
        await happen(citizen)
        receiver.behaviour = silent
        await dispatcher.step()
        await dispatcher.step()
        for task in dispatcher._under_way:
            task.cancel()
        await asyncio.gather(*dispatcher._under_way, return_exceptions=True)
        receiver.behaviour = fine
        await deliver(dispatcher)
        assert receiver.taken == {}
        gateway.clock.advance(timedelta(minutes=2))
        await deliver(dispatcher)
        assert len(receiver.taken) == 1

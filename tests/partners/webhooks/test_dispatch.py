"""Receivers that are down, slow, lying or mad: nothing is lost, nothing comes twice, nobody else waits."""

import asyncio
from datetime import timedelta

import pytest

from citizen_gateway.partners.webhooks.dispatch import SLOTS, Dispatcher
from citizen_gateway.partners.webhooks.sending import Sender
from tests.gateway import Gateway, Person
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
from tests.partners.webhooks.sending import HOOKS, deliver, deliveries, happen, hook


class TestGood:
    """A receiver in order."""

    async def test_each_event_once_signed_by_the_secret(
        self, client: Person, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Checked by the SDK's own `verify`; the log says so."""
        webhook = await hook(client, receiver)
        (number,) = await happen(citizen)
        await deliver(dispatcher)
        assert {event.version: event.type for event in receiver.taken.values()} == {
            1: "ticket.opened",
            2: "ticket.assigned",
        }
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
        parts = gateway.parts
        pools = (parts.pool, parts.sandbox.pool)
        others = [Dispatcher(pools, gateway.clock, parts.vault, parts.city, sender) for _ in range(3)]
        await asyncio.gather(*(deliver(one) for one in (dispatcher, *others)))
        await deliver(dispatcher)
        assert len(receiver.asked) == len(receiver.taken) == 20
        assert receiver.most_under_way <= SLOTS
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

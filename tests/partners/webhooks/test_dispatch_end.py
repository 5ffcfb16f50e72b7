"""When trying has an end, and how long what was sent is known."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from citizen_gateway.partners.webhooks.dispatch import SLOTS, Dispatcher
from citizen_gateway.partners.webhooks.model import PAUSES
from citizen_gateway.platform.actor import Role
from tests.gateway import Gateway, Person, all_told
from tests.partners.webhooks.receiver import Receiver, answering, fine, receiving, silent
from tests.partners.webhooks.sending import HOOKS, deliver, deliveries, happen, hook


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
        await all_told(gateway.parts.pool)
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
        await all_told(gateway.parts.pool)
        await dispatcher.step()
        await dispatcher.settle()
        first = len(receiver.asked)
        assert first == SLOTS
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
        await all_told(gateway.parts.pool)
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


class TestSandbox:
    """A client of the sandbox."""

    async def test_is_sent_what_happens_there_and_nothing_real(
        self, gateway: Gateway, citizen: Person, receiver: Receiver, dispatcher: Dispatcher
    ) -> None:
        """Its messages are as real as any."""
        administrator = await gateway.staff(Role.ADMINISTRATOR)
        scopes = ["reports:write", "reports:read", "tickets:read", "tickets:center"]
        made = await administrator.post("/v1/clients", {"name": uuid4().hex, "scopes": scopes, "sandbox": True})
        tester = Person(gateway.http, made.json()["key"]["token"])
        await hook(tester, receiver, types=["ticket.opened"])
        await happen(citizen)
        (number,) = await happen(tester)
        await deliver(dispatcher)
        assert [event.ticket for event in receiver.taken.values()] == [number]

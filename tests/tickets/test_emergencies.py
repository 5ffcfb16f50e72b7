"""Where life is in danger, those who rescue are told at once, and nobody else's ticket comes first."""

from datetime import timedelta

from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import stream_events
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.model import Action, actions_of
from tests.gateway import Gateway, Person
from tests.tickets.conftest import OpenTicket, acting

FIRE_BRIGADE = "410103-xfdd"
GAS_LEAK = "楼道里一股很重的煤气味，感觉要爆炸，快来人"


def firefighter() -> Actor:
    """Return somebody of the fire brigade of the usual spot."""
    return Actor(ActorKind.STAFF, None, "f", grants=(Grant(Role.HANDLER, FIRE_BRIGADE),))


class TestAlert:
    """Police and fire brigade of the place."""

    async def test_is_recorded_and_not_shown_to_citizens(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """The timeline says who was alerted and by which number; citizens do not see it."""
        ticket = await open_ticket(tx, emergency=True)
        assert ticket.assisting == ("410103-gaj", FIRE_BRIGADE)
        told = await stream_events(tx.conn, ticket.id, public_only=False)
        alert = next(event for event in told if event.type == "ticket.alerted")
        assert alert.data == {"departments": ["410103-gaj", FIRE_BRIGADE], "numbers": ["110", "119"]}
        assert not alert.public

    async def test_lets_them_see_the_ticket_but_not_act_for_who_holds_it(
        self, tx: Transaction, open_ticket: OpenTicket
    ) -> None:
        """They watch it; the department that holds it stays answerable."""
        calm, urgent = await open_ticket(tx), await open_ticket(tx, emergency=True)
        assert service.is_staff_view(firefighter(), urgent)
        assert not service.is_staff_view(firefighter(), calm)
        assert actions_of(firefighter(), urgent, tx.now) == [Action.ANSWER_CALL]

    async def test_reaches_their_queue(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """The ticket stands in the queue of who assists, and calm ones do not."""
        calm, urgent = await open_ticket(tx), await open_ticket(tx, emergency=True)
        queue = {ticket.id for ticket in await store.queue(tx.conn, {FIRE_BRIGADE}, None, None, 100)}
        assert urgent.id in queue
        assert calm.id not in queue


class TestQueue:
    """The order of work."""

    async def test_puts_emergencies_first_across_pages(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """An emergency is ahead of all that came before it, and pages continue where they ended."""
        opened = [
            await open_ticket(acting(tx, tx.actor, timedelta(seconds=number)), emergency=number in {2, 4})
            for number in range(6)
        ]
        holder = {opened[0].department or ""}
        ids = {ticket.id for ticket in opened}
        seen, after = [], None
        while page := await store.queue(tx.conn, holder, None, after, 2):
            seen += [ticket for ticket in page if ticket.id in ids]
            after = page[-1].id
        assert [opened.index(ticket) for ticket in seen] == [2, 4, 0, 1, 3, 5]


class TestCitizen:
    """Who reports a danger."""

    async def test_is_told_whom_to_call_before_anything_else(self, gateway: Gateway, citizen: Person) -> None:
        """The receipt says which number to call, and the fire brigade has the ticket."""
        receipt = await citizen.report(GAS_LEAK)
        assert "119" in receipt["emergency"]["call"]
        brigade = await gateway.staff(Role.HANDLER, FIRE_BRIGADE)
        seen = await brigade.get(f"/v1/tickets/{receipt['ticket']['number']}")
        assert seen.status_code == 200
        assert FIRE_BRIGADE in [department["code"] for department in seen.json()["assisting"]]

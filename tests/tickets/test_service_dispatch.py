"""Who gets a new ticket."""

from datetime import timedelta
from uuid import UUID

from citizen_gateway.platform import jobs
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import stream_events
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.jobs import DUE
from citizen_gateway.tickets.model import TicketState
from tests.gateway import DEPARTMENT
from tests.tickets.conftest import OpenTicket, acting, types


async def waiting(tx: Transaction) -> int:
    """Count the jobs that wait for clocks."""
    return (await jobs.pending(tx.conn)).get(DUE.name, 0)


class TestDispatch:
    """Who gets a new ticket."""

    async def test_sure_category_and_one_rule_dispatch_at_once(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """The ticket is assigned, says by which rule, and its clocks run; one job waits for them."""
        before = await waiting(tx)
        ticket = await open_ticket(tx)
        assert (ticket.state, ticket.department) == (TicketState.ASSIGNED, DEPARTMENT)
        assert ticket.dispatch.automatic
        assert ticket.dispatch.rule == "place-cgj"
        assert ticket.accept_due == tx.now + timedelta(minutes=30)
        assert ticket.resolve_due is not None
        assert ticket.resolve_due > ticket.accept_due
        assert await types(tx, ticket) == ["ticket.opened", "ticket.assigned"]
        assert await waiting(tx) == before + 1
        assert await store.by_id(tx.conn, ticket.id) == ticket

    async def test_unsure_category_waits_with_suggestions(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """Nobody is given the ticket; a person sees whom the rule would have named and why not."""
        before = await waiting(tx)
        ticket = await open_ticket(tx, confidence=service.SURE - 0.01)
        assert (ticket.state, ticket.department, ticket.accept_due) == (TicketState.PENDING, None, None)
        assert not ticket.dispatch.automatic
        assert [s.department for s in ticket.dispatch.suggestions] == [DEPARTMENT]
        assert await types(tx, ticket) == ["ticket.opened"]
        assert await waiting(tx) == before

    async def test_confidence_at_the_threshold_is_enough(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """The least sure category is sure."""
        assert (await open_ticket(tx, confidence=service.SURE)).dispatch.automatic

    async def test_a_category_a_person_chose_needs_no_confidence(
        self, tx: Transaction, open_ticket: OpenTicket
    ) -> None:
        """What a person chose is sure, and no confidence is claimed for it."""
        ticket = await open_ticket(tx, confidence=0.0, category_given=True)
        assert ticket.state is TicketState.ASSIGNED
        assert ticket.dispatch.confidence is None

    async def test_no_category_waits(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """Without any category a person decides from nothing."""
        ticket = await open_ticket(tx, None)
        assert (ticket.state, ticket.category) == (TicketState.PENDING, None)
        assert ticket.dispatch.suggestions == ()

    async def test_two_candidates_wait_with_both(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """A street light may be the city's or the district's: a person decides among the suggestions."""
        ticket = await open_ticket(tx, "501")
        assert ticket.state is TicketState.PENDING
        assert [s.department for s in ticket.dispatch.suggestions][:2] == ["zz-light", DEPARTMENT]

    async def test_no_place_waits_unless_the_city_owns_the_matter(
        self, tx: Transaction, open_ticket: OpenTicket
    ) -> None:
        """Rubbish without a place is nobody's; gas is the gas company's wherever it is."""
        assert (await open_ticket(tx, point=None)).state is TicketState.PENDING
        assert (await open_ticket(tx, "603", point=None)).department == "zz-gas"

    async def test_emergency_is_resolved_around_the_clock(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """Hours of an emergency are hours, not working hours: on a Sunday evening it is due earlier."""
        calm, urgent = await open_ticket(tx), await open_ticket(tx, emergency=True)
        assert urgent.emergency
        assert urgent.resolve_due is not None
        assert calm.resolve_due is not None
        assert urgent.resolve_due == tx.now + timedelta(hours=8) < calm.resolve_due

    async def test_is_the_systems_own_act(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """The citizen reported it; that it went to a department at once was decided by the system."""
        citizen = acting(tx, Actor(ActorKind.CITIZEN, UUID(int=5)))
        ticket = await open_ticket(citizen)
        told = await stream_events(tx.conn, ticket.id, public_only=False)
        assert [(event.type, event.actor_kind) for event in told] == [
            ("ticket.opened", ActorKind.CITIZEN),
            ("ticket.assigned", ActorKind.SYSTEM),
        ]
        assert told[1].actor_id is None

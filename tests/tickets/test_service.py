"""Opening, dispatching and working on tickets."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import TicketId, secret_hash, uuid7
from citizen_gateway.platform import jobs
from citizen_gateway.platform.actor import ANONYMOUS, Actor, ActorKind
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.events import Fact, stream_events
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.errors import (
    BadTicketNumber,
    IllegalAction,
    Missing,
    NotYours,
    Outrun,
    UnknownDepartment,
)
from citizen_gateway.tickets.jobs import DUE
from citizen_gateway.tickets.model import Action, Need, Ticket, TicketState
from tests.gateway import DEPARTMENT, count_rows
from tests.tickets.conftest import OpenTicket, acting, types

ASSIGN = {Need.DEPARTMENT: DEPARTMENT, Need.REASON: "属地"}


class TestAssign:
    """A center gives a pending ticket to a department."""

    async def test_center_assigns(self, tx: Transaction, city: City, open_ticket: OpenTicket, as_center: Actor) -> None:
        """The ticket is the department's, its clocks start, and the reason is on the timeline."""
        pending = await open_ticket(tx, "501")
        before = await jobs.pending(tx.conn)
        later = acting(tx, as_center, timedelta(hours=1))
        ticket = await service.act(later, city, pending, Action.ASSIGN, ASSIGN)
        assert (ticket.state, ticket.department) == (TicketState.ASSIGNED, DEPARTMENT)
        assert ticket.assigned_at == later.now
        assert ticket.accept_due is not None
        assert ticket.accept_due > later.now
        assert await types(tx, ticket) == ["ticket.opened", "ticket.assigned"]
        last = (await stream_events(tx.conn, ticket.id, public_only=True))[-1]
        assert last.data["reason"] == "属地"
        assert (await jobs.pending(tx.conn))[DUE.name] == before.get(DUE.name, 0) + 1

    async def test_nobody_but_a_center_assigns(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """A handler, a citizen and a stranger are refused."""
        pending = await open_ticket(tx, "501")
        for actor in (as_handler, Actor(ActorKind.CITIZEN, UUID(int=1)), ANONYMOUS):
            with pytest.raises(NotYours):
                await service.act(acting(tx, actor), city, pending, Action.ASSIGN, ASSIGN)

    @pytest.mark.parametrize("lacking", [Need.DEPARTMENT, Need.REASON])
    async def test_department_and_reason_are_needed(
        self, lacking: Need, tx: Transaction, city: City, open_ticket: OpenTicket, as_center: Actor
    ) -> None:
        """Each is refused by name when it is missing or blank."""
        pending = await open_ticket(tx, "501")
        for nothing in ({}, {lacking: ""}, {lacking: " \n"}):
            given = {need: value for need, value in ASSIGN.items() if need is not lacking} | nothing
            with pytest.raises(Missing) as refused:
                await service.act(acting(tx, as_center), city, pending, Action.ASSIGN, given)
            assert refused.value.fields == {"need": lacking.value}

    async def test_an_unknown_department_is_refused(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_center: Actor
    ) -> None:
        """A department that this city does not have gets nothing."""
        pending = await open_ticket(tx, "501")
        given = ASSIGN | {Need.DEPARTMENT: "mars"}
        with pytest.raises(UnknownDepartment):
            await service.act(acting(tx, as_center), city, pending, Action.ASSIGN, given)

    async def test_a_ticket_without_category_cannot_be_timed(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_center: Actor
    ) -> None:
        """Deadlines hang on the category: it must be given first."""
        pending = await open_ticket(tx, None)
        with pytest.raises(Missing) as refused:
            await service.act(acting(tx, as_center), city, pending, Action.ASSIGN, ASSIGN)
        assert refused.value.fields == {"need": "category"}


class TestHandling:
    """The department that holds a ticket works on it."""

    async def test_whole_way_with_an_intact_chain(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Accept, start, resolve, close: one event each, the chain whole after each, and what is stored is returned."""
        ticket = await open_ticket(tx)
        by = acting(tx, as_handler)
        told = ["ticket.opened", "ticket.assigned"]
        for action, event, given in [
            (Action.ACCEPT, "ticket.accepted", {}),
            (Action.START, "ticket.started", {}),
            (Action.RESOLVE, "ticket.resolved", {Need.REPLY: "已清理"}),
        ]:
            ticket = await service.act(by, city, ticket, action, given)
            told.append(event)
            assert await types(tx, ticket) == told
            assert ticket.version == len(told)
            assert await store.by_id(tx.conn, ticket.id) == ticket
        assert (ticket.state, ticket.reply, ticket.resolved_at) == (TicketState.RESOLVED, "已清理", tx.now)
        closed = await service.act(tx, city, ticket, Action.CLOSE, {Need.REASON: "满意"})
        assert (closed.state, closed.closed_at) == (TicketState.CLOSED, tx.now)

    async def test_each_step_belongs_to_the_holder(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_center: Actor
    ) -> None:
        """A center sees all but does not sign for a department; nor does the reporter or the system."""
        ticket = await open_ticket(tx)
        for actor in (as_center, Actor(ActorKind.CITIZEN, UUID(int=1)), tx.actor):
            with pytest.raises(NotYours):
                await service.act(acting(tx, actor), city, ticket, Action.ACCEPT, {})

    async def test_an_illegal_action_names_the_legal_ones_and_records_nothing(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Resolving what was never accepted is refused with what can be done."""
        ticket = await open_ticket(tx)
        before = await count_rows(tx.conn)
        with pytest.raises(IllegalAction) as refused:
            await service.act(acting(tx, as_handler), city, ticket, Action.RESOLVE, {Need.REPLY: "好"})
        assert {"accept", "transfer", "urge"} <= set(refused.value.fields["legal"])
        assert refused.value.fields["yours"] == ["accept", "return", "assist", "ask", "request_extension"]
        assert await count_rows(tx.conn) == before

    @pytest.mark.parametrize("reply", [None, "", "  \n"])
    async def test_resolving_needs_words(
        self, reply: str | None, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """No reply, an empty one and one of blanks are the same: nothing said."""
        by = acting(tx, as_handler)
        ticket = await service.act(by, city, await open_ticket(tx), Action.ACCEPT, {})
        with pytest.raises(Missing) as refused:
            await service.act(by, city, ticket, Action.RESOLVE, {Need.REPLY: reply})
        assert refused.value.fields == {"need": "reply"}

    async def test_a_report_with_photo_wants_a_photo_of_the_result(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Where the citizen showed it, the department shows it too; else words are enough."""
        by = acting(tx, as_handler)
        ticket = await service.act(by, city, await open_ticket(tx, with_photo=True), Action.ACCEPT, {})
        with pytest.raises(Missing) as refused:
            await service.act(by, city, ticket, Action.RESOLVE, {Need.REPLY: "好", Need.AFTER_PHOTO: []})
        assert refused.value.fields == {"need": "after_photo"}
        shown = {Need.REPLY: "好", Need.AFTER_PHOTO: [UUID(int=5)]}
        assert (await service.act(by, city, ticket, Action.RESOLVE, shown)).after_photos == (UUID(int=5),)


class TestOutrun:
    """Two act on one ticket at the same moment."""

    async def test_one_wins_and_the_other_is_told(
        self, pool: Pool, now: object, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Of ten who accept what they all saw assigned, one does; nine get `ticket_changed` and leave no event."""
        async with begin(pool, now) as tx:
            ticket = await open_ticket(tx)
        barrier = asyncio.Barrier(10)

        async def accept() -> Ticket:
            async with begin(pool, now, as_handler) as mine:
                seen = await store.by_id(mine.conn, ticket.id)
                await barrier.wait()
                return await service.act(mine, city, seen, Action.ACCEPT, {})

        results = await asyncio.gather(*(accept() for _ in range(10)), return_exceptions=True)
        assert sum(isinstance(result, Ticket) for result in results) == 1
        assert sum(isinstance(result, Outrun) for result in results) == 9
        async with begin(pool, now) as tx:
            assert await types(tx, ticket) == ["ticket.opened", "ticket.assigned", "ticket.accepted"]
            assert (await store.by_id(tx.conn, ticket.id)).version == 3

    async def test_a_note_does_not_overwrite_a_step(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Who acts on a ticket as it was before somebody noted something is outrun, and may look again."""
        seen = await open_ticket(tx)
        await service.note(tx, seen.id, [Fact("ticket.rated", {})])
        with pytest.raises(Outrun):
            async with tx.conn.transaction():
                await service.act(acting(tx, as_handler), city, seen, Action.ACCEPT, {})
        fresh = await store.by_id(tx.conn, seen.id)
        assert fresh is not None
        await service.act(acting(tx, as_handler), city, fresh, Action.ACCEPT, {})
        assert await types(tx, seen) == ["ticket.opened", "ticket.assigned", "ticket.rated", "ticket.accepted"]

    async def test_a_note_needs_a_ticket(self, tx: Transaction) -> None:
        """Nothing is noted on a ticket that does not exist."""
        with pytest.raises(NotFound):
            await service.note(tx, TicketId(uuid7(tx.now)), [Fact("ticket.rated", {})])


class TestFind:
    """Who sees a ticket."""

    async def test_followers_and_staff_do_others_do_not(
        self, tx: Transaction, open_ticket: OpenTicket, as_handler: Actor, as_center: Actor
    ) -> None:
        """Its reporter, the bearer of the secret, its department and centers find it; to others it does not exist."""
        mine = acting(tx, Actor(ActorKind.CITIZEN, UUID(int=21)))
        ticket = await open_ticket(mine, secret="7K3F")
        for one in (mine, acting(tx, as_handler), acting(tx, as_center)):
            assert (await service.find(one, ticket.number)).id == ticket.id
        nobody = acting(tx, ANONYMOUS)
        assert (await service.find(nobody, ticket.number, secret_hash("7K3F"))).id == ticket.id
        neighbour = acting(tx, Actor(ActorKind.CITIZEN, UUID(int=22)))
        for one, secret in ((nobody, None), (nobody, "7K3E"), (neighbour, None), (neighbour, "")):
            with pytest.raises(NotFound):
                await service.find(one, ticket.number, secret_hash(secret) if secret is not None else None)

    async def test_strangers_do_not_share_what_a_stranger_opened(
        self, tx: Transaction, open_ticket: OpenTicket
    ) -> None:
        """All anonymous callers have one name; it opens nothing."""
        ticket = await open_ticket(acting(tx, ANONYMOUS))
        with pytest.raises(NotFound):
            await service.find(acting(tx, ANONYMOUS), ticket.number)

    async def test_a_pending_ticket_is_no_departments(
        self, tx: Transaction, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """Until it is assigned, departments do not see it."""
        ticket = await open_ticket(tx, "501")
        with pytest.raises(NotFound):
            await service.find(acting(tx, as_handler), ticket.number)

    async def test_a_number_may_be_typed_carelessly_but_not_wrongly(
        self, tx: Transaction, open_ticket: OpenTicket, as_center: Actor
    ) -> None:
        """Case and blanks do not matter; a wrong sign is told apart from a ticket that does not exist."""
        ticket = await open_ticket(tx)
        found = await service.find(acting(tx, as_center), f" {ticket.number.lower().replace('-', ' - ')} ")
        assert found.id == ticket.id
        wrong = ticket.number[:-1] + ("2" if ticket.number[-1] != "2" else "3")
        with pytest.raises(BadTicketNumber):
            await service.find(acting(tx, as_center), wrong)

"""Clocks that run out."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import msgspec
import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import TicketId, uuid7
from citizen_gateway.platform import jobs
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.events import first_broken_link, stream_events
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.clock_events import Overdue
from citizen_gateway.tickets.errors import Outrun
from citizen_gateway.tickets.jobs import DUE, Due
from citizen_gateway.tickets.model import Action, Need, Ticket
from citizen_gateway.tickets.terms import Level
from tests.gateway import DEPARTMENT
from tests.tickets.conftest import OpenTicket, types


async def look(tx: Transaction, city: City, ticket: Ticket, *, minutes: int) -> list[object]:
    """Do the due job so many minutes after dispatch, twice as after a crash; return which clocks are recorded."""
    for _ in range(2):
        later = Transaction(tx.conn, tx.now + timedelta(minutes=minutes))
        await service.check_due(later, city, Due(ticket.id))
    assert await first_broken_link(tx.conn, ticket.id) is None
    past = await stream_events(tx.conn, ticket.id, public_only=False)
    return [event.data["clock"] for event in past if event.type == Overdue.name]


class TestDue:
    """The job that looks at a ticket's clocks."""

    async def test_nothing_is_recorded_in_time(self, tx: Transaction, city: City, open_ticket: OpenTicket) -> None:
        """A job that runs early records nothing."""
        assert await look(tx, city, await open_ticket(tx), minutes=29) == []

    async def test_each_clock_is_recorded_once(self, tx: Transaction, city: City, open_ticket: OpenTicket) -> None:
        """A ticket nobody signs for misses accepting, later resolving; each once, however often one looks."""
        ticket = await open_ticket(tx)
        assert await look(tx, city, ticket, minutes=30) == ["accept"]
        assert await look(tx, city, ticket, minutes=31) == ["accept"]
        assert ticket.resolve_due is not None
        late = int((ticket.resolve_due - tx.now).total_seconds() // 60)
        assert await look(tx, city, ticket, minutes=late) == ["accept", "resolve"]
        assert await look(tx, city, ticket, minutes=late + 9999) == ["accept", "resolve"]

    async def test_a_job_that_ran_late_records_both(self, tx: Transaction, city: City, open_ticket: OpenTicket) -> None:
        """After days without a worker one look records all that ran out."""
        assert await look(tx, city, await open_ticket(tx), minutes=30 * 24 * 60) == ["accept", "resolve"]

    async def test_signed_in_time_only_resolving_can_be_missed(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """An accepted ticket waits for its second clock, by a job of its own."""
        by = Transaction(tx.conn, tx.now, as_handler)
        ticket = await service.act(by, city, await open_ticket(tx), Action.ACCEPT, {})
        before = (await jobs.pending(tx.conn))[DUE.name]
        assert await look(tx, city, ticket, minutes=30) == []
        assert (await jobs.pending(tx.conn))[DUE.name] > before
        assert await look(tx, city, ticket, minutes=30 * 24 * 60) == ["resolve"]

    async def test_settled_tickets_are_left_alone(
        self, tx: Transaction, city: City, open_ticket: OpenTicket, as_handler: Actor
    ) -> None:
        """A resolved ticket misses nothing any more, and no further job is made."""
        by = Transaction(tx.conn, tx.now, as_handler)
        ticket = await service.act(by, city, await open_ticket(tx), Action.ACCEPT, {})
        ticket = await service.act(by, city, ticket, Action.RESOLVE, {Need.REPLY: "好"})
        before = await jobs.pending(tx.conn)
        assert await look(tx, city, ticket, minutes=30) == []
        assert await look(tx, city, ticket, minutes=30 * 24 * 60) == []
        assert await jobs.pending(tx.conn) == before

    async def test_the_record_is_for_staff(self, tx: Transaction, city: City, open_ticket: OpenTicket) -> None:
        """Citizens do not see it on the public timeline."""
        ticket = await open_ticket(tx)
        await look(tx, city, ticket, minutes=30)
        public = await stream_events(tx.conn, ticket.id, public_only=True)
        assert Overdue.name not in {event.type for event in public}

    async def test_recording_changes_who_watches_and_nothing_else(
        self, tx: Transaction, city: City, open_ticket: OpenTicket
    ) -> None:
        """Version and chain move on, the street watches it now, and the next look is planned."""
        ticket = await open_ticket(tx)
        await look(tx, city, ticket, minutes=30)
        after = await store.by_id(tx.conn, ticket.id)
        assert after is not None
        assert after.supervision is Level.STREET
        assert after.next_check is not None
        assert after.next_check > tx.now + timedelta(minutes=30)
        same = {name: getattr(ticket, name) for name in ("version", "head_hash", "supervision", "next_check")}
        assert msgspec.structs.replace(after, **same) == ticket

    async def test_a_ticket_that_is_gone_or_pending_is_no_error(
        self, tx: Transaction, city: City, open_ticket: OpenTicket
    ) -> None:
        """A job without anything to look at ends quietly."""
        await service.check_due(tx, city, Due(TicketId(uuid7(tx.now))))
        await service.check_due(tx, city, Due((await open_ticket(tx, "501")).id))


class TestOnce:
    """Each warning once, whoever looks and however often."""

    @pytest.fixture
    async def late(self, pool: Pool, now: datetime, open_ticket: OpenTicket) -> Ticket:
        """Give a committed ticket whose every limit has passed unseen."""
        async with begin(pool, now) as tx:
            return await open_ticket(tx)

    async def test_many_workers_after_a_stop(self, pool: Pool, now: datetime, city: City, late: Ticket) -> None:
        """Ten workers wake at once, long after all was due: six warnings and three levels, each once."""
        barrier = asyncio.Barrier(10)

        async def wake() -> None:
            async with begin(pool, now + timedelta(days=30)) as tx:
                await tx.conn.fetchval("select 1")
                await barrier.wait()
                await service.check_due(tx, city, Due(late.id, late.next_check))

        await asyncio.gather(*(wake() for _ in range(10)))
        async with begin(pool, now) as tx:
            told = await types(tx, late)
            ticket = await store.by_id(tx.conn, late.id)
        assert Counter(told) == {
            "ticket.opened": 1, "ticket.assigned": 1, "ticket.due_soon": 2, "ticket.overdue": 2,
            "ticket.long_overdue": 2, "ticket.supervised": 3,
        }  # fmt: skip
        assert ticket is not None
        assert (ticket.supervision, ticket.next_check) == (Level.CITY, None)

    async def test_clocks_an_hour_apart(self, pool: Pool, now: datetime, city: City, late: Ticket) -> None:
        """One worker is an hour ahead, another an hour behind: whoever tells first, nobody tells again."""
        hour, looks = timedelta(hours=1), 0
        for minutes in range(0, 48 * 60, 40):
            for skew in (hour, -hour, timedelta()):
                async with begin(pool, now + timedelta(minutes=minutes) + skew) as tx:
                    await service.check_due(tx, city, Due(late.id))
                    looks += 1
        async with begin(pool, now) as tx:
            past = await stream_events(tx.conn, late.id, public_only=False)
            assert await first_broken_link(tx.conn, late.id) is None
        warned = [(event.type, event.data.get("clock"), event.data.get("due")) for event in past if "due" in event.type]
        assert looks == 216
        assert len(warned) == len(set(warned)) >= 5

    async def test_a_look_that_is_no_longer_planned_does_nothing(
        self, pool: Pool, now: datetime, city: City, late: Ticket
    ) -> None:
        """Each ticket has one planned look: a job of an older plan ends without making another."""
        async with begin(pool, now + timedelta(days=1)) as tx:
            await service.check_due(tx, city, Due(late.id, now))
            assert await types(tx, late) == ["ticket.opened", "ticket.assigned"]
            before = (await jobs.pending(tx.conn))[DUE.name]
            await service.check_due(tx, city, Due(late.id, late.next_check))
            assert (await jobs.pending(tx.conn))[DUE.name] == before + 1

    async def test_a_worker_whose_clock_is_behind_looks_again(self, pool: Pool, city: City, late: Ticket) -> None:
        """The queue woke it at the right time, its own clock says too early: nothing is told, and nothing is lost."""
        assert late.next_check is not None
        async with begin(pool, late.next_check - timedelta(hours=1)) as tx:
            before = (await jobs.pending(tx.conn))[DUE.name]
            await service.check_due(tx, city, Due(late.id, late.next_check))
            assert (await jobs.pending(tx.conn))[DUE.name] == before + 1
        async with begin(pool, late.next_check) as tx:
            await service.check_due(tx, city, Due(late.id, late.next_check))
            assert "ticket.due_soon" in await types(tx, late)

    async def test_an_act_while_a_worker_looks(self, pool: Pool, now: datetime, city: City, late: Ticket) -> None:
        """A handler signs at the moment the limit passes: one waits for or is told of the other; no link breaks."""
        as_handler = Actor(ActorKind.STAFF, uuid7(now), grants=(Grant(Role.HANDLER, DEPARTMENT),))
        barrier = asyncio.Barrier(2)

        async def sign() -> None:
            async with begin(pool, now, as_handler) as tx:
                seen = await store.by_id(tx.conn, late.id)
                assert seen is not None
                await barrier.wait()
                await service.act(tx, city, seen, Action.ACCEPT, {})

        async def look() -> None:
            async with begin(pool, now + timedelta(minutes=30)) as tx:
                await tx.conn.fetchval("select 1")
                await barrier.wait()
                await service.check_due(tx, city, Due(late.id))

        results = await asyncio.gather(sign(), look(), return_exceptions=True)
        assert [error for error in results if not isinstance(error, Outrun | None)] == []
        async with begin(pool, now) as tx:
            told = await types(tx, late)
        assert ("ticket.accepted" in told) == (not isinstance(results[0], Outrun))

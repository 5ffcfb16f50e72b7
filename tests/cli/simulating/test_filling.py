"""A simulated city is one that a running gateway could have left."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City
from citizen_gateway.cli.simulating.filling import Filled, Wanted, fill
from citizen_gateway.desk import indexing, queues
from citizen_gateway.desk.model import Conditions, Queue
from citizen_gateway.insights import recounting
from citizen_gateway.intake import store as reports
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db, events
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import OwnConnection, Pool
from citizen_gateway.platform.engines import Engines
from citizen_gateway.platform.events import Head, first_broken_link, happening, stream_events
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import clocks, history, store
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import TicketState
from tests.cli.conftest import TICKETS, empty_city

_MOMENT = timedelta(microseconds=1)


async def tickets_of(conn: OwnConnection) -> list[Ticket]:
    """Return all tickets."""
    return await store.newest(conn, TICKETS)


class TestFill:
    """What is written."""

    async def test_everything_that_was_told_is_there(self, simulated: tuple[OwnConnection, Filled]) -> None:
        """As many rows as were counted, over the whole year, in every state that takes long enough to be seen."""
        conn, filled = simulated
        for table, count in (
            ("ticket", filled.tickets),
            ("event", filled.events),
            ("report", filled.reports),
            ("rating", filled.ratings),
            ("citizen", filled.citizens),
            ("ticket_words", filled.tickets),
        ):
            assert await conn.fetchval(f"select count(*) from {table}") == count
        assert filled.tickets == TICKETS
        states = Counter(ticket.state for ticket in await tickets_of(conn))
        assert {TicketState.CLOSED, TicketState.RESOLVED} <= set(states)
        assert {TicketState.REJECTED, TicketState.WITHDRAWN} & set(
            states
        )  # few: by the hour one of them may be missing
        assert sum(ticket.is_open for ticket in await tickets_of(conn)) == filled.open > 0

    async def test_every_chain_is_whole_and_every_row_the_sum_of_its_events(
        self, simulated: tuple[OwnConnection, Filled], city: City
    ) -> None:
        """Hashes, versions, state and deadlines."""
        conn, _ = simulated
        for ticket in (await tickets_of(conn))[::5]:
            assert await first_broken_link(conn, ticket.id, Head(ticket.version, ticket.head_hash)) is None
            past = await stream_events(conn, ticket.id, public_only=False)
            blank = msgspec.structs.replace(
                ticket, state=TicketState.PENDING, department=None, reports=(), assisting=(), returns=0, reopened=0,
                reopened_unsatisfied=False, resolved_at=None, closed_at=None, reply=None, accept_due=None,
                resolve_due=None, assigned_at=None, supervision=None, pause=None,
            )  # fmt: skip
            for event in past:
                told = happening(event)
                assert told is not None
                blank = history.apply(blank, told, event.at)
            assert blank == ticket
            due = clocks.deadlines(past)
            if ticket.is_open and ticket.department and ticket.next_check:
                assert (due.accept_due, due.resolve_due) == (ticket.accept_due, ticket.resolve_due)
                assert ticket.next_check == clocks.next_moment(due, city.calendar, ticket.next_check - _MOMENT)

    async def test_indexes_are_back(self, simulated: tuple[OwnConnection, Filled], pool: Pool) -> None:
        """Those that a database has which nobody filled."""
        conn, _ = simulated
        query = "select indexname from pg_indexes where schemaname = 'public' and tablename = any($1)"
        tables = ["ticket", "report", "event", "ticket_follower", "ticket_words", "invitation", "rating", "identity"]
        here = {row[0] for row in await conn.fetch(query, tables)}
        assert here == {row[0] for row in await pool.fetch(query, tables)}

    async def test_readers_go_on_behind_it(
        self, simulated: tuple[OwnConnection, Filled], city: City, vault: Vault
    ) -> None:
        """What was written is not read again, and the words are those the reader would have written."""
        conn, _ = simulated
        place = await conn.fetchrow("select xid::text::bigint as xid, seq from event_reader where name = 'desk'")
        assert place is not None
        assert await events.feed(conn, (place["xid"], place["seq"]), 10) == []
        ticket = (await tickets_of(conn))[0]
        said = await reports.of_reports(conn, ticket.reports)
        kept = await conn.fetchval("select words::text from ticket_words where ticket_id = $1", ticket.id)
        vector = indexing.vector_of(city, vault, ticket, said)
        assert await conn.fetchval("select $1::text::tsvector::text", vector) == kept

    async def test_figures_are_counted_from_it(self, simulated: tuple[OwnConnection, Filled], city: City) -> None:
        """All tickets, and the queues of a center hold what is open."""
        conn, filled = simulated
        async with db.begin_on(conn, system_clock()) as tx:
            count = await recounting.recompute(tx, city)
            assert (count.tickets, count.events, count.votes) == (filled.tickets, filled.events, filled.ratings)
            center = Actor(ActorKind.STAFF, grants=(Grant(Role.CENTER),))
            counted = await queues.counts(tx.conn, center, tx.now, Conditions())
        assert counted[Queue.OPEN] == filled.open

    async def test_a_city_with_tickets_is_left_alone(
        self, simulated: tuple[OwnConnection, Filled], city: City, vault: Vault
    ) -> None:
        """Simulated ones are never mixed with those of real people."""
        conn, filled = simulated
        with pytest.raises(StartupError, match="empty"):
            async with db.begin_on(conn, system_clock()) as tx:
                await fill(tx, (city, vault), Wanted(10, 10, 1), lambda _step, _done: None, [])
        assert await conn.fetchval("select count(*) from ticket") == filled.tickets

    async def test_one_seed_is_one_city(self, engines: Engines, pack: Pack, city: City, vault: Vault) -> None:
        """Number by number."""
        made = []
        moment = system_clock() - timedelta(days=1)
        for name in ("first_city", "second_city"):
            async with empty_city(engines, pack, name) as conn:
                async with db.begin_on(conn, moment) as tx:
                    await fill(tx, (city, vault), Wanted(50, 30, 3), lambda _step, _done: None, [])
                made.append([ticket.number for ticket in await store.newest(conn, 50)])
        assert made[0] == made[1]

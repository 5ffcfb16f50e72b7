"""Tickets in PostgreSQL."""

from datetime import timedelta
from uuid import UUID

from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import store
from citizen_gateway.tickets.model import TicketState
from tests.gateway import DEPARTMENT, ELSEWHERE
from tests.tickets.conftest import OpenTicket


class TestQueue:
    """What is listed for whom."""

    async def test_departments_states_and_pages(self, tx: Transaction, open_ticket: OpenTicket) -> None:
        """A queue holds the tickets of the asked departments and state, oldest first, and goes on behind a ticket."""
        day = tx.now + timedelta(days=9000)  # on which nobody else opens any
        assigned = [await open_ticket(Transaction(tx.conn, day + timedelta(seconds=n))) for n in range(3)]
        pending = await open_ticket(Transaction(tx.conn, day + timedelta(seconds=5)), "501")
        ids = [ticket.id for ticket in (*assigned, pending)]

        async def listed(departments: list[str] | None, state: TicketState | None = None) -> list[UUID]:
            rows = await store.queue(tx.conn, departments, state, ids[0], 99)
            return [ticket.id for ticket in rows]

        assert await listed([DEPARTMENT]) == ids[1:3]
        assert await listed(None) == ids[1:]
        assert await listed(None, TicketState.PENDING) == ids[3:]
        assert await listed([ELSEWHERE]) == await listed([]) == []
        assert len(await store.queue(tx.conn, [DEPARTMENT], None, ids[0], 1)) == 1

"""Histories made up of events, and the figures that must come of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import recounting, store
from citizen_gateway.insights.model import Case
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import SYSTEM, Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Happening, Head, record, stream_events
from citizen_gateway.tickets.events import Assigned, Opened

ZONE = ZoneInfo("Asia/Shanghai")
STREET = "410103001"
BUREAU, OTHER = "410103-cgj", "410105-cgj"

Told: TypeAlias = tuple[str, Happening]
"""When (a wall-clock time of the city), and what."""


def at(text: str) -> datetime:
    """Read a wall-clock time of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def opened(area: str | None = STREET, category: str | None = "101", **more: object) -> Opened:
    """Return the event of a report that opens a ticket."""
    return Opened(UUID(int=1), category, area, False, **({"channel": "app"} | more))  # type: ignore[arg-type]


def assigned(
    start: str, department: str = BUREAU, *, minutes: int = 30, hours: int = 8, kind: type[Assigned] = Assigned
) -> Told:
    """Return an assignment whose limits are so many minutes and hours of the wall clock."""
    more = {"from_department": OTHER} if kind.name == "ticket.transferred" else {}
    more |= {"cause": "unsatisfied"} if kind.name == "ticket.reopened" else {}
    limits = at(start) + timedelta(minutes=minutes), at(start) + timedelta(hours=hours)
    return start, kind(department, "101", "by rule", *limits, **more)  # type: ignore[arg-type]


class Chronicle:
    """Records histories, and lets the reader see them, inside a transaction that leaves no trace."""

    def __init__(self, tx: Transaction, city: City) -> None:
        self.tx, self.city = tx, city
        self._heads: dict[UUID, Head] = {}
        self._read: dict[UUID, int] = {}

    async def tell(self, *history: Told, ticket: UUID | None = None, actor: Actor = SYSTEM) -> UUID:
        """Record a history, oldest first, and return its ticket."""
        identity = ticket or uuid7(at(history[0][0]))
        for when, what in history:
            tx = Transaction(self.tx.conn, at(when), actor)
            head = self._heads.get(identity, Head())
            self._heads[identity] = await record(tx, identity, head, [what.as_fact()])
            await tx.conn.flush()
        return identity

    async def read(self, *tickets: UUID) -> list[Case | None]:
        """Let the reader see what is new of some tickets, or of all, and return what it counted of them."""
        for ticket in tickets or tuple(self._heads):
            for event in await stream_events(self.tx.conn, ticket, public_only=False):
                if event.version > self._read.get(ticket, 0):
                    await recounting.on_event(self.tx, self.city, event)
                    self._read[ticket] = event.version
        return [await store.load(self.tx.conn, ticket) for ticket in tickets or tuple(self._heads)]

    async def case(self, *history: Told) -> Case:
        """Record one history and return what is counted of it."""
        ticket = await self.tell(*history)
        (case,) = await self.read(ticket)
        assert case is not None
        return case


@pytest.fixture
def chronicle(tx: Transaction, city: City) -> Chronicle:
    """Give somebody who records histories."""
    return Chronicle(tx, city)


async def dump(tx: Transaction) -> dict[str, Sequence[tuple[object, ...]]]:
    """Return the whole read model."""
    return {
        table: [tuple(row) for row in await tx.conn.fetch(f"select * from {table} order by 1, 2")]
        for table in store.TABLES
    }

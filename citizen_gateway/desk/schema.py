"""The desk on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.desk.model import Conditions, Queue, SavedFilter
from citizen_gateway.tickets.model import TicketState

FilterName = Annotated[str, Meta(min_length=1, max_length=64)]


class QueueCount(msgspec.Struct, frozen=True):
    """How many tickets a queue holds; `more` says that it holds more than were counted."""

    queue: Queue
    count: int
    more: bool


class QueueCounts(msgspec.Struct, frozen=True):
    """How many tickets each queue of the caller holds."""

    items: list[QueueCount]


class SaveFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions to keep under a name; an area counts with all that lies in it."""

    name: FilterName
    department: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    area: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    category: Annotated[str, Meta(min_length=1, max_length=16)] | None = None
    state: TicketState | None = None
    emergency: bool | None = None

    def conditions(self) -> Conditions:
        """Return the conditions."""
        state = self.state.value if self.state else None
        return Conditions(self.department, self.area, self.category, state, self.emergency)


class FilterView(msgspec.Struct, frozen=True):
    """A saved filter; use its id as `filter` of a queue or a search."""

    id: UUID
    name: str
    department: str | None
    area: str | None
    category: str | None
    state: TicketState | None
    emergency: bool | None
    created_at: datetime

    @classmethod
    def of(cls, saved: SavedFilter) -> "FilterView":
        """Show a saved filter."""
        kept = saved.conditions
        state = TicketState(kept.state) if kept.state else None
        return cls(
            saved.id, saved.name, kept.department, kept.area, kept.category, state, kept.emergency, saved.created_at
        )


class Filters(msgspec.Struct, frozen=True):
    """The caller's saved filters."""

    items: list[FilterView]

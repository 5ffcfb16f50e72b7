"""Service requests as GeoReport v2 speaks of them, and what may be asked about them; pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.geo import Point
from citizen_gateway.tickets.model import TicketState

LONGEST_SPAN = timedelta(days=90)
"""The most that `start_date` and `end_date` may lie apart, and the past that is listed without them."""

MOST_IDS = 500
MOST_ROWS = 1000
PAGE_SIZE = 50
MOST_PAGES = 1000


class Status(StrEnum):
    """Whether somebody still has to do something."""

    OPEN = "open"
    CLOSED = "closed"


OVER = frozenset({"resolved", "closed", "rejected", "withdrawn"})
"""States of a ticket in which nothing is to be done (a merged one's requests are at another ticket)."""

DETAILED = {
    "pending": "open",
    "assigned": "open",
    "accepted": "investigating",
    "in_progress": "in_progress",
    "on_hold": "action_scheduled",
    "resolved": "fixed",
    "closed": "closed",
    "rejected": "no_further_action",
    "withdrawn": "cancelled",
    "merged": "duplicate",
}
"""A ticket's state in the finer words that clients of `servicerequestupdates` understand."""


def status_of(state: TicketState) -> Status:
    """Return a ticket's state as the standard's two words have it."""
    return Status.CLOSED if state.value in OVER else Status.OPEN


class Question(msgspec.Struct, frozen=True):
    """What GET requests asks for; `ids` overrides all else. `until` itself is excluded."""

    ids: tuple[UUID, ...] | None = None
    codes: tuple[str, ...] | None = None
    statuses: frozenset[Status] = frozenset(Status)
    since: datetime | None = None
    until: datetime | None = None
    updated_after: datetime | None = None
    page: int = 1
    page_size: int = MOST_ROWS
    extensions: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What a client said to one attribute of a service."""

    code: str
    values: tuple[str, ...]


class Filing(msgspec.Struct, frozen=True):
    """What POST requests brings, read and checked."""

    code: str
    text: str
    point: Point | None
    address: str
    subject: str | None
    media_url: str
    answers: tuple[Answer, ...]


class Known(msgspec.Struct, frozen=True):
    """A service request as it stands: a report with its ticket, and what its client said beside."""

    id: UUID
    ticket_id: UUID
    ticket_number: str
    author: str
    state: TicketState
    category: str | None
    text: str
    place: str
    area: str | None
    lat: float | None
    lon: float | None
    photos: tuple[UUID, ...]
    department: str | None
    reply: str | None
    emergency: bool
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    media_url: str | None
    attributes: dict[str, tuple[str, ...]] | None


class Change(msgspec.Struct, frozen=True):
    """One public event of a ticket, as an update of one of its service requests."""

    id: UUID
    request: UUID
    type: str
    at: datetime
    data: dict[str, object]

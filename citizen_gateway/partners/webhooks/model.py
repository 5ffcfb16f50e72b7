"""Webhooks as plain values, and the rules of trying again."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import ClientId, EventId

MOST_ENDPOINTS = 20
MOST_SECRETS = 4
ANSWER_SIGNS = 500
"""How much of a receiver's answer is kept to look at."""

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (
    timedelta(seconds=5),
    _MINUTE,
    5 * _MINUTE,
    30 * _MINUTE,
    *(hours * _HOUR for hours in (1, 2, 4, 8, 12, 20, 24)),
)
"""How long to wait after each failed attempt: twelve attempts over three days."""

GIVEN_UP = sum(PAUSES, timedelta())
"""An endpoint is paused when a message had its last attempt and nothing was taken for so long."""


class EndpointState(StrEnum):
    """Whether events are sent to an endpoint."""

    ACTIVE = "active"
    PAUSED = "paused"


class PauseReason(StrEnum):
    """Why an endpoint is paused."""

    ASKED = "asked"  # by its client
    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing well for three days
    FORBIDDEN = "forbidden"  # its address is not a public one


class DeliveryState(StrEnum):
    """What became of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"  # no attempt is left; it can be driven again


class Endpoint(msgspec.Struct, frozen=True):
    """Where a client wants events sent; `types` None means all; `xid` and `seq` are its place in the log."""

    id: UUID
    client_id: ClientId
    url: str
    types: tuple[str, ...] | None
    description: str
    state: EndpointState
    paused_because: PauseReason | None
    failing_since: datetime | None
    xid: int
    seq: int
    created_at: datetime


class Delivery(msgspec.Struct, frozen=True):
    """One message to one endpoint."""

    id: UUID
    endpoint_id: UUID
    event_id: EventId
    type: str
    state: DeliveryState
    attempts: int
    due_at: datetime
    delivered_at: datetime | None
    created_at: datetime


class Outcome(msgspec.Struct, frozen=True):
    """What came of one attempt: a status, or an error in words; `retry_after` in seconds where the receiver said so."""

    status: int | None
    error: str | None
    took_ms: int
    answer: str = ""
    retry_after: float | None = None
    forbidden: bool = False

    @property
    def good(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more messages."""
        return self.status == 410


def next_due(attempts: int, now: datetime, outcome: Outcome, chance: float) -> datetime | None:
    """Return when to try again after so many attempts, or None where there is none left; `chance` lies in [0, 1).

    Pauses are lengthened by up to a tenth, so that messages that failed together do not return together. A receiver's
    `Retry-After` is obeyed up to a day.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + chance / 10)
    if outcome.retry_after is not None:
        pause = max(pause, min(timedelta(seconds=outcome.retry_after), timedelta(days=1)))
    return now + pause

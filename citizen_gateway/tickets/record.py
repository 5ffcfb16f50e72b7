"""A ticket as it stands: what its timeline adds up to."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId, TicketNumber
from citizen_gateway.tickets.terms import OPEN, Level, PauseCause, TicketState


class Suggestion(msgspec.Struct, frozen=True):
    """A department a person might choose, and why."""

    department: str
    reason: str


class DispatchNote(msgspec.Struct, frozen=True):
    """Why a ticket went where it went, or why it waits for a person."""

    automatic: bool
    reason: str
    rule: str | None = None
    confidence: float | None = None
    suggestions: tuple[Suggestion, ...] = ()
    explanation: tuple[str, ...] = ()


class Follower(msgspec.Struct, frozen=True):
    """Who may watch a ticket without being staff: some actors by their keys, and the bearer of a secret.

    With a `report` they are its reporter, and may answer, urge and withdraw; without one they only watch.
    """

    secret_hash: bytes
    actors: tuple[str, ...]
    report: UUID | None = None


class Call(msgspec.Struct, frozen=True):
    """A department called to help (吹哨), and what it answered."""

    department: str
    reason: str
    called_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class Pause(msgspec.Struct, frozen=True):
    """Why the clocks stand still, since when and until when at most; `before` is the state to go on in.

    For a question `text` is what the citizen is asked, for a hold why it must wait.
    """

    cause: PauseCause
    text: str
    since: datetime
    until: datetime
    before: TicketState


class Wish(msgspec.Struct, frozen=True):
    """What a department asked the center for: to wait, or for more time, until when and why."""

    reason: str
    until: datetime
    asked_at: datetime


class Meeting(msgspec.Struct, frozen=True):
    """The weekly meeting that takes the case up (三跨会商), and what it decided; dates are ISO 8601."""

    reason: str
    departments: tuple[str, ...]
    meets_on: str
    convened_at: datetime
    conclusion: str | None = None
    department: str | None = None
    concluded_at: datetime | None = None
    follow_up_on: str | None = None
    followed_up: str | None = None
    done: bool | None = None


class Merger(msgspec.Struct, frozen=True):
    """Which ticket answers instead, what moved there, and the state to go back to."""

    into: TicketId
    number: TicketNumber
    reports: tuple[UUID, ...]
    before: TicketState


class Ticket(msgspec.Struct, frozen=True):
    """A ticket as it stands; `version` counts its events, `head_hash` ends their chain.

    `assisting` are departments that see it without holding it: called to help, or police and fire brigade where life
    is in danger. `reports` are those it answers, `returns` counts how often departments gave it back, `arbitrated` says
    that they no longer may, `around_the_clock` that resolving is not counted in working hours. `next_check` is when its
    clocks are looked at next.
    """

    id: TicketId
    number: TicketNumber
    state: TicketState
    version: int
    head_hash: bytes
    title: str
    category: str | None
    area: str | None
    area_path: tuple[str, ...]
    lat: float | None
    lon: float | None
    department: str | None
    emergency: bool
    with_photo: bool
    dispatch: DispatchNote
    opened_at: datetime
    assigned_at: datetime | None = None
    accept_due: datetime | None = None
    resolve_due: datetime | None = None
    around_the_clock: bool = False
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reply: str | None = None
    after_photos: tuple[UUID, ...] = ()
    assisting: tuple[str, ...] = ()
    reports: tuple[UUID, ...] = ()
    returns: int = 0
    arbitrated: bool = False
    calls: tuple[Call, ...] = ()
    pause: Pause | None = None
    hold_wish: Wish | None = None
    extension_wish: Wish | None = None
    supervision: Level | None = None
    meeting: Meeting | None = None
    reopened: int = 0
    reopened_unsatisfied: bool = False
    merger: Merger | None = None
    next_check: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the city still owes an answer."""
        return self.state in OPEN

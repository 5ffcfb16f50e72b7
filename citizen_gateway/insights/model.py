"""What is counted: a ticket, each department's turn with it, and the votes on it, as plain values."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId


class Turn(msgspec.Struct, frozen=True):
    """One department's time with a ticket, from the assignment to its end.

    `cause` is the assignment's event (assigned, arbitrated, transferred, reopened), `ended` how the turn ended
    (resolved, returned, transferred, merged, withdrawn). Durations are whole seconds, without pauses; `working` ones
    count the city's working hours alone, `waiting` runs from the ticket's opening. A limit that passed keeps the
    instant at which it did.
    """

    number: int
    department: str
    cause: str
    began_at: datetime
    accept_due: datetime
    resolve_due: datetime
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    ended: str | None = None
    return_code: str | None = None
    accept_overdue_at: datetime | None = None
    resolve_overdue_at: datetime | None = None
    paused_at: datetime | None = None
    paused: int = 0
    paused_working: int = 0
    acceptance: int | None = None
    acceptance_working: int | None = None
    handling: int | None = None
    handling_working: int | None = None
    waiting: int | None = None
    waiting_working: int | None = None
    votes: int = 0
    denials: int = 0


class Vote(msgspec.Struct, frozen=True):
    """One reporter's vote, counted for the department that had resolved the ticket; nobody knows whose it is."""

    number: int
    at: datetime
    department: str | None
    contacted: bool
    solved: str
    satisfied: int


class Case(msgspec.Struct, frozen=True):
    """A ticket as its events tell it; `areas` are the codes of its place from the finest to the district.

    `accept_due` and `resolve_due` are those of clocks that run now. `before` is the state to which a pause or an undone
    merger returns. `exclusion` is why it is left out of the figures after exclusion, and `excluded_by` who did so.
    """

    ticket_id: TicketId
    opened_at: datetime
    state: str
    category: str | None
    area: str | None
    areas: tuple[str, ...]
    channel: str | None
    emergency: bool
    department: str | None = None
    before: str | None = None
    accept_due: datetime | None = None
    resolve_due: datetime | None = None
    ended_at: datetime | None = None
    reports: int = 1
    urged: int = 0
    supervised: str | None = None
    excluded: bool = False
    exclusion: str | None = None
    excluded_by: UUID | None = None
    excluded_at: datetime | None = None
    turns: tuple[Turn, ...] = ()
    votes: tuple[Vote, ...] = ()

    @property
    def turn(self) -> Turn | None:
        """The turn that is under way, or was the last."""
        return self.turns[-1] if self.turns else None

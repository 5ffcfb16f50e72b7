"""Invitations and ratings, as plain values."""

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import CitizenId, FollowUpId, InvitationId, ReportId, TicketId

SATISFIED_FROM = 3
"""基本满意 counts as satisfied."""


class Solved(StrEnum):
    """Whether the citizen finds the matter solved."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class Invitation(msgspec.Struct, frozen=True):
    """One report's invitation to rate one resolution of its ticket (the version of the event that told it)."""

    id: InvitationId
    report_id: ReportId
    ticket_id: TicketId
    citizen_id: CitizenId | None
    invited_at: datetime
    expires_at: datetime
    resolution: int = 0


class Vote(msgspec.Struct, frozen=True):
    """What a citizen says of the result: contacted, solved, satisfied 1 to 5, and why."""

    contacted: bool
    solved: Solved
    satisfied: int
    tags: tuple[str, ...] = ()
    comment: str = ""

    @property
    def content(self) -> bool:
        """Whether the ticket can be closed on this vote."""
        return self.satisfied >= SATISFIED_FROM and self.solved is not Solved.NOT


class Reason(StrEnum):
    """Why a center calls (回访)."""

    SAMPLE = "sample"  # drawn by lot
    UNSATISFIED = "unsatisfied"  # not content again after the reopening


class CallResult(msgspec.Struct, frozen=True):
    """What a call told: whether anybody was reached and, if so, what they say of the result."""

    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfied: int | None = None
    note: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything was asked, where somebody was reached."""
        return not self.reached or None not in (self.contacted, self.solved, self.satisfied)


class FollowUp(msgspec.Struct, frozen=True):
    """A ticket whose reporters a center calls; `areas` are those of the ticket, from its finest to its district."""

    id: FollowUpId
    ticket_id: TicketId
    resolution: int
    reason: Reason
    areas: tuple[str, ...]
    created_at: datetime
    done_at: datetime | None = None
    done_by: UUID | None = None
    result: CallResult | None = None


class Tally(msgspec.Struct, frozen=True):
    """The votes on a ticket, counted."""

    invited: int
    votes: tuple[Vote, ...]

    @property
    def average(self) -> float | None:
        """The mean of 1 to 5, where anybody voted."""
        return round(sum(vote.satisfied for vote in self.votes) / len(self.votes), 2) if self.votes else None


def drawn(ticket: TicketId, resolution: int, share: float) -> bool:
    """Whether the lot falls on a ticket: the same for everybody who draws, and no one can choose it."""
    lot = int.from_bytes(blake2b(ticket.bytes + resolution.to_bytes(4), digest_size=8, person=b"follow-up").digest())
    return lot < share * 2**64

"""Invitations and ratings, as plain values."""

from datetime import datetime
from enum import StrEnum

import msgspec

from citizen_gateway.kernel.ids import CitizenId, InvitationId, ReportId, TicketId

SATISFIED_FROM = 3
"""基本满意 counts as satisfied."""


class Solved(StrEnum):
    """Whether the citizen finds the matter solved."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT = "not"


class Invitation(msgspec.Struct, frozen=True):
    """One report's invitation to rate."""

    id: InvitationId
    report_id: ReportId
    ticket_id: TicketId
    citizen_id: CitizenId | None
    invited_at: datetime
    expires_at: datetime


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

"""Ratings on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.satisfaction.model import CallResult, Reason, Solved
from citizen_gateway.tickets.schema import DepartmentRef

Tag = Annotated[str, Meta(min_length=1, max_length=32)]


class RateReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the citizen says of the result."""

    contacted: Annotated[bool, Meta(description="Whether somebody got in touch")]
    solved: Solved
    satisfied: Annotated[int, Meta(ge=1, le=5, description="1 very dissatisfied to 5 very satisfied")]
    tags: Annotated[list[Tag], Meta(max_length=8)] = []
    comment: Annotated[str, Meta(max_length=1000)] = ""


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation to rate; `token` is the unguessable part of its link."""

    token: str
    ticket_number: str
    title: str
    reply: str | None
    invited_at: datetime
    expires_at: datetime
    rated: bool


class RatingView(msgspec.Struct, frozen=True):
    """A rating as it was kept, and the state the ticket is in now."""

    report_id: UUID
    contacted: bool
    solved: Solved
    satisfied: int
    tags: list[str]
    comment: str
    ticket_state: str


class RatingSummary(msgspec.Struct, frozen=True):
    """The votes on a ticket's last resolution, counted.

    A department learns them only when the time to rate is over and there are enough that none can be told apart; before
    that `withheld` is true and the counts are null. `comments` are for centers and auditors alone.
    """

    invited: int
    withheld: bool
    rated: int | None
    contacted: int | None
    solved: dict[str, int] | None
    satisfied: dict[str, int] | None
    average: float | None
    tags: dict[str, int] | None
    comments: list[str] | None


class RecordCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a call told; the three answers are needed where somebody was reached."""

    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfied: Annotated[int, Meta(ge=1, le=5)] | None = None
    note: Annotated[str, Meta(max_length=1000)] = ""


class FollowUpView(msgspec.Struct, frozen=True):
    """A call that a center makes about a resolved ticket, and what it told once it is made."""

    id: UUID
    ticket_number: str
    title: str
    department: DepartmentRef | None
    reason: Reason
    created_at: datetime
    done_at: datetime | None
    result: CallResult | None

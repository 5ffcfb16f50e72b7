"""Reports on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.schema import AreaView, Position
from citizen_gateway.tickets.model import TicketState
from citizen_gateway.tickets.schema import CategoryRef, DepartmentRef, TicketView
from citizen_nlp import Nature, PrivateKind

TEXT_SIGNS = 5000
PLACE_SIGNS = 200
PHOTOS = 9


class OnBehalfOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The citizen a partner speaks for, as the partner's channel knows them (a phone number, an openid)."""

    subject: Annotated[str, Meta(min_length=1, max_length=128)]


ExternalRef = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^\S+( \S+)*$", description="A partner's own number for the report")
]


class SubmitReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a citizen says: words, and what they have of a place, photos and a category."""

    text: Annotated[str, Meta(max_length=TEXT_SIGNS, description="Not empty")]
    title: Annotated[str, Meta(max_length=100)] = ""
    position: Position | None = None
    place: Annotated[str, Meta(max_length=PLACE_SIGNS, description="The place in words")] = ""
    photo_ids: Annotated[list[UUID], Meta(max_length=PHOTOS)] = []
    category: Annotated[str, Meta(max_length=16)] | None = None
    channel: Channel | None = None
    on_behalf_of: OnBehalfOf | None = None
    external_ref: ExternalRef | None = None


class Guess(msgspec.Struct, frozen=True):
    """A category the report may belong to, how sure that is, and the words that decided."""

    category: CategoryRef
    confidence: float
    evidence: list[str]


class EmergencyAdvice(msgspec.Struct, frozen=True):
    """What to do at once where life may be in danger."""

    call: list[str]
    message: str
    words: list[str]


class TicketReceipt(msgspec.Struct, frozen=True):
    """The ticket of a report: where it went and by when it must be dealt with."""

    number: str
    state: TicketState
    category: CategoryRef | None
    department: DepartmentRef | None
    areas: list[AreaView]
    reason: str
    accept_due: datetime | None
    resolve_due: datetime | None


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a report. With the ticket's number, `secret` opens the ticket without signing in.

    `joined` says that others reported the same event before: the ticket is theirs too, and all are told how it goes.
    """

    report_id: UUID
    ticket: TicketReceipt
    secret: str
    keywords: list[str]
    guesses: list[Guess]
    emergency: EmergencyAdvice | None
    joined: bool


class SimilarTicket(msgspec.Struct, frozen=True):
    """An open ticket that may be about the same event, as anybody may see it: whoever reported it stays unknown.

    `title` has personal data masked, `reporters` is how many reports it answers, `likeness` from 0 to 1.
    """

    number: str
    title: str
    category: CategoryRef | None
    area: AreaView | None
    state: TicketState
    opened_at: datetime
    age_hours: int
    reporters: int
    likeness: float


class SimilarTickets(msgspec.Struct, frozen=True):
    """What may be about the same event, the most alike first; none where nothing is."""

    items: list[SimilarTicket]


class ReportPreview(msgspec.Struct, frozen=True):
    """What a report would become; nothing is kept.

    `sure` says that nobody would need to look at the category before dispatch; `private` are kinds of personal data
    found in the words; `department` is who would be given the ticket, with the `reason`.
    """

    category: CategoryRef | None
    sure: bool
    guesses: list[Guess]
    nature: Nature
    keywords: list[str]
    areas: list[AreaView]
    department: DepartmentRef | None
    reason: str
    private: list[PrivateKind]
    emergency: EmergencyAdvice | None
    similar: list[SimilarTicket]


class Following(msgspec.Struct, frozen=True):
    """A ticket somebody follows without having reported it; with its number, `secret` opens it without signing in."""

    ticket: TicketReceipt
    secret: str


class ReportListing(msgspec.Struct, frozen=True):
    """A report in a list."""

    id: UUID
    title: str
    created_at: datetime
    ticket_number: str
    ticket_state: TicketState


class ReportView(msgspec.Struct, frozen=True):
    """A report as its author sees it; a partner's client also sees its own number, and the status in its words."""

    id: UUID
    title: str
    text: str
    place: str
    position: Position | None
    areas: list[AreaView]
    photo_ids: list[UUID]
    category: CategoryRef | None
    channel: Channel
    created_at: datetime
    ticket_number: str
    ticket_state: TicketState
    external_ref: str | None
    channel_status: str | None


class JoinSuggestion(msgspec.Struct, frozen=True):
    """A ticket that may be about the same event; `same` is what somebody said of it.

    Without `judged_at`, a yes is a department's, and a center has yet to merge.
    """

    number: str
    title: str
    state: TicketState
    category: CategoryRef | None
    reporters: int
    likeness: float
    suggested_at: datetime
    judged_at: datetime | None
    same: bool | None


class JoinSuggestions(msgspec.Struct, frozen=True):
    """What may be about the same event, the most alike first."""

    items: list[JoinSuggestion]


class JudgeJoin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the ticket with number `like` is about the same event."""

    like: Annotated[str, Meta(min_length=1, max_length=64)]
    same: bool
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]


class JoinVerdict(msgspec.Struct, frozen=True):
    """What was said, whether the two were merged, and the ticket that answers now."""

    same: bool
    merged: bool
    ticket: TicketView


class UnjoinReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which report joined by mistake."""

    report_id: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=2000)]

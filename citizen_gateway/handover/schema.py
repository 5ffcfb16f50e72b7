"""Hand-overs on the wire."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.city.schema import AreaView, Position
from citizen_gateway.handover.model import HandoverState
from citizen_gateway.intake.schema import ExternalRef
from citizen_gateway.tickets.model import TicketState
from citizen_gateway.tickets.requests import Reason
from citizen_gateway.tickets.schema import CategoryRef, DepartmentRef


class OfferHandover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Offer the case of a report to another channel, with the reason its people read."""

    report_id: UUID
    to_channel: Channel
    reason: Reason


class SignHandover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign for a case; `external_ref` is its number in your own system."""

    external_ref: ExternalRef | None = None


class RefuseHandover(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Refuse a case, with the reason the other side reads."""

    reason: Reason


class HandoverSide(msgspec.Struct, frozen=True):
    """One of the two channels: its number for the case, and the case's status in its own words."""

    channel: Channel
    external_ref: str | None
    status: str


class HandoverCase(msgspec.Struct, frozen=True):
    """What is handed over: the citizen's words, and what the city does about it."""

    title: str
    text: str
    place: str
    position: Position | None
    areas: list[AreaView]
    photo_ids: list[UUID]
    emergency: bool
    reported_at: datetime
    ticket_number: str
    ticket_state: TicketState
    category: CategoryRef | None
    department: DepartmentRef | None


class HandoverView(msgspec.Struct, frozen=True):
    """A hand-over as both sides see it. `responsible` answers for the case to its citizen."""

    id: UUID
    report_id: UUID
    state: HandoverState
    responsible: Channel
    sender: HandoverSide
    receiver: HandoverSide
    case: HandoverCase
    reason: str
    answer: str | None
    offered_at: datetime
    sign_due: datetime
    answered_at: datetime | None

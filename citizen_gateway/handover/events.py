"""What can happen to a ticket as its case goes from channel to channel."""

from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class HandoverOffered(Happening, frozen=True):
    """The responsible channel offered the case to another; it answers for it until that one signs."""

    name: ClassVar[str] = "ticket.handover_offered"
    public: ClassVar[bool] = False

    handover: UUID
    report: UUID
    from_channel: str
    to_channel: str


class HandoverSigned(Happening, frozen=True):
    """The other channel signed and answers for the case from now on."""

    name: ClassVar[str] = "ticket.handover_signed"

    handover: UUID
    report: UUID
    from_channel: str
    to_channel: str


class HandoverRefused(Happening, frozen=True):
    """The other channel refused; the sender goes on answering for the case."""

    name: ClassVar[str] = "ticket.handover_refused"
    public: ClassVar[bool] = False

    handover: UUID
    report: UUID
    from_channel: str
    to_channel: str


class HandoverWithdrawn(Happening, frozen=True):
    """The sender took its offer back."""

    name: ClassVar[str] = "ticket.handover_withdrawn"
    public: ClassVar[bool] = False

    handover: UUID
    report: UUID
    from_channel: str
    to_channel: str


class HandoverUnsigned(Happening, frozen=True):
    """The other channel did not answer in time; the sender still answers for the case."""

    name: ClassVar[str] = "ticket.handover_unsigned"
    public: ClassVar[bool] = False

    handover: UUID
    report: UUID
    from_channel: str
    to_channel: str

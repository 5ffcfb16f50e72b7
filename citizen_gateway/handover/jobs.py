"""Work that hand-overs have waiting."""

from uuid import UUID

import msgspec

from citizen_gateway.platform.jobs import Kind


class SignDue(msgspec.Struct, frozen=True):
    """The time to sign for this hand-over may be over."""

    handover: UUID


SIGN_DUE = Kind("handover.sign_due", SignDue)

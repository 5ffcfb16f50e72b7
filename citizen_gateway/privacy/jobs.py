"""Work that a person's wishes have waiting."""

import msgspec

from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.jobs import Kind


class Settle(msgspec.Struct, frozen=True):
    """A citizen was erased, or became another's account: what a call under way left is to follow."""

    citizen: CitizenId
    target: CitizenId | None = None


SETTLE = Kind("privacy.settle", Settle)

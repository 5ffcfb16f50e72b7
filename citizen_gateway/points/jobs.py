"""Work that points have waiting."""

from uuid import UUID

import msgspec

from citizen_gateway.platform.jobs import Kind


class RedemptionOver(msgspec.Struct, frozen=True):
    """The code of this redemption may have run out."""

    redemption: UUID


REDEMPTION_OVER = Kind("points.redemption_over", RedemptionOver)

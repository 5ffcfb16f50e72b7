"""Work that figures have waiting."""

from datetime import date

import msgspec

from citizen_gateway.platform.jobs import Kind


class MakeBriefing(msgspec.Struct, frozen=True):
    """A center's briefing of a day is to be made and kept."""

    center: str
    day: date


MAKE_BRIEFING = Kind("insights.make_briefing", MakeBriefing)

"""Work that satisfaction has waiting."""

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.jobs import Kind


class WindowOver(msgspec.Struct, frozen=True):
    """The time to rate a resolution of this ticket (the version of its event; 0: any) may be over."""

    ticket: TicketId
    resolution: int = 0


WINDOW_OVER = Kind("satisfaction.window_over", WindowOver)

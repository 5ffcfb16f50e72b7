"""Work that satisfaction has waiting."""

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.jobs import Kind


class WindowOver(msgspec.Struct, frozen=True):
    """The rating window of this ticket may be over."""

    ticket: TicketId


WINDOW_OVER = Kind("satisfaction.window_over", WindowOver)

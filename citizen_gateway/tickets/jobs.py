"""Work that tickets have waiting."""

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.jobs import Kind


class Due(msgspec.Struct, frozen=True):
    """A clock of this ticket may have run out."""

    ticket: TicketId


DUE = Kind("tickets.due", Due)

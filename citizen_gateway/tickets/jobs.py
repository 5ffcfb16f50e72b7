"""Work that tickets have waiting."""

from datetime import datetime

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.jobs import Kind


class Due(msgspec.Struct, frozen=True):
    """The clocks of this ticket are to be looked at; `at` is the moment this look was planned for."""

    ticket: TicketId
    at: datetime | None = None


DUE = Kind("tickets.due", Due)

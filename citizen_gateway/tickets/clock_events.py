"""What a ticket's clocks tell of themselves."""

from datetime import datetime
from typing import ClassVar

from citizen_gateway.platform.events import Happening


class DueSoon(Happening, frozen=True):
    """Four fifths of a clock have run; `clock` is accept or resolve, `due` its end."""

    name: ClassVar[str] = "ticket.due_soon"
    public: ClassVar[bool] = False

    clock: str
    due: datetime


class Overdue(Happening, frozen=True):
    """A clock ran out."""

    name: ClassVar[str] = "ticket.overdue"
    public: ClassVar[bool] = False

    clock: str
    due: datetime


class LongOverdue(Happening, frozen=True):
    """Three times a clock's length has passed."""

    name: ClassVar[str] = "ticket.long_overdue"
    public: ClassVar[bool] = False

    clock: str
    due: datetime

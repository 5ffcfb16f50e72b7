"""What Open311 clients can do to a ticket."""

from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class Remarked(Happening, frozen=True):
    """A reporter's system added words to its request; they are for the ticket's staff and are left out of feeds."""

    name: ClassVar[str] = "ticket.remarked"
    private: ClassVar[tuple[str, ...]] = ("words",)

    report: UUID
    update: UUID
    words: str

"""What can happen to the satisfaction with a ticket."""

from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class Invited(Happening, frozen=True):
    """The reporters of a resolved ticket are asked to rate it."""

    name: ClassVar[str] = "ticket.invited"

    reports: tuple[UUID, ...]


class Rated(Happening, frozen=True):
    """One reporter rated the result; nobody learns who."""

    name: ClassVar[str] = "ticket.rated"

    contacted: bool
    solved: str
    satisfied: int

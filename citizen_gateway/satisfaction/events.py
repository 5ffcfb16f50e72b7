"""What can happen to the satisfaction with a ticket."""

from typing import ClassVar
from uuid import UUID

from citizen_gateway.platform.events import Happening


class Invited(Happening, frozen=True):
    """The reporters of a resolved ticket are asked to rate it."""

    name: ClassVar[str] = "ticket.invited"

    reports: tuple[UUID, ...]


class Rated(Happening, frozen=True):
    """One reporter rated the result; nobody learns who, and who handled the ticket not what."""

    name: ClassVar[str] = "ticket.rated"
    public: ClassVar[bool] = False
    for_centers: ClassVar[bool] = True

    contacted: bool
    solved: str
    satisfied: int


class Revisited(Happening, frozen=True):
    """A center asked a reporter again, by a call (回访); the note is the operator's and left out of feeds.

    `reason` is why: sample or unsatisfied. Without an answer the other members are None.
    """

    name: ClassVar[str] = "ticket.revisited"
    public: ClassVar[bool] = False
    for_centers: ClassVar[bool] = True
    private: ClassVar[tuple[str, ...]] = ("note",)

    reason: str
    reached: bool
    contacted: bool | None = None
    solved: str | None = None
    satisfied: int | None = None
    note: str = ""

"""What can happen to a ticket's place in the figures."""

from typing import ClassVar

from citizen_gateway.platform.events import Happening


class Excluded(Happening, frozen=True):
    """The ticket is left out of the figures after exclusion (剔除); who did so is the event's actor."""

    name: ClassVar[str] = "ticket.excluded"
    public: ClassVar[bool] = False

    reason: str


class Included(Happening, frozen=True):
    """It counts again."""

    name: ClassVar[str] = "ticket.included"
    public: ClassVar[bool] = False

    reason: str

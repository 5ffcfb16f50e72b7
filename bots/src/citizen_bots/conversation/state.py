"""What is remembered between two messages of one citizen."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_bots.conversation.replies import Button
from citizen_bots.conversation.turns import Position
from citizen_bots.texts import DEFAULT_LOCALE
from citizen_gateway_sdk import Solved


class Picture(msgspec.Struct, frozen=True):
    """A photo of a report: where the channel has it, and its id once the gateway has it."""

    ref: str
    key: str
    id: UUID | None = None
    located: bool = False
    """Whether the photo itself tells where it was taken."""


class Draft(msgspec.Struct, frozen=True):
    """A report in the making. `key` is the Idempotency-Key it is sent under."""

    key: str
    words: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    position: Position | None = None
    place: str = ""
    presumed: str = ""
    """An answer to the question where it is: taken for the place, and kept among the words all the same."""
    asked_where: bool = False
    warned: bool = False
    category: str | None = None
    """The category that the citizen chose."""
    checks: int = 0
    """How many of the questions before sending were asked: is it like another one, and what is it about."""

    @property
    def text(self) -> str:
        """All that was written, in order."""
        return "\n".join(self.words)

    @property
    def where(self) -> str:
        """The place in words."""
        return self.place or ("" if self.position else self.presumed)

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it is."""
        return bool(self.position or self.where or any(picture.located for picture in self.pictures))


class Rating(msgspec.Struct, frozen=True):
    """A rating in the making, asked for in the order of its fields. `key` is its Idempotency-Key."""

    report: UUID
    key: str
    satisfied: int | None = None
    solved: Solved | None = None
    contacted: bool | None = None
    comment: str | None = None


class Answering(msgspec.Struct, frozen=True):
    """An answer in the making to what a department asked about a ticket. `key` is its Idempotency-Key."""

    number: str
    key: str
    pictures: tuple[Picture, ...] = ()


class Awaited(msgspec.Struct, frozen=True):
    """What the citizen was asked for last outside a report: `kind` says what, `about` of which thing."""

    kind: str
    key: str
    about: str = ""


class State(msgspec.Struct, frozen=True):
    """All of it.

    `outgoing` is a report that was to be sent and whose receipt has not come: it changes no more, so that sending it
    again under its key is safe.
    """

    locale: str = DEFAULT_LOCALE
    draft: Draft | None = None
    outgoing: Draft | None = None
    rating: Rating | None = None
    answering: Answering | None = None
    awaited: Awaited | None = None
    viewing: str = ""
    """The number of the ticket that was shown last."""
    at: datetime | None = None
    """When the citizen last wrote."""
    offered: tuple[Button, ...] = ()
    near: Position | None = None
    """Where the channel last said the citizen is."""


def dump(state: State) -> bytes:
    """Return the state as bytes to be kept."""
    return msgspec.json.encode(state)


def load(kept: bytes) -> State:
    """Return the state that was kept. Raises `msgspec.ValidationError` for what is none."""
    return msgspec.json.decode(kept, type=State)

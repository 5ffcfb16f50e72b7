"""The seam between the host and a channel: what comes in, what goes out, and how a platform may take it."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from citizen_bots.conversation import Content, Reply
from citizen_bots.web import Routes


class Who(NamedTuple):
    """A citizen as a channel knows them."""

    channel: str
    subject: str

    @property
    def key(self) -> str:
        """Both in one word."""
        return f"{self.channel}:{self.subject}"

    @classmethod
    def of(cls, key: str) -> "Who":
        """Return whom a key names."""
        channel, _, subject = key.partition(":")
        return cls(channel, subject)


class Incoming(msgspec.Struct, frozen=True):
    """A message to be worked.

    `id` is the platform's own, visible ASCII, and never worked twice. Messages of one `group` (an album) become one
    turn. `passive` says that whoever delivers it waits for the answer.
    """

    id: str
    content: Content
    group: str = ""
    locale: str = ""
    passive: bool = False


class MessageKind(StrEnum):
    """Why something is sent."""

    REPLY = "reply"
    NOTICE = "notice"


class Outgoing(msgspec.Struct, frozen=True):
    """A message to a citizen, kept until the platform took it.

    `update` is the id of what it answers, `first` the number of its first button, counted through a turn's replies.
    """

    id: str
    reply: Reply
    update: str = ""
    kind: MessageKind = MessageKind.REPLY
    locale: str = ""
    first: int = 1
    facts: dict[str, str] = {}
    """News in three words, for platforms that want it in fields: `number`, `what`, `when`."""


class Sent(msgspec.Struct, frozen=True):
    """The platform took it."""


class NotNow(msgspec.Struct, frozen=True):
    """To be tried again: after `wait`, or earlier when the citizen writes; `why` is for the operator."""

    why: str
    wait: timedelta


class Blocked(msgspec.Struct, frozen=True):
    """The citizen wants to hear nothing more."""


class NeverSent(msgspec.Struct, frozen=True):
    """The platform will never take it; `why` is for the operator."""

    why: str


Outcome = Sent | NotNow | Blocked | NeverSent


class Channel(Protocol):
    """A platform on which citizens write."""

    name: str

    def routes(self) -> Routes:
        """Return what the platform calls."""

    async def run(self) -> None:
        """Do what goes on by itself, such as polling, until cancelled."""

    async def send(self, who: Who, message: Outgoing) -> Outcome:
        """Send a message. Raises nothing: whatever the platform answers is an outcome."""

    async def photo(self, ref: str) -> Path | bytes:
        """Fetch a photo. Raises `OSError` where it is gone, `PhotoTooLarge`, and `Away` where nobody answers."""


@runtime_checkable
class Examined(Protocol):
    """A channel that can ask its platform whether the settings are right."""

    async def examine(self) -> str:
        """Return what the platform says; nothing is changed, and the channel does no more. Raises `WrongSettings`."""

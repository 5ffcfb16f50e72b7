"""What a citizen may do in a chat."""

from datetime import datetime

import msgspec

from citizen_gateway_sdk import Datum


class Words(msgspec.Struct, frozen=True, tag=True):
    """Something written."""

    text: str


class Photo(msgspec.Struct, frozen=True, tag=True):
    """A photo; `ref` is how the channel finds its bytes again."""

    ref: str


class Position(msgspec.Struct, frozen=True, tag=True):
    """A point on the map, in degrees of its datum."""

    lat: float
    lon: float
    datum: Datum


class Place(msgspec.Struct, frozen=True, tag=True):
    """A place in words, said to be one."""

    text: str


class Press(msgspec.Struct, frozen=True, tag=True):
    """A button, by its id; it may be an old one."""

    button: str


class Presence(msgspec.Struct, frozen=True, tag=True):
    """Where the citizen is, told by the channel without being asked: nothing to answer, but a place to offer."""

    position: Position


class Unreadable(msgspec.Struct, frozen=True, tag=True):
    """Something that no conversation can read: a sticker, a film, a contact; `kind` is the channel's word for it."""

    kind: str


class Several(msgspec.Struct, frozen=True, tag=True):
    """Parts sent as one: an album, or a photo with words below it. They are answered once."""

    parts: tuple["Content", ...]


Content = Words | Photo | Position | Place | Press | Presence | Unreadable | Several


class Turn(msgspec.Struct, frozen=True):
    """One message of a citizen.

    `id` is the channel's own id of the message, in visible ASCII: whatever the turn causes is keyed by it, so that a
    message delivered twice has its effect once. `at` is when it came, where the channel knows.
    """

    id: str
    content: Content
    at: datetime | None = None

"""What a citizen may do in a chat."""

import msgspec

from citizen_gateway_sdk import Datum


class Words(msgspec.Struct, frozen=True):
    """Something written."""

    text: str


class Photo(msgspec.Struct, frozen=True):
    """A photo; `ref` is how the channel finds its bytes again."""

    ref: str


class Position(msgspec.Struct, frozen=True):
    """A point on the map, in degrees of its datum."""

    lat: float
    lon: float
    datum: Datum


class Place(msgspec.Struct, frozen=True):
    """A place in words, said to be one."""

    text: str


class Press(msgspec.Struct, frozen=True):
    """A button, by its id; it may be an old one."""

    button: str


class Turn(msgspec.Struct, frozen=True):
    """One message of a citizen.

    `id` is the channel's own id of the message, in visible ASCII: whatever the turn causes is keyed by it, so that a
    message delivered twice has its effect once.
    """

    id: str
    content: Words | Photo | Position | Place | Press

"""Telegram's updates, as far as they are read. Whatever else they have is passed over."""

import msgspec

from citizen_bots.conversation import Position
from citizen_gateway_sdk import Datum

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked to bring."""


class User(msgspec.Struct, frozen=True):
    """Somebody."""

    id: int
    language_code: str = ""
    is_bot: bool = False


class Chat(msgspec.Struct, frozen=True):
    """Where something was said; `type` is private, group, supergroup or channel."""

    id: int
    type: str


class PhotoSize(msgspec.Struct, frozen=True):
    """One of the sizes in which Telegram keeps a photo."""

    file_id: str
    width: int = 0
    height: int = 0


class Document(msgspec.Struct, frozen=True):
    """A file."""

    file_id: str
    mime_type: str = ""


class Location(msgspec.Struct, frozen=True):
    """A point, in degrees of WGS84."""

    latitude: float
    longitude: float

    @property
    def position(self) -> Position:
        """The point as conversations have it."""
        return Position(self.latitude, self.longitude, Datum.WGS84)


class Venue(msgspec.Struct, frozen=True):
    """A place that has a name."""

    location: Location
    title: str = ""
    address: str = ""


class Other(msgspec.Struct, frozen=True):
    """Something that is there, and of which nothing is read."""


class Message(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """Something said."""

    chat: Chat
    sender: User | None = None
    text: str | None = None
    caption: str | None = None
    photo: tuple[PhotoSize, ...] = ()
    document: Document | None = None
    location: Location | None = None
    venue: Venue | None = None
    media_group_id: str = ""
    voice: Other | None = None
    audio: Other | None = None
    video: Other | None = None
    video_note: Other | None = None
    animation: Other | None = None
    sticker: Other | None = None
    contact: Other | None = None
    poll: Other | None = None
    dice: Other | None = None
    story: Other | None = None


class CallbackQuery(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """A button that was pressed; the message it hung on may be too old to be told."""

    id: str
    sender: User
    data: str = ""


class Member(msgspec.Struct, frozen=True):
    """What the bot is in a chat: `kicked` where somebody blocked it."""

    status: str


class MemberChange(msgspec.Struct, frozen=True):
    """That the bot became something else in a chat."""

    chat: Chat
    new_chat_member: Member


class Update(msgspec.Struct, frozen=True):
    """One thing that happened."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None


_update = msgspec.json.Decoder(Update)


def read(raw: bytes | msgspec.Raw) -> Update | None:
    """Return an update, or None for bytes that are none."""
    try:
        return _update.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None

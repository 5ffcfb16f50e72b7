"""What a message of Telegram's says, in the conversations' terms."""

import base64
import binascii
import math

from citizen_bots.conversation import Content, Photo, Place, Presence, Press, Several, Unreadable, Words
from citizen_bots.conversation.words import Command, ticket_number_of
from citizen_bots.telegram.updates import Location, Message, User

_UNREADABLE = ("voice", "audio", "video", "video_note", "animation", "sticker", "contact", "poll", "dice", "story")
_START = "start"


def content_of(message: Message) -> Content | None:
    """Return what a message says; None for what only tells that something changed in the chat."""
    parts = [part for part in (_shown(message), _said(message)) if part is not None]
    return Several(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def presence_of(message: Message) -> Presence | None:
    """Return where somebody is who shares it live; None for any other message that was changed."""
    at = message.location
    return Presence(at.position) if at and _is_on_earth(at) else None


def locale_of(user: User | None) -> str:
    """Return the language of ours that is nearest to a person's, or nothing where Telegram tells none."""
    code = (user.language_code if user else "").lower().replace("_", "-")
    if not code:
        return ""
    if code.partition("-")[0] != "zh":
        return "en"
    return "zh_Hant" if code.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")) else "zh_CN"


def _shown(message: Message) -> Content | None:
    """Return what a message has besides words."""
    if message.photo:
        return Photo(max(message.photo, key=lambda size: size.width * size.height).file_id)
    if message.document:
        is_image = message.document.mime_type.startswith("image/")
        return Photo(message.document.file_id) if is_image else Unreadable("document")
    if message.venue:
        return _venue(message)
    if message.location:
        return message.location.position if _is_on_earth(message.location) else Unreadable("location")
    kind = next((name for name in _UNREADABLE if getattr(message, name) is not None), None)
    return Unreadable(kind) if kind else None


def _venue(message: Message) -> Content | None:
    venue = message.venue
    if venue is None or not _is_on_earth(venue.location):
        return Unreadable("venue")
    name = " ".join(filter(None, (venue.address, venue.title)))
    return Several((venue.location.position, Place(name))) if name else venue.location.position


def _said(message: Message) -> Content | None:
    if message.caption:
        return Words(message.caption)
    if message.text is None:
        return None
    return _command(message.text) if message.text.startswith("/") else Words(message.text)


def _command(text: str) -> Content:
    """Return what a command asks for; one that is none of ours is answered with what can be done."""
    first, _, rest = text[1:].strip().partition(" ")
    name = first.partition("@")[0].lower()
    if name == _START:
        return _of_link(rest.strip()) or Press(Command.HELP)
    if name == Command.REPORT and rest.strip():
        return Words(rest.strip())
    return Press(name) if name in set(Command) else Press(Command.HELP)


def _of_link(payload: str) -> Content | None:
    """Return what a link `t.me/…?start=…` says: a ticket's number, or `place=…` as Base64 without padding."""
    if number := ticket_number_of(payload):
        return Words(number)
    try:
        told = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    kind, _, rest = told.partition("=")
    return Place(rest) if kind == "place" and rest else None


def _is_on_earth(at: Location) -> bool:
    return (
        all(math.isfinite(x) for x in (at.latitude, at.longitude)) and abs(at.latitude) <= 90 >= abs(at.longitude) / 2
    )

"""What a message of Telegram's says, in the conversations' terms."""

import base64
import binascii
import math

from aiogram.types import Location, Message, User
from aiogram.utils.web_app import WebAppUser

from citizen_bots.conversation import Content, Photo, Place, Position, Presence, Press, Several, Unreadable, Words
from citizen_bots.conversation.words import Command, ticket_number_of
from citizen_gateway_sdk import Datum

_UNREADABLE = {"voice", "audio", "video", "video_note", "animation", "sticker", "contact", "poll", "dice", "story"}
_START = "start"


def content_of(message: Message) -> Content | None:
    """Return what a message says; None for what only tells that something changed in the chat."""
    parts = [part for part in (_shown(message), _said(message)) if part is not None]
    return Several(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def presence_of(message: Message) -> Presence | None:
    """Return where somebody is who shares it live; None for any other message that was changed."""
    at = _position(message.location)
    return Presence(at) if at else None


def locale_of(user: User | WebAppUser | None) -> str:
    """Return the language of ours that is nearest to a person's, or nothing where Telegram tells none."""
    code = ((user and user.language_code) or "").lower().replace("_", "-")
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
        is_image = (message.document.mime_type or "").startswith("image/")
        return Photo(message.document.file_id) if is_image else Unreadable("document")
    if message.venue:
        at, name = _position(message.venue.location), f"{message.venue.address} {message.venue.title}".strip()
        return (Several((at, Place(name))) if name else at) if at else Unreadable("venue")
    if message.location:
        return _position(message.location) or Unreadable("location")
    return Unreadable(message.content_type) if message.content_type in _UNREADABLE else None


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


def _position(at: Location | None) -> Position | None:
    """Return a point as conversations have it; None for one that is not on earth."""
    if at is None or not all(math.isfinite(x) for x in (at.latitude, at.longitude)):
        return None
    on_earth = abs(at.latitude) <= 90 and abs(at.longitude) <= 180
    return Position(at.latitude, at.longitude, Datum.WGS84) if on_earth else None

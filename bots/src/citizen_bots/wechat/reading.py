"""What a message or an event of WeChat means to us."""

import math
from enum import StrEnum
from hashlib import sha256

import msgspec

from citizen_bots.conversation import (
    Content,
    Photo,
    Place,
    Position,
    Presence,
    Press,
    Several,
    Unreadable,
    Words,
)
from citizen_bots.conversation.words import ticket_number_of
from citizen_bots.wechat.crypto import Unacceptable
from citizen_bots.wechat.messages import Fields
from citizen_gateway_sdk import Datum

_SUBJECT_SIGNS = 128


class Opening(StrEnum):
    """What lets us send customer messages for a while, and how many."""

    MESSAGE = "message"
    ACTION = "action"  # a menu's button, following, scanning
    NONE = "none"


class Heard(msgspec.Struct, frozen=True):
    """A message, understood: from whom, under which id, and what it says. Without content it is heard in silence."""

    subject: str
    account: str
    created: str
    id: str
    content: Content | None
    opening: Opening
    event: str = ""


def hear(fields: Fields) -> Heard:
    """Understand a message. Raises `Unacceptable` where it is from nobody."""
    subject, account = fields.text("FromUserName"), fields.text("ToUserName")
    if not subject or len(subject) > _SUBJECT_SIGNS or not subject.isascii() or not subject.isprintable():
        raise Unacceptable("sender")
    kind, event = fields.text("MsgType").lower(), fields.text("Event").lower()
    created = fields.text("CreateTime")
    content = _of_event(fields, event) if kind == "event" else _of_message(fields, kind)
    return Heard(
        subject=subject,
        account=account,
        created=created if created.isascii() and created.isdigit() and len(created) <= 12 else "0",
        id=_identity(fields, kind),
        content=content,
        opening=_opening(kind, event),
        event=event if kind == "event" else "",
    )


def subscriptions(fields: Fields) -> list[tuple[str, bool]]:
    """Return which templates a citizen allowed a message of, and which they allow no more."""
    wrapped = [*fields.each("SubscribeMsgPopupEvent"), *fields.each("SubscribeMsgChangeEvent"), fields]
    items = [item for one in wrapped for item in one.each("List")]
    return [(item.text("TemplateId"), item.text("SubscribeStatusString") == "accept") for item in items]


def _identity(fields: Fields, kind: str) -> str:
    """Return the message's own id; where it has none, or none that is a number, what WeChat says to go by instead."""
    given = fields.text("MsgId") or fields.text("MsgID")
    if kind != "event" and given.isascii() and given.isdigit() and len(given) <= 20:
        return f"wx-{given}"
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "Content", "MediaId")
    told = "\0".join(fields.text(name) for name in names)
    return f"wx-{sha256(told.encode()).hexdigest()[:32]}"


def _opening(kind: str, event: str) -> Opening:
    if kind != "event":
        return Opening.MESSAGE
    return Opening.ACTION if event in {"subscribe", "scan", "click"} else Opening.NONE


def _of_message(fields: Fields, kind: str) -> Content:
    match kind:
        case "text":
            return Words(fields.text("Content"))
        case "image" if fields.text("MediaId"):
            return Photo(fields.text("MediaId"))
        case "voice" if fields.text("Recognition"):
            return Words(fields.text("Recognition"))
        case "location":
            return _place(fields) or Unreadable(kind)
        case "link":
            told = (fields.text("Title"), fields.text("Description"), fields.text("Url"))
            return Words("\n".join(dict.fromkeys(filter(None, told))))
    return Unreadable(kind)


def _of_event(fields: Fields, event: str) -> Content | None:
    key = fields.text("EventKey")
    match event:
        case "subscribe":
            return _of_scene(key.removeprefix("qrscene_")) or Press("help")
        case "scan":
            return _of_scene(key) or Press("help")
        case "click":
            return Press(key)
        case "location":
            point = _point(fields.text("Latitude"), fields.text("Longitude"), Datum.WGS84)
            return Presence(point) if point else None
    return None


def _of_scene(scene: str) -> Content | None:
    """Return what the scene of a QR code of ours says: a ticket's number, or a place in words."""
    if number := ticket_number_of(scene):
        return Words(number)
    kind, _, rest = scene.partition("=")
    return Place(rest) if kind == "place" and rest else None


def _place(fields: Fields) -> Content | None:
    point = _point(fields.text("Location_X"), fields.text("Location_Y"), Datum.GCJ02)
    label = fields.text("Label")
    return Several((point, Place(label))) if point and label else point


def _point(lat: str, lon: str, datum: Datum) -> Position | None:
    try:
        degrees = float(lat), float(lon)
    except ValueError:
        return None
    if not all(math.isfinite(number) and -180 <= number <= 180 for number in degrees):
        return None
    return Position(*degrees, datum)

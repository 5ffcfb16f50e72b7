"""What a message or an event of WeChat means to us."""

import math
from contextlib import suppress
from enum import StrEnum
from hashlib import sha256

import msgspec
from wechatpy import events, messages
from wechatpy.events import BaseEvent

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
from citizen_bots.wechat.messages import Fields, Message, text_of
from citizen_gateway_sdk import Datum

_SUBJECT_SIGNS = 128
_ACTIONS = (
    events.SubscribeEvent,
    events.SubscribeScanEvent,
    events.SubscribeScanProductEvent,
    events.ScanEvent,
    events.ClickEvent,
)


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


def hear(message: Message) -> Heard:
    """Understand a message. Raises `Unacceptable` where it is from nobody."""
    typed, fields = message.typed, message.fields
    subject, created = text_of(typed.source), fields.text("CreateTime")
    if not subject or len(subject) > _SUBJECT_SIGNS or not subject.isascii() or not subject.isprintable():
        raise Unacceptable("sender")
    return Heard(
        subject=subject,
        account=text_of(typed.target),
        created=created if created.isascii() and created.isdigit() and len(created) <= 12 else "0",
        id=_identity(message),
        content=_of_event(message) if isinstance(typed, BaseEvent) else _of_message(message),
        opening=_opening(typed),
        event=fields.text("Event").lower() if isinstance(typed, BaseEvent) else "",
    )


def subscriptions(fields: Fields) -> list[tuple[str, bool]]:
    """Return which templates a citizen allowed a message of, and which they allow no more."""
    wrapped = [*fields.each("SubscribeMsgPopupEvent"), *fields.each("SubscribeMsgChangeEvent"), fields]
    items = [item for one in wrapped for item in one.each("List")]
    return [(item.text("TemplateId"), item.text("SubscribeStatusString") == "accept") for item in items]


def _identity(message: Message) -> str:
    """Return the message's own id; where it has none, or none that is a number, what WeChat says to go by instead."""
    with suppress(ValueError, TypeError):  # wechatpy converts as late as here
        if not isinstance(message.typed, BaseEvent) and 0 < (number := message.typed.id) < 10**20:
            return f"wx-{number}"
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "Content", "MediaId")
    told = "\0".join(message.fields.text(name) for name in names)
    return f"wx-{sha256(told.encode()).hexdigest()[:32]}"


def _opening(typed: messages.BaseMessage) -> Opening:
    if isinstance(typed, _ACTIONS):
        return Opening.ACTION
    return Opening.NONE if isinstance(typed, BaseEvent) else Opening.MESSAGE


def _of_message(message: Message) -> Content:
    typed = message.typed
    match typed:
        case messages.TextMessage():
            return Words(text_of(typed.content))
        case messages.ImageMessage() if media := text_of(typed.media_id):
            return Photo(media)
        case messages.VoiceMessage() if heard := text_of(typed.recognition):
            return Words(heard)
        case messages.LocationMessage() if place := _place(*map(text_of, (*typed.location, typed.label))):
            return place
        case messages.LinkMessage():
            told = map(text_of, (typed.title, typed.description, typed.url))
            return Words("\n".join(dict.fromkeys(filter(None, told))))
    return Unreadable(message.fields.text("MsgType").lower())


def _of_event(message: Message) -> Content | None:
    event, fields = message.typed, message.fields
    match event:
        case events.SubscribeScanEvent() | events.ScanEvent():
            return _of_scene(text_of(event.scene_id)) or Press("help")
        case events.SubscribeEvent() | events.SubscribeScanProductEvent():
            return Press("help")
        case events.ClickEvent():
            return Press(text_of(event.key))
        case events.LocationEvent():  # its fields as texts: wechatpy takes a number that is missing for 0
            point = _point(fields.text("Latitude"), fields.text("Longitude"), Datum.WGS84)
            return Presence(point) if point else None
    return None


def _of_scene(scene: str) -> Content | None:
    """Return what the scene of a QR code of ours says: a ticket's number, or a place in words."""
    if number := ticket_number_of(scene):
        return Words(number)
    kind, _, rest = scene.partition("=")
    return Place(rest) if kind == "place" and rest else None


def _place(lat: str, lon: str, label: str) -> Content | None:
    point = _point(lat, lon, Datum.GCJ02)
    return Several((point, Place(label))) if point and label else point


def _point(lat: str, lon: str, datum: Datum) -> Position | None:
    try:
        degrees = float(lat), float(lon)
    except ValueError:
        return None
    if not all(math.isfinite(number) and -180 <= number <= 180 for number in degrees):
        return None
    return Position(*degrees, datum)

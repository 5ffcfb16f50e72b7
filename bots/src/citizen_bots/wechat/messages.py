"""What WeChat posts, XML or JSON, as wechatpy's messages and as plain fields; no byte of it is trusted.

wechatpy's parser is shown only what cannot harm it, and whatever it raises all the same is `Unacceptable`.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from xml.parsers import expat

import msgspec
import xmltodict
from wechatpy.events import BaseEvent
from wechatpy.messages import BaseMessage, UnknownMessage
from wechatpy.parser import parse_message

from citizen_bots.wechat.crypto import Unacceptable

_DEEPEST = 8
_MOST_ELEMENTS = 1_000
_NO_MESSAGE = (
    *(expat.ExpatError, msgspec.DecodeError, RecursionError),
    *(ValueError, KeyError, TypeError, AttributeError),
)
"""What wechatpy and what it stands on raise for what is no message."""

T = TypeVar("T")


class Fields(dict[str, object]):
    """Named values; a value is a text, more fields, a list of either, or None."""

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        return text_of(self.get(name))

    def each(self, name: str) -> list["Fields"]:
        """Return fields of that name, however many there are."""
        value = self.get(name)
        return [Fields(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


class Message(msgspec.Struct, frozen=True):
    """A message or event as wechatpy types it, and all its fields, since it has no names for some."""

    typed: BaseMessage
    fields: Fields


def text_of(value: object) -> str:
    """Return a field of wechatpy's, which may be none or nested, as a text."""
    return value if isinstance(value, str) else ""


def fields_of(body: bytes) -> Fields:
    """Return the fields of a body that may be an envelope. Raises `Unacceptable`."""
    return _read(body, lambda xml: Fields(xmltodict.parse(xml)["xml"]))


def message_of(body: bytes) -> Message:
    """Return the message that a body is. Raises `Unacceptable`."""

    def typed(xml: str) -> Message:
        found = parse_message(xml)
        fields = Fields(found._data)  # noqa: SLF001 - wechatpy shows them nowhere else
        if isinstance(found, UnknownMessage) and fields.text("MsgType").lower() == "event":
            found = BaseEvent(fields)
        return Message(found, fields)

    return _read(body, typed)


def _read(body: bytes, read: Callable[[str], T]) -> T:
    try:
        text = body.decode("utf-8-sig")
        if text.lstrip()[:1] == "{":
            text = xmltodict.unparse({"xml": msgspec.json.decode(text, type=dict[str, Any])})
        _look_through(text)
        return read(text)
    except _NO_MESSAGE as error:
        raise Unacceptable("form") from error


def _look_through(xml: str) -> None:
    """Refuse a document type, and with it entities; and what is deep, or has more elements than any message."""
    depth = count = 0

    def refuse(*_told: object) -> None:
        raise Unacceptable("doctype")

    def start(*_told: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise Unacceptable("size")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler, parser.StartElementHandler, parser.EndElementHandler = refuse, start, end
    parser.Parse(xml.encode(), True)

"""Answers in the two formats of GeoReport v2, by its Spark convention: JSON without the root, XML with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias
from xml.etree import ElementTree as ET

import msgspec

Value: TypeAlias = "str | bool | int | float | datetime | Sequence[Value] | Mapping[str, Value] | None"
"""What an answer may hold; a sequence is the list of a plural name, a mapping an element with members."""


class Format(StrEnum):
    """How an answer is written, by the ending of the address."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type as the standard has it, without its charset."""
        return "text/xml" if self is Format.XML else "application/json"


_SINGULAR = {"service_requests": "request", "service_request_updates": "request_update"}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def write(form: Format, root: str, value: Value) -> bytes:
    """Return an answer as bytes: `root` names the XML element, and the list's items by its singular."""
    if form is Format.JSON:
        return msgspec.json.encode(_plain(value))
    document: bytes = ET.tostring(_element(root, value), encoding="utf-8", xml_declaration=False)
    return _DECLARATION + document


def moment(at: datetime) -> str:
    """Return a moment as W3C date and time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Value) -> object:
    match value:
        case datetime():
            return moment(value)
        case Mapping():
            return {key: _plain(member) for key, member in value.items()}
        case str() | bool() | int() | float() | None:
            return value
        case _:
            return [_plain(item) for item in value]


def _element(name: str, value: Value) -> ET.Element:
    element = ET.Element(name)
    match value:
        case None:
            pass
        case str():
            element.text = _NOT_XML.sub("", value)
        case bool():
            element.text = "true" if value else "false"
        case int() | float():
            element.text = str(value)
        case datetime():
            element.text = moment(value)
        case Mapping():
            element.extend(_element(key, member) for key, member in value.items())
        case _:
            element.extend(_element(_singular(name), item) for item in value)
    return element


def _singular(name: str) -> str:
    return _SINGULAR.get(name, name.removesuffix("s"))

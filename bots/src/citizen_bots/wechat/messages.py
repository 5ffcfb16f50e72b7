"""What WeChat posts, as fields: XML or JSON, and no byte of it trusted."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias
from xml.parsers import expat

import msgspec

from citizen_bots.wechat.crypto import Unacceptable

_DEEPEST = 8

Value: TypeAlias = "str | Fields | list[Value]"


class Fields(Mapping[str, "Value"]):
    """Named values; a value is a text, more fields, or a list of either."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str) -> str:
        """Return a text, without spaces around it; empty where there is none."""
        value = self._values.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def each(self, name: str) -> list["Fields"]:
        """Return fields of that name, however many there are."""
        value = self._values.get(name, [])
        values = value if isinstance(value, list) else [value]
        return [item for item in values if isinstance(item, Fields)]


def parse(body: bytes) -> Fields:
    """Return the fields of a body. Raises `Unacceptable`."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unacceptable("encoding") from error
    return _json(text) if text.lstrip()[:1] == "{" else _xml(text)


class _Builder:
    """Builds fields from the parser's events: no document type, no entities of its own, nothing deep."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Value], list[str]]] = [("", {}, [])]
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._parser = parser

    def build(self, text: str) -> Value:
        """Return the value of the document's element `xml`. Raises `expat.ExpatError` and `Unacceptable`."""
        self._parser.Parse(text.encode(), True)
        return self._open[0][1].get("xml", "")

    def _refuse(self, *_told: object) -> None:
        raise Unacceptable("doctype")

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise Unacceptable("depth")
        self._open.append((name, {}, []))

    def _end(self, _name: str) -> None:
        name, children, text = self._open.pop()
        value: Value = Fields(children) if children else "".join(text)
        siblings = self._open[-1][1]
        before = siblings.get(name)
        if before is None:
            siblings[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            siblings[name] = [before, value]

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)


def _xml(text: str) -> Fields:
    try:
        found = _Builder().build(text)
    except expat.ExpatError as error:
        raise Unacceptable("xml") from error
    if not isinstance(found, Fields):
        raise Unacceptable("xml")
    return found


def _json(text: str) -> Fields:
    try:
        found = _of_json(msgspec.json.decode(text), _DEEPEST)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Unacceptable("json") from error
    if not isinstance(found, Fields):
        raise Unacceptable("json")
    return found


def _of_json(value: object, deepest: int) -> Value:
    if not deepest:
        raise Unacceptable("depth")
    if isinstance(value, dict):
        return Fields({str(name): _of_json(item, deepest - 1) for name, item in value.items()})
    if isinstance(value, list):
        return [_of_json(item, deepest - 1) for item in value]
    return "" if value is None else str(value)

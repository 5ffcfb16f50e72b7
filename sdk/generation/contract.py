"""Reads the contract: which names and Python types its schemas have, and which of them are sent."""

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from generation.source import GenerationError

Schema: TypeAlias = Mapping[str, object]

_SCALARS = {
    ("string", "uuid"): "UUID",
    ("string", "date-time"): "datetime",
    ("string", "date"): "date",
    ("string", "binary"): "bytes",
    ("string", None): "str",
    ("integer", None): "int",
    ("number", None): "float",
    ("boolean", None): "bool",
    ("null", None): "None",
}

_METHODS = ("get", "put", "post", "delete", "patch", "head")


class Contract:
    """An OpenAPI 3.1 document, seen as Python names and types."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.schemas: dict[str, Schema] = {
            name: _mapping(schema)
            for name, schema in _mapping(_mapping(document.get("components")).get("schemas")).items()
        }
        self.classes = _classes(self.schemas)
        self.inline: dict[str, Schema] = {}
        self.sent = self._sent()
        self.tagged = self._tagged()

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        """Yield the path, the method and the description of each operation, in the order of their paths."""
        for path, item in sorted(_mapping(self.document["paths"]).items()):
            for method in _METHODS:
                if method in _mapping(item):
                    yield path, method, _mapping(_mapping(item)[method])

    def python_type(self, schema: Schema, owner: str) -> str:
        """Return the annotation for a schema; `owner` names what is defined in place."""
        if "$ref" in schema:
            return self._reference(str(schema["$ref"]))
        for key in ("oneOf", "anyOf", "allOf"):
            if key in schema:
                return _union(self.python_type(_mapping(part), owner) for part in _sequence(schema[key]))
        if "const" in schema:
            return "str" if isinstance(schema["const"], str) else "object"  # a later gateway may say something else
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return _union(self.python_type({**schema, "type": kind}, owner) for kind in kinds)
        if "enum" in schema and kinds == "string":
            return self._defined_in_place(schema, owner)
        return self._plain(schema, kinds, owner)

    def _plain(self, schema: Schema, kind: object, owner: str) -> str:
        if kind == "array":
            return f"list[{self.python_type(_mapping(schema.get('items')), f'{owner}Item')}]"
        if kind == "object" or "properties" in schema:
            if schema.get("properties"):
                return self._defined_in_place(schema, owner)
            values = schema.get("additionalProperties")
            inner = self.python_type(values, f"{owner}Value") if isinstance(values, dict) else "object"
            return f"dict[str, {inner}]"
        if kind is None:
            return "object"
        scalar = _SCALARS.get((str(kind), _text(schema.get("format")))) or _SCALARS.get((str(kind), None))
        if scalar is None:
            raise GenerationError(f"{owner}: no Python type for {dict(schema)}")
        return scalar

    def _defined_in_place(self, schema: Schema, owner: str) -> str:
        if self.inline.setdefault(owner, schema) != schema or owner in self.classes.values():
            raise GenerationError(f"two schemas would both be called {owner}")
        return owner

    def _reference(self, reference: str) -> str:
        name = reference.rpartition("/")[2]
        item = page_item(self.schemas[name])
        return self.classes[name] if item is None else f"Page[{self.python_type(item, self.classes[name])}]"

    def _sent(self) -> frozenset[str]:
        """Return the schemas that a request body contains."""
        found: set[str] = set()
        waiting = [
            reference
            for _, _, operation in self.operations()
            for media, content in _mapping(_mapping(operation.get("requestBody")).get("content")).items()
            if "json" in media
            for reference in references(content)
        ]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(references(self.schemas[name]))
        return frozenset(found)

    def _tagged(self) -> dict[str, str]:
        """Return the tag field of each schema that is one of several in a union."""
        tags: dict[str, str] = {}
        for union in _unions(self.document):
            members = [name for part in union for name in references(part) if "$ref" in _mapping(part)]
            if len(members) < 2 or any("properties" not in self.schemas[name] for name in members):
                continue
            common = [
                field
                for field in _mapping(self.schemas[members[0]]["properties"])
                if all("const" in _mapping(_mapping(self.schemas[name]["properties"]).get(field)) for name in members)
            ]
            if len(common) != 1:
                raise GenerationError(f"nothing tells {', '.join(members)} apart: they need one property with a const")
            tags |= dict.fromkeys(members, common[0])
        return tags


def page_item(schema: Schema) -> Schema | None:
    """Return the schema of a page's items, or None where the schema is no page by cursor."""
    properties = _mapping(schema.get("properties"))
    if set(properties) != {"items", "next_cursor"}:
        return None
    return _mapping(_mapping(properties["items"]).get("items"))


def references(node: object) -> Iterator[str]:
    """Yield the names of the schemas referred to anywhere in a part of the contract."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def successes(operation: Schema) -> list[Schema]:
    """Return the successes of an operation, the lowest status first."""
    answers = sorted(_mapping(operation.get("responses")).items())
    return [_mapping(answer) for status, answer in answers if status.startswith("2")]


def words(text: str) -> list[str]:
    """Return the names in an annotation."""
    return re.findall(r"[A-Za-z_]\w*", text)


def camel(text: str) -> str:
    """Return words, however they are joined, as a name of a class."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", text))


def snake(text: str) -> str:
    """Return words, however they are joined, as a name of a variable."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"[^0-9A-Za-z]+", "_", text)).strip("_").lower()
    return f"{parts}_" if keyword.iskeyword(parts) else parts


def _classes(schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Return the class of each schema: the last part of a dotted name, in camel case."""
    classes: dict[str, str] = {}
    for name, schema in schemas.items():
        if page_item(schema) is not None:
            classes[name] = camel(name)
            continue
        short = camel(name.rpartition(".")[2])
        if short in classes.values():
            raise GenerationError(f"two schemas would both be called {short}")
        classes[name] = short
    return classes


def _unions(node: object) -> Iterator[list[object]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"oneOf", "anyOf"} and isinstance(value, list):
                yield value
            yield from _unions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _unions(value)


def _union(parts: Iterator[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return " | ".join(sorted(unique, key=lambda part: part == "None"))


def _mapping(node: object) -> Schema:
    return node if isinstance(node, dict) else {}


def _sequence(node: object) -> list[object]:
    return node if isinstance(node, list) else []


def _text(node: object) -> str | None:
    return node if isinstance(node, str) else None

"""Writes `models.py`: one class for each schema that an answer, a request body or a parameter may contain."""

from dataclasses import dataclass

from generation.contract import Contract, Schema, page_item, references, snake, successes, words
from generation.source import HEADER, GenerationError, docstring

_TOP = '''\
"""The objects of the API, as the contract describes them."""
# ruff: noqa: E501 - descriptions are lines of the contract

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from citizen_gateway_sdk._model import Model, OpenEnum, Page

'''

_LIST = "msgspec.field(default_factory=list)"


@dataclass(frozen=True)
class _Field:
    """One field of a class: its name on the wire, its annotation, its default (none where required), its text."""

    name: str
    kind: str
    default: str
    text: str

    def lines(self, taken: frozenset[str]) -> list[str]:
        """Write the field, under another name where its own is a word of Python or of an annotation in its class."""
        name = snake(self.name)
        name = f"{name}_" if name in taken else name
        default = self.default
        if name != self.name:
            arguments = [f'name="{self.name}"']
            if default:
                arguments.append("default_factory=list" if default == _LIST else f"default={default}")
            default = f"msgspec.field({', '.join(arguments)})"
        line = f"{name}: {self.kind}{f' = {default}' if default else ''}"
        return [line, docstring(self.text)] if self.text else [line]


def models_source(contract: Contract) -> str:
    """Return the module."""
    needed = _needed(contract)
    bodies = {
        contract.classes[name]: body_of(contract, contract.classes[name], schema, name)
        for name, schema in contract.schemas.items()
        if name in needed and page_item(schema) is None
    }
    while missing := {name: schema for name, schema in contract.inline.items() if name not in bodies}:
        bodies |= {name: body_of(contract, name, schema, name) for name, schema in missing.items()}
    names = "".join(f'    "{name}",\n' for name in sorted([*bodies, "Page"]))
    ordered = sorted(bodies.items(), key=lambda item: (not item[1].startswith("class"), item[0]))
    classes = "\n\n".join(body for _, body in ordered)
    return f"{HEADER.format(origin='openapi/openapi.json')}{_TOP}__all__ = [\n{names}]\n\n{classes}\n"


def _needed(contract: Contract) -> set[str]:
    """Return the schemas of JSON bodies, parameters and successes; forms and problems are written by hand."""
    found: set[str] = set()
    waiting = [
        name
        for _, _, operation in contract.operations()
        for part in (operation.get("parameters"), operation.get("requestBody"), successes(operation))
        for name in references(part)
        if "multipart/form-data" not in str(part)
    ]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(references(contract.schemas[name]))
    return found


def body_of(contract: Contract, name: str, schema: Schema, key: str) -> str:
    """Return the definition of a class, an enum, or another name for a type."""
    if "enum" in schema:
        return _enum(name, schema)
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return f"{name} = {contract.python_type(schema, name)}"
    tag = contract.tagged.get(key)
    bases = "Model, frozen=True, kw_only=True"
    if tag is not None:
        bases += f', tag_field="{tag}", tag={properties[tag]["const"]!r}'
    fields = _fields(contract, name, {**schema, "properties": {k: v for k, v in properties.items() if k != tag}}, key)
    taken = frozenset(word for field in fields for word in words(field.kind))
    lines = [docstring(str(schema.get("description") or f"`{name}` of the API")), ""]
    lines += [line for field in fields for line in field.lines(taken)]
    return f"class {name}({bases}):\n" + "\n".join(f"    {line}" if line else "" for line in lines)


def _fields(contract: Contract, owner: str, schema: Schema, key: str) -> list[_Field]:
    properties, required = schema["properties"], schema.get("required")
    if not isinstance(properties, dict):
        raise GenerationError(f"{owner}: properties are a mapping")
    fields = []
    for name, described in properties.items():
        kind = contract.python_type(described, owner + "".join(part.capitalize() for part in snake(name).split("_")))
        default = ""
        if not (isinstance(required, list) and name in required):
            kind, default = _optional(kind, described, is_sent=key in contract.sent)
        fields.append(_Field(name, kind, default, str(described.get("description") or "")))
    return fields


def _optional(kind: str, schema: Schema, *, is_sent: bool) -> tuple[str, str]:
    """Return the annotation and default of a field that may be absent.

    What is sent leaves it out unless told otherwise. What is only received takes the default that the contract names,
    an empty list for a list, and otherwise None.
    """
    if is_sent:
        return f"{kind} | UnsetType", "UNSET"
    stated = schema.get("default")
    if isinstance(stated, str | int | float) and kind in {"str", "int", "float", "bool"}:
        return kind, repr(stated)
    if kind.startswith("list[") and " | " not in kind:
        return kind, _LIST
    return (kind if kind.endswith("None") else f"{kind} | None"), "None"


def _enum(name: str, schema: Schema) -> str:
    values = schema["enum"]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise GenerationError(f"{name}: only enums of words have a form here")
    text = docstring(str(schema.get("description") or f"The words of `{name}`"))
    lines = [f"class {name}(OpenEnum):", f"    {text}", ""]
    for value in values:
        member = snake(value).upper().rstrip("_") or "EMPTY"
        lines.append(f"    {f'_{member}' if member[0].isdigit() else member} = {value!r}")
    return "\n".join(lines)

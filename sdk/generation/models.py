"""Writes `models.py`: one class for each schema that an answer or a request body may contain."""

from generation.contract import Contract, Schema, page_item, references, snake
from generation.source import HEADER, GenerationError, docstring

_TOP = """\
# ruff: noqa: E501 - descriptions are lines of the contract

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from citizen_gateway_sdk._model import Model, OpenEnum, Page
"""


def models_source(contract: Contract) -> str:
    """Return the module; enums first, then the objects in the order in which they need each other."""
    needed = _needed(contract)
    bodies = {
        contract.classes[name]: _class(contract, contract.classes[name], schema, name)
        for name, schema in sorted(contract.schemas.items())
        if name in needed and page_item(schema) is None
    }
    while missing := {name: schema for name, schema in contract.inline.items() if name not in bodies}:
        bodies |= {name: _class(contract, name, schema, name) for name, schema in sorted(missing.items())}
    ordered = _in_order(bodies)
    names = "".join(f'    "{name}",\n' for name in sorted([*bodies, "Page"]))
    head = (
        HEADER.format(origin="openapi/openapi.json") + '"""The objects of the API, as the contract describes them."""\n'
    )
    return f"{head}{_TOP}\n__all__ = [\n{names}]\n\n" + "\n\n".join(ordered) + "\n"


def _needed(contract: Contract) -> set[str]:
    """Return the schemas that JSON answers and bodies contain; forms are written by hand."""
    found: set[str] = set()
    waiting = [
        name
        for _, _, operation in contract.operations()
        for part in (operation.get("parameters"), operation.get("requestBody"), operation.get("responses"))
        for name in references(part)
        if "multipart/form-data" not in str(part)
    ]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(references(contract.schemas[name]))
    return found


def _class(contract: Contract, name: str, schema: Schema, key: str) -> str:
    if "enum" in schema:
        return _enum(name, schema)
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return f"{name} = {contract.python_type(schema, name)}"
    lines = [docstring(str(schema.get("description") or f"`{name}` of the API")), ""]
    tag = contract.tagged.get(key)
    required = schema.get("required")
    for field, described in properties.items():
        if field != tag:
            is_required = isinstance(required, list) and field in required
            lines += _field(
                contract, f"{name}.{field}", described, is_required=is_required, is_sent=key in contract.sent
            )
    word = properties[tag]["const"] if tag else None
    base = (
        "Model, frozen=True, kw_only=True"
        if tag is None
        else f'Model, frozen=True, kw_only=True, tag_field="{tag}", tag={word!r}'
    )
    return f"class {name}({base}):\n" + "\n".join(f"    {line}" if line else "" for line in lines)


def _field(contract: Contract, path: str, schema: Schema, *, is_required: bool, is_sent: bool) -> list[str]:
    owner, _, field = path.partition(".")
    name = snake(field) if not field.isidentifier() or snake(field) != field else field
    kind = contract.python_type(schema, owner + "".join(part.capitalize() for part in name.split("_")))
    default = ""
    if not is_required:
        kind, default = _optional(kind, schema, is_sent=is_sent)
    if name != field:
        default = f'msgspec.field(name="{field}"{f", default={default}" if default else ""})'
    lines = [f"{name}: {kind}{f' = {default}' if default else ''}"]
    if schema.get("description"):
        lines.append(docstring(str(schema["description"])))
    return lines


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
    if kind.startswith("list[") and kind.endswith("]") and " | None" not in kind.rpartition("]")[2]:
        return kind, "msgspec.field(default_factory=list)"
    return (kind if kind.endswith("None") else f"{kind} | None"), "None"


def _enum(name: str, schema: Schema) -> str:
    values = schema["enum"]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise GenerationError(f"{name}: only enums of words have a form here")
    lines = [
        f"class {name}(OpenEnum):",
        f"    {docstring(str(schema.get('description') or f'The words of `{name}`'))}",
        "",
    ]
    for value in values:
        member = snake(value).upper().rstrip("_")
        lines.append(f"    {f'_{member}' if member[:1].isdigit() else member or 'EMPTY'} = {value!r}")
    return "\n".join(lines)


def _in_order(bodies: dict[str, str]) -> list[str]:
    """Return the classes so that each follows what its fields name."""
    placed: dict[str, str] = {}
    names = set(bodies)
    needs = {name: _words(body) & names - {name} for name, body in bodies.items()}
    while len(placed) < len(bodies):
        ready = sorted(name for name in bodies if name not in placed and needs[name] <= placed.keys())
        if not ready:
            raise GenerationError(f"these schemas contain each other: {', '.join(sorted(names - placed.keys()))}")
        placed |= {name: bodies[name] for name in ready}
    return list(placed.values())


def _words(body: str) -> set[str]:
    """Return the names in the annotations of a class, its texts left out."""
    code = [line for line in body.splitlines() if not line.lstrip().startswith('"""')]
    return set("".join(sign if sign.isalnum() or sign == "_" else " " for line in code for sign in f"{line} ").split())

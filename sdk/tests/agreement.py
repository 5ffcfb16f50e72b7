"""Holds a schema of the contract against a Python type, and says where they differ."""

from collections.abc import Mapping
from typing import Any

from msgspec import inspect

from .examples import resolved

Json = Any

_SCALARS: dict[tuple[str, str | None], type[inspect.Type]] = {
    ("string", "uuid"): inspect.UUIDType,
    ("string", "date-time"): inspect.DateTimeType,
    ("string", "date"): inspect.DateType,
    ("integer", None): inspect.IntType,
    ("number", None): inspect.FloatType,
    ("boolean", None): inspect.BoolType,
    ("null", None): inspect.NoneType,
}


def disagreements(schema: Mapping[str, Json], kind: inspect.Type, where: str) -> list[str]:
    """Return the places at which a type is not what the schema says."""
    schema = resolved(schema)
    parts = schema.get("oneOf") or schema.get("anyOf")
    if parts is None and isinstance(schema.get("type"), list):
        parts = [{**schema, "type": part} for part in schema["type"]]
    if parts is not None:
        return _union(parts, kind, where)
    if isinstance(kind, inspect.UnionType):
        inner = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
        return disagreements(schema, inner[0], where) if len(inner) == 1 else [f"{where}: a union"]
    if "enum" in schema:
        return _enum(schema, kind, where)
    if "const" in schema:
        return [] if isinstance(kind, inspect.StrType) else [f"{where}: no text"]
    if "properties" in schema:
        return _struct(schema, kind, where)
    return _plain(schema, kind, where)


def _union(parts: list[Json], kind: inspect.Type, where: str) -> list[str]:
    kinds = list(kind.types) if isinstance(kind, inspect.UnionType) else [kind]
    return [
        f"{where}: no type for {part}"
        for part in parts
        if not any(disagreements(part, candidate, where) == [] for candidate in kinds)
    ]


def _enum(schema: Mapping[str, Json], kind: inspect.Type, where: str) -> list[str]:
    if not isinstance(kind, inspect.EnumType):
        return [f"{where}: no enum"]
    words = [member.value for member in kind.cls]
    return [] if words == schema["enum"] else [f"{where}: {words}"]


def _struct(schema: Mapping[str, Json], kind: inspect.Type, where: str) -> list[str]:
    if not isinstance(kind, inspect.StructType):
        return [f"{where}: no struct"]
    fields = {field.encode_name: field for field in kind.fields}
    tag = {kind.tag_field} if kind.tag_field else set()
    if fields.keys() | tag != schema["properties"].keys():
        return [f"{where}: fields {sorted(fields)}"]
    found = []
    for name, field in fields.items():
        if field.required != (name in schema.get("required", [])):
            found.append(f"{where}.{name}: required {field.required}")
        found += disagreements(schema["properties"][name], field.type, f"{where}.{name}")
    return found


def _plain(schema: Mapping[str, Json], kind: inspect.Type, where: str) -> list[str]:
    name = schema.get("type")
    if name is None:
        anything = isinstance(kind, inspect.CustomType) and kind.cls is object
        return [] if anything else [f"{where}: not anything"]
    if name == "array":
        if not isinstance(kind, inspect.ListType):
            return [f"{where}: no list"]
        return disagreements(schema.get("items", {}), kind.item_type, f"{where}[]")
    if name == "object":
        values = schema.get("additionalProperties")
        if not isinstance(kind, inspect.DictType):
            return [f"{where}: no dict"]
        return disagreements(values if isinstance(values, dict) else {}, kind.value_type, f"{where}{{}}")
    expected = _SCALARS.get((name, schema.get("format"))) or _SCALARS.get((name, None), inspect.StrType)
    return [] if isinstance(kind, expected) else [f"{where}: {kind} for {dict(schema)}"]

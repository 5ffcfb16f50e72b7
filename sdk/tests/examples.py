"""Example answers made from the contract alone, so that the models are held against it and not against themselves."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .stage import Answer, Seen

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "openapi" / "openapi.json"
ERRORS = CONTRACT.with_name("errors.json")

_FORMATS = {
    "uuid": "01890a5d-ac96-774b-bcce-b302099a8057",
    "date-time": "2026-11-22T08:00:00Z",
    "date": "2026-11-22",
}

Json = Any


@cache
def contract() -> Json:
    """Return the contract."""
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def operations() -> list[tuple[str, str, Json]]:
    """Return path, method and description of each operation."""
    return [
        (path, method.upper(), operation)
        for path, item in contract()["paths"].items()
        for method, operation in item.items()
        if method in {"get", "put", "post", "delete", "patch"}
    ]


def resolved(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """Follow a reference."""
    while "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def success(operation: Mapping[str, Json]) -> tuple[int, Mapping[str, Json] | None, str]:
    """Return status, schema and media type of the success of an operation."""
    status = min(status for status in operation["responses"] if status.startswith("2"))
    content = operation["responses"][status].get("content", {})
    media = next((media for media in content if "json" in media), next(iter(content), ""))
    return int(status), content.get(media, {}).get("schema"), media


def example(schema: Mapping[str, Json], *, empty: bool = False) -> Json:
    """Make a value of a schema with every field set, or with `empty` the barest one it allows."""
    schema = resolved(schema)
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            parts = sorted(schema[key], key=lambda part: (part.get("type") == "null") != empty)
            return example(parts[0], empty=empty)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][-1]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        return example({**schema, "type": "null" if empty and "null" in kind else kind[0]}, empty=empty)
    return _plain(schema, kind, empty=empty)


def _plain(schema: Mapping[str, Json], kind: str, *, empty: bool) -> Json:
    scalars = {
        "null": None,
        "boolean": True,
        "integer": int(schema.get("minimum", 3)),
        "number": float(schema.get("minimum", 0)) + 0.5,
        "string": _FORMATS.get(schema.get("format", ""), "word"),
    }
    if kind in scalars:
        return scalars[kind]
    if kind == "array":
        return [] if empty else [example(schema.get("items", {}))]
    fields = schema.get("properties", {})
    required = schema.get("required", [])
    made = {name: example(field, empty=empty) for name, field in fields.items() if not empty or name in required}
    further = schema.get("additionalProperties")
    if not fields and isinstance(further, dict) and not empty:
        made["key"] = example(further) if further else "anything"
    return made


def example_of(method: str, path: str) -> Json:
    """Return an example of what an operation answers."""
    _, schema, _ = success(contract()["paths"][path][method.lower()])
    assert schema is not None
    return example(schema)


def operation_of(method: str, path: str) -> tuple[str, Json]:
    """Return the template and the description of the operation that a request is for."""
    for template, candidate, operation in sorted(operations(), key=lambda found: found[0].count("{")):
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if candidate == method and re.fullmatch(pattern, path):
            return template, operation
    raise AssertionError(f"the contract has no {method} {path}")


def by_contract(seen: Seen, *, empty: bool = False) -> Answer:
    """Answer a request as the contract says: the success of its operation."""
    _, operation = operation_of(seen.method, seen.path)
    status, schema, media = success(operation)
    if schema is None:
        return Answer(status)
    if "json" not in media:
        return Answer(status, b"bytes of the contract", {"Content-Type": media})
    made = example(schema, empty=empty)
    if isinstance(made, dict) and seen.query.get("cursor") == made.get("next_cursor", ""):
        made["next_cursor"] = None  # the second page is the last
    return Answer(status, made)

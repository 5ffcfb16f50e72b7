"""Writes `errors.py`: one class for each documented code."""

import builtins
from collections.abc import Mapping, Sequence

from generation.contract import camel
from generation.source import HEADER, docstring

_BASES = ("APIError", "ConnectionFailed", "GatewayError", "Problem", "TimedOut", "UnreadableAnswer")

_TOP = f'''\
"""Every way in which a call may fail: catch `GatewayError` for all, `APIError` for refusals, or one class of a code."""
# ruff: noqa: E501, N818 - titles are lines of the contract; a class is named as its code

from citizen_gateway_sdk._failures import {", ".join(_BASES)}

'''


def errors_source(catalogue: Sequence[Mapping[str, object]]) -> str:
    """Return the module; `catalogue` is the list of documented problems."""
    classes = {class_of(str(entry["code"])): entry for entry in sorted(catalogue, key=lambda entry: str(entry["code"]))}
    names = "".join(f'    "{name}",\n' for name in sorted([*_BASES, *classes, "BY_CODE"]))
    bodies = "\n\n".join(_class(name, entry) for name, entry in classes.items())
    table = "".join(f"    {name}.code: {name},\n" for name in classes)
    return (
        f"{HEADER.format(origin='openapi/errors.json')}{_TOP}__all__ = [\n{names}]\n\n{bodies}\n\n"
        f"BY_CODE: dict[str, type[APIError]] = {{\n{table}}}\n"
        '"""The class of each code; a code that is not here is raised as `APIError`."""\n'
    )


def class_of(code: str) -> str:
    """Return the class of a code, never one that Python or the SDK already has."""
    name = camel(code)
    return f"{name}Problem" if name in _BASES or hasattr(builtins, name) else name


def _class(name: str, entry: Mapping[str, object]) -> str:
    said = str(entry.get("description") or entry["title"])
    code = entry["code"]
    text = docstring(f"{said.rstrip('.')} ({entry['status']})")
    return f'class {name}(APIError):\n    {text}\n\n    code = "{code}"\n'

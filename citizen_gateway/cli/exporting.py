"""The contract with partners, written from the code: OpenAPI, and the catalogue of problems."""

from inspect import getdoc
from pathlib import Path

import msgspec

from citizen_gateway.app import create_app
from citizen_gateway.app.openapi import describe
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.platform.settings import Settings


def contract() -> dict[str, bytes]:
    """Return the contract's files by name."""
    return {
        "openapi.json": _pretty(describe(create_app(Settings()))),
        "errors.json": _pretty([_entry(problem) for _, problem in sorted(Problem.registry.items())]),
    }


def export(folder: Path, *, write: bool) -> list[str]:
    """Return the names of files that are stale, and write them unless told not to."""
    folder.mkdir(parents=True, exist_ok=True)
    stale = [name for name, content in contract().items() if _content(folder / name) != content]
    if write:
        for name in stale:
            (folder / name).write_bytes(contract()[name])
    return stale


def _entry(problem: type[Problem]) -> dict[str, object]:
    return {
        "code": problem.code,
        "status": problem.status,
        "title": problem.title,
        "detail": problem.detail,
        "description": getdoc(problem) or "",
        "members": list(problem.shown),
    }


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None

"""The contract with partners, written from the code: OpenAPI, and the catalogues of events and of problems."""

import sys
from datetime import UTC, datetime
from inspect import getdoc
from io import BytesIO
from pathlib import Path

import click
import msgspec
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from citizen_gateway.app import create_app
from citizen_gateway.app.openapi import describe
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.partners.catalogue import describe_events
from citizen_gateway.platform.i18n import MESSAGES
from citizen_gateway.platform.settings import Settings
from citizen_gateway.tickets import reference
from citizen_gateway.worker import readers

_EVERY_SLICE = readers  # the worker imports them all, so that the catalogues know every event and every problem
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("openapi"), help="Folder.")
@click.option("--locales", type=click.Path(path_type=Path, file_okay=False), default=Path("locales"), help="Folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file is stale.")
def export_openapi(out: Path, locales: Path, *, check: bool) -> None:
    """Write the API's description, the catalogues of events and problems, a ticket's life, and the texts."""
    stale = export(out, locales, write=not check)
    for path in stale:
        click.echo(f"{'stale' if check else 'wrote'} {path}")
    if check and stale:
        sys.exit(1)


def contract() -> dict[str, bytes]:
    """Return the contract's files by name."""
    return {
        "openapi.json": _pretty(describe(create_app(Settings()))),
        "events.json": _pretty(describe_events()),
        "errors.json": _pretty([_entry(problem) for _, problem in sorted(Problem.registry.items())]),
    }


def template() -> bytes:
    """Return the template of all texts that people are shown, for translators."""
    catalogue = Catalog(project="citizen-gateway", charset="utf-8", creation_date=_NO_DATE, revision_date=_NO_DATE)
    texts = {text for problem in Problem.registry.values() for text in (problem.title, problem.detail)}
    for text in sorted(texts | MESSAGES):
        catalogue.add(text, flags=["python-brace-format"] if "{" in text else [])
    buffer = BytesIO()
    write_po(buffer, catalogue, omit_header=True, width=0)
    return buffer.getvalue()


def generated(contract_folder: Path, locales: Path) -> dict[Path, bytes]:
    """Return every file written from the code, by its place."""
    files = {contract_folder / name: content for name, content in contract().items()}
    life = contract_folder.parent / "docs" / "reference" / "ticket-life.md"
    return files | {locales / "messages.pot": template(), life: reference.page().encode()}


def export(contract_folder: Path, locales: Path, *, write: bool) -> list[Path]:
    """Return the files that are stale, and write them unless told not to."""
    wanted = generated(contract_folder, locales)
    stale = [path for path, content in wanted.items() if _content(path) != content]
    for path in stale if write else ():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[path])
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

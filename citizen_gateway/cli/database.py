"""`migrate` and `city`: what the database must hold."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from citizen_gateway.city.coverage import Coverage
from citizen_gateway.city.pack import load_pack
from citizen_gateway.city.problems import PackError
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import coverage_of, read_city
from citizen_gateway.city.store import rule_sets
from citizen_gateway.cli import preparing
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

T = TypeVar("T")

_screen = Console(stderr=True, highlight=False)


@click.command()
@common
@as_json
def migrate(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Bring the database up to this code. Needs DATABASE_URL."""
    applied = _with_database(settings_from(**given), lambda conn: preparing.migrate(conn, _screen.print))
    click.echo(msgspec.json.encode({"applied": applied}).decode() if as_json else f"{len(applied)} migrations applied")


@click.group()
def city() -> None:
    """City packs."""


@city.command()
@click.argument("chosen", metavar="PACK")
@common
@as_json
def load(*, chosen: str, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Load a city pack (a folder, or a name below cities/) in place of the one before. Needs DATABASE_URL."""
    settings = settings_from(**(given | {"pack": chosen}))
    folder: Path = preparing.pack_folder(settings)
    with Progress(console=_screen, transient=True) as bars:
        steps: dict[str, TaskID] = {}

        def progress(step: str, done: float) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=1.0)
            bars.update(steps[step], completed=done)

        summary = _with_database(settings, lambda conn: preparing.load(conn, folder, progress))
    told = f"{summary.name} {summary.version}: {summary.areas} areas" if summary.changed else "already loaded"
    click.echo(msgspec.json.encode(summary).decode() if as_json else told)


@city.command()
@click.argument("chosen", metavar="[PACK]", required=False)
@common
@as_json
def check(*, chosen: str | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Prove that every category has one answer everywhere, or is listed for triage; exit 1 where neither holds.

    Checks a PACK (a folder, or a name below cities/), or without one the city loaded into DATABASE_URL.
    """
    coverage = coverage_of(_city(chosen, given))
    if as_json:
        click.echo(msgspec.json.encode(coverage).decode())
    else:
        click.echo("\n".join(_told(coverage)))
    if not coverage.complete:
        sys.exit(1)


@city.command()
@common
@as_json
def versions(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """List every set of duty rules that was ever loaded, the latest first. Needs DATABASE_URL."""
    sets = _with_database(settings_from(**given), rule_sets)
    if as_json:
        click.echo(msgspec.json.encode(sets).decode())
        return
    for one in sets:
        click.echo(f"{one.loaded_at:%Y-%m-%d %H:%M} {one.version} {one.fingerprint}: {one.rules} rules")


def _city(pack: str | None, given: dict[str, Any]) -> City:
    """Return the city of a pack, without a database, or the loaded one. Raises `StartupError`."""
    settings = settings_from(**(given | ({"pack": pack} if pack else {})))
    if pack is None:
        return _with_database(settings, read_city)
    try:
        return City.from_pack(load_pack(preparing.pack_folder(settings), system_clock().year))
    except PackError as error:
        raise StartupError(str(error)) from error


def _told(coverage: Coverage) -> Iterator[str]:
    """Say what was proven, and what is left to a person."""
    yield f"{coverage.categories} categories at {coverage.places} kinds of places:"
    for gap in coverage.gaps:
        listed = "listed for triage" if gap.known else "NOT listed for triage"
        yield f"{gap.category}: {len(gap.areas)} places, {listed}: {gap.reason}"
    for category in coverage.settled:
        yield f"{category}: listed for triage, though rules settle it everywhere"
    yield f"Without a place, a person dispatches {len(coverage.unplaced)} categories."
    yield "Everything else has exactly one answer." if coverage.complete else "The rules do not cover the city."


def _with_database(settings: Settings, do: Callable[[db.OwnConnection], Awaitable[T]]) -> T:
    async def run() -> T:
        conn = await db.connect(preparing.database_url(settings))
        try:
            return await do(conn)
        finally:
            await conn.close()

    return asyncio.run(run())

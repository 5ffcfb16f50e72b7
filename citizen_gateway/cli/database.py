"""`migrate` and `city`: what the database must hold."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from citizen_gateway.city.service import find_gaps, read_city
from citizen_gateway.cli import preparing
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.platform import db
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
@click.argument("pack")
@common
@as_json
def load(*, pack: str, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Load a city pack (a folder, or a name below cities/) in place of the one before. Needs DATABASE_URL."""
    settings = settings_from(**(given | {"pack": pack}))
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
@common
@as_json
def check(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """List the categories that no duty rule settles somewhere: a person dispatches them there. Needs DATABASE_URL."""
    gaps = find_gaps(_with_database(settings_from(**given), read_city))
    if as_json:
        click.echo(msgspec.json.encode(gaps).decode())
        return
    for gap in gaps:
        click.echo(f"{gap.category}: {len(gap.areas)} areas: {gap.reason}")


def _with_database(settings: Settings, do: Callable[[db.OwnConnection], Awaitable[T]]) -> T:
    async def run() -> T:
        conn = await db.connect(preparing.database_url(settings))
        try:
            return await do(conn)
        finally:
            await conn.close()

    return asyncio.run(run())

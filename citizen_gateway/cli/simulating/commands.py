"""`citizen-gateway simulate`: a city with as many tickets as wanted, with progress shown."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from citizen_gateway.assembly import assemble
from citizen_gateway.cli.engine import ready_database
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import database_url
from citizen_gateway.cli.simulating.filling import Filled, Progress, Wanted, fill
from citizen_gateway.insights import recounting
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db
from citizen_gateway.platform.settings import Settings
from citizen_gateway.worker import readers

_screen = Console(stderr=True, highlight=False)


class Simulated(msgspec.Struct, frozen=True):
    """What was written, and the seconds it took: the rows with their indexes, and the figures counted from them."""

    filled: Filled
    seconds: float
    figures_seconds: float


@click.command()
@click.option("--tickets", type=click.IntRange(1), default=1_000_000, show_default=True, help="How many.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="Over so many days up to now."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same city.")
@click.option("--figures/--no-figures", default=True, show_default=True, help="Count the figures from the events too.")
@common
@as_json
def simulate(*, tickets: int, days: int, seed: int, figures: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Fill an empty city with simulated tickets: at DATABASE_URL, or below --data, which `up` then finds."""
    settings = settings_from(**given)
    with ready_database(settings) as ready:
        done = asyncio.run(_simulate(ready, Wanted(tickets, days, seed), figures=figures))
    told = f"{done.filled.tickets} tickets, {done.filled.events} events in {done.seconds:.0f} s"
    click.echo(msgspec.json.encode(done).decode() if as_json else told)


async def _simulate(settings: Settings, wanted: Wanted, *, figures: bool) -> Simulated:
    conn = await db.connect(database_url(settings))  # not the pool's, whose statements end after a minute
    try:
        async with assemble(settings) as parts:
            begun = time.perf_counter()
            with _shown() as progress:
                async with db.begin_on(conn, system_clock()) as tx:
                    filled = await fill(tx, (parts.city, parts.vault), wanted, progress, readers(parts))
                written = time.perf_counter()
                if figures:
                    progress("figures", 0)
                    async with db.begin_on(conn, system_clock()) as tx:
                        await recounting.recompute(tx, parts.city)
                    await conn.execute("analyze")
                    progress("figures", 1)
            return Simulated(filled, round(written - begun, 1), round(time.perf_counter() - written, 1))
    finally:
        await conn.close()


@contextmanager
def _shown() -> Iterator[Progress]:
    """Show each step's progress (0 to 1): as bars on a terminal, as a line for each twentieth anywhere else."""
    steps: dict[str, TaskID] = {}
    told: dict[str, int] = {}
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    with Bars(*columns, console=_screen, transient=True, disable=not _screen.is_terminal) as bars:

        def show(step: str, done: float) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=1.0)
            bars.update(steps[step], completed=done)
            if not _screen.is_terminal and int(done * 20) != told.get(step):
                told[step] = int(done * 20)
                _screen.print(f"{step}: {done:.0%}")

        yield show

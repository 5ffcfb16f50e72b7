"""`citizen-gateway bench`: figures anybody can take again."""

import asyncio
import tempfile
from collections.abc import Callable
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from citizen_gateway.assembly import assemble
from citizen_gateway.cli.bench.intake import bench_intake
from citizen_gateway.cli.bench.joining import bench_joining
from citizen_gateway.cli.bench.queries import Figures, bench_queries
from citizen_gateway.cli.engine import ready_database
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.platform.settings import Environment, Settings, load_settings

_screen = Console(stderr=True, highlight=False)


@click.group()
def bench() -> None:
    """Measure this gateway on this machine, beside floors taken in the same run."""


@bench.command("intake")
@click.option("--reports", type=click.IntRange(100), default=6000, show_default=True, help="Reports to send.")
@click.option("--connections", type=click.IntRange(1, 512), default=32, show_default=True, help="At the same time.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="HTTP processes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def intake(*, reports: int, connections: int, processes: int, as_json: bool) -> None:
    """Durable reports a second through the whole pipeline, beside a bare handler and bare INSERTs."""
    settings = load_settings(environment=Environment.DEVELOPMENT, processes=processes, log_level="error")
    with _screen.status("Starting") as status:
        figures = bench_intake(settings, reports, connections, status.update)
    _print(msgspec.to_builtins(figures), as_json=as_json)


@bench.command("sdk")
@click.option("--calls", type=click.IntRange(50), default=500, show_default=True, help="Calls of each kind.")
@click.option("--events", type=click.IntRange(100), default=10_000, show_default=True, help="Events to follow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sdk(*, calls: int, events: int, as_json: bool) -> None:
    """Measure the overhead of the SDK against bare httpx2, and events a second of one follower."""
    # Imported when it is measured: the SDK is generated from the contract that another command of ours writes.
    from citizen_gateway.cli.bench.sdk import bench_sdk, own_settings  # noqa: PLC0415

    settings = load_settings(environment=Environment.DEVELOPMENT, log_level="error")
    with _screen.status("Starting") as status, tempfile.TemporaryDirectory(prefix="cgb") as home:
        figures = bench_sdk(own_settings(settings, home), calls, events, status.update)
    _print(msgspec.to_builtins(figures), as_json=as_json)


@bench.command("joining")
@click.option("--reports", type=click.IntRange(50), default=800, show_default=True, help="Reports to send.")
@click.option("--places", type=click.IntRange(1), default=100, show_default=True, help="Where things happen.")
@click.option("--connections", type=click.IntRange(1, 512), default=32, show_default=True, help="At the same time.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="HTTP processes.")
@as_json
def joining(*, reports: int, places: int, connections: int, processes: int, as_json: bool) -> None:
    """Send a storm of reports on a few places: how many a second, and how rightly they join one ticket per event."""
    settings = load_settings(environment=Environment.DEVELOPMENT, processes=processes, log_level="error")
    with _screen.status("Starting") as status:
        figures = bench_joining(settings, reports, places, connections, status.update)
    _print(msgspec.to_builtins(figures), as_json=as_json)


@bench.command("grid")
@click.option("--points", type=click.IntRange(1000), default=100_000, show_default=True, help="Points to look up.")
@click.option("--pack", help="City pack: a folder, or a name below cities/.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def grid(*, points: int, pack: str | None, as_json: bool) -> None:
    """Microseconds from a point to its micro-grid, beside shapely's tree on the same polygons."""
    from citizen_gateway.city.bench import bench_grid  # noqa: PLC0415 - shapely's tree is needed here alone

    with _screen.status("Looking up points"):
        figures = bench_grid(pack_folder(load_settings(pack=pack)), points)
    _print(msgspec.to_builtins(figures), as_json=as_json)


@bench.command("points")
@click.option("--people", type=click.IntRange(1, 20_000), default=2000, show_default=True, help="Who press at once.")
@click.option("--pieces", type=click.IntRange(1), default=100, show_default=True, help="What they press for.")
@click.option("--entries", type=click.IntRange(0), default=1_000_000, show_default=True, help="Of the audited ledger.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="HTTP processes.")
@click.option("--pack", help="City pack: a folder, or a name below cities/.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def points(*, people: int, pieces: int, entries: int, processes: int, pack: str | None, as_json: bool) -> None:
    """Sell a release that everybody presses for at the same moment, over HTTP; then audit a large ledger."""
    from citizen_gateway.cli.bench.points import bench_points  # noqa: PLC0415 - not needed to measure intake

    settings = load_settings(environment=Environment.DEVELOPMENT, processes=processes, log_level="error", pack=pack)
    with _screen.status("Starting") as status:
        figures = bench_points(settings, people, pieces, entries, status.update)
    _print(msgspec.to_builtins(figures), as_json=as_json)


@bench.command("queries")
@click.option("--runs", type=click.IntRange(5), default=50, show_default=True, help="Times each question is asked.")
@common
@as_json
def queries(*, runs: int, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Milliseconds for what staff ask of a city that `simulate` filled, and whether every plan uses its indexes."""
    with ready_database(settings_from(**given)) as settings, _screen.status("Asking") as status:
        figures = asyncio.run(_ask(settings, runs, status.update))
    if as_json:
        click.echo(msgspec.json.encode(figures).decode())
        return
    table = Table("question", "p50 ms", "p95 ms", "limit ms", "plan", title=f"{figures.tickets} tickets")
    for name, one in figures.questions.items():
        plan = "indexed" if one.indexed else f"reads all of {', '.join(one.scanned)}"
        table.add_row(name, f"{one.p50_ms}", f"{one.p95_ms}", f"{one.limit_ms:g}", plan)
    Console(highlight=False).print(table)


async def _ask(settings: Settings, runs: int, say: Callable[[str], None]) -> Figures:
    async with assemble(settings) as parts, parts.pool.acquire() as conn:
        return await bench_queries(parts, conn, runs, say)


def _print(figures: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(figures).decode())
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    Console(highlight=False).print(table)

"""The commands, each a thin layer over the composition roots."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from citizen_gateway import worker
from citizen_gateway.cli import doctor as doctoring
from citizen_gateway.cli import preparing, serving
from citizen_gateway.cli.accounts import client, staff
from citizen_gateway.cli.bench import bench
from citizen_gateway.cli.exporting import export
from citizen_gateway.cli.running import Running, running
from citizen_gateway.platform import db
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Environment, Settings, load_settings
from citizen_gateway.platform.telemetry import configure_logging

_screen = Console(stderr=True, highlight=False)


class _Group(click.Group):
    """Says what is wrong with the machine in one sentence, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except StartupError as error:
            _screen.print(f"[bold red]citizen-gateway:[/] {error}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(0)


@click.group(cls=_Group, context_settings={"max_content_width": 120})
@click.version_option(package_name="citizen-gateway")
def main() -> None:
    """Run a city's citizen gateway."""


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--data", help="Folder of the private engines, photos and keys (default: ./var)."),
        click.option("--host", help="Address HTTP listens on."),
        click.option("--port", type=int, help="Port HTTP listens on; 0 takes a free one."),
        click.option("--processes", type=int, help="HTTP processes."),
        click.option("--pack", help="City pack: a folder, or a name below cities/."),
        click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (TOML)."),
        click.option("--development", is_flag=True, help="Allow what would be reckless before citizens."),
    ):
        command = option(command)
    return command


def _settings(config: Path | None, development: bool, **given: Any) -> Settings:  # noqa: ANN401 - from click
    environment = Environment.DEVELOPMENT if development else None
    return load_settings(file=config, environment=environment, **given)


@main.command()
@_common
@click.option("--story", is_flag=True, help="Play one complaint through its whole life first.")
def up(story: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Run everything on this machine: engines, HTTP, worker. Ends with Ctrl-C."""
    settings = _settings(**given)
    with _started(settings) as gateway:
        if story:
            _play(gateway)
        _screen.print(
            f"\nAPI   [bold]{gateway.url}/v1[/]\nDocs  [bold]{gateway.url}/schema[/]\nCtrl-C ends everything."
        )
        gateway.keep()


@main.command()
@_common
def demo(**given: Any) -> None:  # noqa: ANN401 - from click
    """Play one complaint through its whole life, print what happened as one line of JSON, and end."""
    settings = _settings(**(given | {"development": True, "port": given["port"] or 0}))
    with _started(settings) as gateway:
        told = _play(gateway)
    click.echo(msgspec.json.encode(told).decode())


def _play(gateway: Running) -> object:
    # Imported when it is played: the SDK is generated from the contract that another command of ours writes.
    from citizen_gateway.cli.story import play  # noqa: PLC0415

    return play(gateway, _screen)


@contextmanager
def _started(settings: Settings) -> Iterator[Running]:
    with _screen.status("Starting") as status:
        context = running(settings, status.update)
        gateway = context.__enter__()
    try:
        yield gateway
    except BaseException as error:
        if not context.__exit__(type(error), error, error.__traceback__):
            raise
    else:
        context.__exit__(None, None, None)


@main.command()
@_common
def serve(**given: Any) -> None:  # noqa: ANN401 - from click
    """Serve HTTP. Needs DATABASE_URL and REDIS_URL."""
    serving.serve(_settings(**given))


@main.command("worker")
@_common
def work(**given: Any) -> None:  # noqa: ANN401 - from click
    """Do the background work. Needs DATABASE_URL and REDIS_URL."""
    settings = _settings(**given)
    configure_logging(settings)
    asyncio.run(worker.run(settings))


@main.command()
@_common
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def migrate(as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Bring the database up to this code. Needs DATABASE_URL."""
    settings = _settings(**given)

    async def do() -> list[str]:
        conn = await db.connect(preparing.database_url(settings))
        try:
            return await preparing.migrate(conn, lambda _text: None)
        finally:
            await conn.close()

    applied = asyncio.run(do())
    click.echo(msgspec.json.encode({"applied": applied}).decode() if as_json else f"{len(applied)} migrations applied")


@main.group()
def city() -> None:
    """City packs."""


@city.command("load")
@click.argument("pack", type=click.Path(path_type=Path))
@_common
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def load_pack(pack: Path, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Load a city pack (a folder, or a name below cities/) in place of the one before. Needs DATABASE_URL."""
    settings = _settings(**(given | {"pack": str(pack)}))

    async def do() -> object:
        conn = await db.connect(preparing.database_url(settings))
        try:
            with _screen.status("City pack") as status:
                return await preparing.load(conn, preparing.pack_folder(settings), status.update)
        finally:
            await conn.close()

    summary = asyncio.run(do())
    click.echo(msgspec.json.encode(summary).decode() if as_json else str(summary))


@main.command()
@_common
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Check every part of the installation and say what is wrong."""
    findings = doctoring.examine(_settings(**given))
    if as_json:
        click.echo(msgspec.json.encode([msgspec.to_builtins(finding) for finding in findings]).decode())
    else:
        doctoring.show(findings, Console(highlight=False))
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@main.command("export-openapi")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("openapi"), help="Folder.")
@click.option("--locales", type=click.Path(path_type=Path, file_okay=False), default=Path("locales"), help="Folder.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file is stale.")
def export_openapi(out: Path, locales: Path, *, check: bool) -> None:
    """Write the API's description, the catalogue of problems and the template of messages."""
    stale = export(out, locales, write=not check)
    for path in stale:
        click.echo(f"{'stale' if check else 'wrote'} {path}")
    if check and stale:
        sys.exit(1)


main.add_command(bench)
main.add_command(client)
main.add_command(staff)

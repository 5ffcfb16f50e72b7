"""`up` and `demo`: a whole gateway on this machine."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console

from citizen_gateway.cli.beside import bots_beside
from citizen_gateway.cli.options import common, settings_from
from citizen_gateway.cli.running import Running, running
from citizen_gateway.platform.settings import Settings

_screen = Console(stderr=True, highlight=False)


@click.command()
@common
@click.option("--story", is_flag=True, help="Play one complaint through its whole life first.")
def up(*, story: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Run everything on this machine: engines, HTTP, worker. Ends with Ctrl-C.

    Where a channel of the bots is configured (CITIZEN_BOTS_WECHAT_TOKEN, …), they run beside it.
    """
    with _started(settings_from(**given)) as gateway:
        if story:
            _play(gateway)
        with bots_beside(gateway, os.environ) as whole:
            _screen.print(
                f"\nAPI   [bold]{gateway.url}/v1[/]\nDocs  [bold]{gateway.url}/schema[/]\n"
                f"Chat  [bold]citizen-bots console --url {gateway.url}[/]\n{_bots(whole)}Ctrl-C ends everything."
            )
            whole.keep()


@click.command()
@common
def demo(**given: Any) -> None:  # noqa: ANN401 - from click
    """Play one complaint through its whole life, print what happened as one line of JSON, and end."""
    with _started(settings_from(**(given | {"development": True, "port": given["port"] or 0}))) as gateway:
        told = _play(gateway)
    click.echo(msgspec.json.encode(told).decode())


def _bots(gateway: Running) -> str:
    if gateway.processes[-1].name != "bots":
        return ""
    address = f"http://{os.environ.get('CITIZEN_BOTS_HOST', '127.0.0.1')}:{os.environ.get('CITIZEN_BOTS_PORT', '8080')}"
    return f"Bots  [bold]{address}[/]\n"


def _play(gateway: Running) -> object:
    # Imported when it is played: the SDK is generated from the contract that another command of ours writes.
    from citizen_gateway.cli.story import play  # noqa: PLC0415

    return play(gateway, _screen)


@contextmanager
def _started(settings: Settings) -> Iterator[Running]:
    with ExitStack() as stack:
        with _screen.status("Starting") as status:
            gateway = stack.enter_context(running(settings, status.update))
        yield gateway

"""The command and its parts; each is imported only when it is called, so that `serve` does not wait for `bench`."""

import sys
from importlib import import_module
from typing import Any

import click
from rich.console import Console

from citizen_gateway.platform.failures import StartupError

_PARTS = {
    "up": "up:up",
    "demo": "up:demo",
    "serve": "serving:serve",
    "worker": "working:worker",
    "migrate": "database:migrate",
    "city": "database:city",
    "client": "clients:client",
    "staff": "accounts:staff",
    "insights": "insights:insights",
    "simulate": "simulating:simulate",
    "dispatch": "dispatch:dispatch",
    "points": "points:points",
    "doctor": "doctor:doctor",
    "bench": "bench:bench",
    "export": "corrections:export",
    "export-openapi": "exporting:export_openapi",
}


class _Parts(click.Group):
    """Finds a part when it is called, and says what is wrong with the machine in one sentence, with exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return list(_PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in _PARTS:
            return None
        module, _, name = _PARTS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"citizen_gateway.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except StartupError as error:
            Console(stderr=True, highlight=False).print(f"[bold red]citizen-gateway:[/] {error}", soft_wrap=True)
            sys.exit(1)
        except KeyboardInterrupt:
            sys.exit(0)


@click.group(cls=_Parts, context_settings={"max_content_width": 120})
@click.version_option(package_name="citizen-gateway")
def main() -> None:
    """Run a city's citizen gateway."""

"""The commands; what only one of them needs is imported when it is called."""

import io
import sys
from importlib import import_module

import click

from citizen_bots.texts import DEFAULT_LOCALE, catalogues

_PARTS = {
    "serve": "serving.command:serve",
    "doctor": "serving.doctor:doctor",
    "bench": "bench.command:bench",
    "wechat-menu": "wechat.menu:wechat_menu",
    "fake-wechat": "wechat.fake.command:fake_wechat",
    "telegram-setup": "telegram.command:telegram_setup",
    "fake-telegram": "telegram.fake.command:fake_telegram",
}


class _Parts(click.Group):
    """Finds a command of its own, or one that lives with what it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_PARTS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _PARTS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _PARTS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"citizen_bots.{module}"), name)
        return command


@click.group(cls=_Parts, context_settings={"max_content_width": 120})
@click.version_option(package_name="citizen-bots")
def main() -> None:
    """Talk with citizens for a city's citizen gateway."""


@main.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the gateway is.")
@click.option("--subject", default="citizen", show_default=True, help="Who you are to the gateway.")
@click.option(
    "--locale",
    type=click.Choice(sorted(catalogues())),
    default=DEFAULT_LOCALE,
    show_default=True,
    help="Language to begin in.",
)
def console(url: str, subject: str, locale: str) -> None:
    """Report, follow and rate in this terminal, as a citizen would in a chat.

    Exits with 1 when something was not sent.
    """
    from citizen_bots.console.channel import client, talk  # noqa: PLC0415 - serving needs no terminal

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        sdk = client(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error
    if not talk(sdk, subject, locale):
        sys.exit(1)

"""The commands."""

import io
import sys

import click

from citizen_bots.console.channel import client, talk
from citizen_bots.texts import DEFAULT_LOCALE, catalogues


@click.group(context_settings={"max_content_width": 120})
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
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        sdk = client(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error
    if not talk(sdk, subject, locale):
        sys.exit(1)

"""`citizen-bots serve`."""

from pathlib import Path
from typing import Any

import click

from citizen_bots.serving.app import keys_of
from citizen_bots.serving.options import all_settings, settings_from
from citizen_bots.serving.server import serve_app
from citizen_bots.settings import WrongSettings, as_environment


@click.command()
@all_settings
def serve(config: Path | None, **given: Any) -> None:  # noqa: ANN401 - from click
    """Serve the channels that are configured, until SIGTERM or SIGINT.

    Each option is a setting; CITIZEN_BOTS_… in the environment and a file (--config) say the same. Secrets are better
    kept out of the command line, where other users of the machine see them.
    """
    settings = settings_from(config, **given)
    try:
        keys_of(settings)
    except WrongSettings as error:
        raise click.ClickException(str(error)) from error
    if not settings.channels:
        raise click.ClickException("No channel is configured: give --wechat-token or --telegram-token.")
    if settings.redis_url is None:
        raise click.ClickException("Chats are kept in Valkey or Redis: give --redis-url or REDIS_URL.")
    address = settings.host, settings.port
    serve_app("citizen_bots.serving.app:create_app", address, as_environment(settings), settings.processes)

"""`citizen-bots telegram-setup`; aiogram is imported when it runs, and not for a list of the commands."""

import asyncio
from pathlib import Path
from typing import Any

import click

from citizen_bots.serving.options import all_settings, settings_from


@click.command("telegram-setup")
@all_settings
@click.option("--url", default="", help="Where Telegram reaches the bots: https://…/telegram; needed for a webhook.")
@click.option("--h5-url", default="", help="Address of the city's web app, for the menu's button; none: the commands.")
def telegram_setup(config: Path | None, url: str, h5_url: str, **given: Any) -> None:  # noqa: ANN401 - from click
    """Set the bot's webhook, its commands in each language, and the button beside the text field."""
    from citizen_bots.telegram.client import ApiError, ApiRefused  # noqa: PLC0415 - see above
    from citizen_bots.telegram.setup import set_up  # noqa: PLC0415 - likewise

    settings = settings_from(config, **given)
    if not settings.telegram_token:
        raise click.ClickException("The bot needs --telegram-token.")
    if settings.telegram_secret and not url.endswith("/telegram"):
        raise click.ClickException("A webhook needs --url, which ends in /telegram.")
    try:
        asyncio.run(set_up(settings, url, h5_url))
    except ValueError as error:
        raise click.ClickException(f"--telegram-token is wrong: {error}.") from error
    except ApiRefused as error:
        raise click.ClickException(f"Telegram refused with {error.code}: {error.why}.") from error
    except ApiError as error:
        raise click.ClickException("The Bot API does not answer.") from error
    click.echo("The bot is set up.")

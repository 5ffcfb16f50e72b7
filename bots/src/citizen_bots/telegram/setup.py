"""`citizen-bots telegram-setup`: sets the webhook, the commands in each language and the menu's button."""

import asyncio
from pathlib import Path
from typing import Any

import click
import httpx2

from citizen_bots.conversation.words import Command
from citizen_bots.serving.options import all_settings, settings_from
from citizen_bots.settings import Settings
from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiRefused, BotApi, Json
from citizen_bots.telegram.updates import ALLOWED
from citizen_bots.texts import Translator, mark

_COMMANDS = (
    (Command.REPORT, mark("Report a problem")),
    (Command.MINE, mark("My reports")),
    (Command.POINTS, mark("Points")),
    (Command.TASKS, mark("Where I can help")),
    (Command.PRIVACY, mark("My data")),
    (Command.LANGUAGE, mark("Language")),
    (Command.PERSON, mark("Talk to a person")),
    (Command.CANCEL, mark("Cancel")),
    (Command.HELP, mark("Help")),
)
_LANGUAGES = (("", "en"), ("zh", "zh_CN"))
"""Telegram's language codes have two letters, so it cannot tell simplified from traditional signs."""


def calls(settings: Settings, url: str, h5_url: str) -> list[tuple[str, Json]]:
    """Return the calls that set the bot up."""
    made: list[tuple[str, Json]] = []
    if settings.telegram_secret:
        hook = {"url": url, "secret_token": settings.telegram_secret, "allowed_updates": list(ALLOWED)}
        made.append(("setWebhook", hook))
    for code, locale in _LANGUAGES:
        t = Translator(locale)
        commands = [{"command": command.value, "description": t(label)} for command, label in _COMMANDS]
        made.append(("setMyCommands", {"commands": commands, **({"language_code": code} if code else {})}))
    button: Json = {"type": "commands"}
    if h5_url:
        button = {"type": "web_app", "text": Translator("zh_CN")(mark("Report")), "web_app": {"url": h5_url}}
    return [*made, ("setChatMenuButton", {"menu_button": button})]


@click.command("telegram-setup")
@all_settings
@click.option("--url", default="", help="Where Telegram reaches the bots: https://…/telegram; needed for a webhook.")
@click.option("--h5-url", default="", help="Address of the city's web app, for the menu's button; none: the commands.")
def telegram_setup(config: Path | None, url: str, h5_url: str, **given: Any) -> None:  # noqa: ANN401 - from click
    """Set the bot's webhook, its commands in each language, and the button beside the text field."""
    settings = settings_from(config, **given)
    if not settings.telegram_token:
        raise click.ClickException("The bot needs --telegram-token.")
    if settings.telegram_secret and not url.endswith("/telegram"):
        raise click.ClickException("A webhook needs --url, which ends in /telegram.")
    try:
        asyncio.run(_put(settings, calls(settings, url, h5_url)))
    except (ApiAway, ApiBusy) as error:
        raise click.ClickException("The Bot API does not answer.") from error
    except ApiRefused as error:
        raise click.ClickException(f"Telegram refused with {error.code}: {error.why}.") from error
    click.echo("The bot is set up.")


async def _put(settings: Settings, made: list[tuple[str, Json]]) -> None:
    async with httpx2.AsyncClient() as http:
        api = BotApi(http, settings.telegram_api_url, settings.telegram_token or "")
        for method, parameters in made:
            await api.call(method, parameters)

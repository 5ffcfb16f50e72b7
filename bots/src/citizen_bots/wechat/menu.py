"""`citizen-bots wechat-menu`: puts the menu below the chat."""

import asyncio
from pathlib import Path
from typing import Any

import click
import httpx2

from citizen_bots.conversation.words import Command
from citizen_bots.serving.app import connected
from citizen_bots.serving.options import all_settings, settings_from
from citizen_bots.settings import Settings, WrongSettings
from citizen_bots.texts import DEFAULT_LOCALE, Translator, mark
from citizen_bots.wechat.client import ApiAway, ApiRefused, Json, WeChatApi

_MENU = (
    (mark("Report"), ((Command.REPORT, mark("Report a problem")), (Command.CANCEL, mark("Cancel")))),
    (
        mark("My reports"),
        (
            (Command.MINE, mark("My reports")),
            (Command.URGE, mark("Ask to hurry")),
            (Command.WITHDRAW, mark("Take back")),
        ),
    ),
    (
        mark("More"),
        (
            (Command.POINTS, mark("Points")),
            (Command.TASKS, mark("Where I can help")),
            (Command.PRIVACY, mark("My data")),
            (Command.PERSON, mark("Talk to a person")),
            (Command.HELP, mark("Help")),
        ),
    ),
)
"""Three at most, five in each: what WeChat allows."""


def menu(locale: str) -> Json:
    """Return the menu as WeChat wants it; each button sends its command back."""
    t = Translator(locale)

    def button(command: Command, label: str) -> Json:
        return {"type": "click", "name": t(label), "key": command.value}

    groups = ({"name": t(name), "sub_button": [button(*one) for one in ones]} for name, ones in _MENU)
    return {"button": list(groups)}


@click.command("wechat-menu")
@all_settings
@click.option("--locale", default=DEFAULT_LOCALE, show_default=True, help="Language of the menu.")
def wechat_menu(config: Path | None, locale: str, **given: Any) -> None:  # noqa: ANN401 - from click
    """Put the menu below the account's chat, in place of the one there is."""
    settings = settings_from(config, **given)
    try:
        asyncio.run(_put(settings, menu(locale)))
    except WrongSettings as error:
        raise click.ClickException(str(error)) from error
    except ApiAway as error:
        raise click.ClickException("WeChat's API does not answer.") from error
    except ApiRefused as error:
        raise click.ClickException(f"WeChat refused the menu with {error.code}.") from error
    click.echo("The menu is there; chats show it within five minutes.")


async def _put(settings: Settings, whole: Json) -> None:
    if not settings.wechat_secret:
        raise WrongSettings("The menu needs --wechat-app-id and --wechat-secret.")
    store = await connected(settings)
    try:
        async with httpx2.AsyncClient() as http:
            app = settings.wechat_app_id or "", settings.wechat_secret
            await WeChatApi(http, settings.wechat_api_url, app, store.valkey).call("/cgi-bin/menu/create", whole)
    finally:
        await store.valkey.aclose()

"""What sets a bot up: the webhook, the commands in each language and the menu's button."""

from aiogram.methods import SetChatMenuButton, SetMyCommands, SetWebhook, TelegramMethod
from aiogram.types import BotCommand, MenuButtonCommands, MenuButtonWebApp, WebAppInfo

from citizen_bots.conversation.words import Command
from citizen_bots.settings import Settings
from citizen_bots.telegram.client import bot_of
from citizen_bots.telegram.intake import ALLOWED
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
_LANGUAGES = ((None, "en"), ("zh", "zh_CN"))
"""Telegram's language codes have two letters, so it cannot tell simplified from traditional signs."""


def calls(settings: Settings, url: str, h5_url: str) -> list[TelegramMethod[bool]]:
    """Return the calls that set the bot up."""
    made: list[TelegramMethod[bool]] = []
    if settings.telegram_secret:
        made.append(SetWebhook(url=url, secret_token=settings.telegram_secret, allowed_updates=ALLOWED))
    for code, locale in _LANGUAGES:
        t = Translator(locale)
        commands = [BotCommand(command=command.value, description=t(label)) for command, label in _COMMANDS]
        made.append(SetMyCommands(commands=commands, language_code=code))
    button: MenuButtonCommands | MenuButtonWebApp = MenuButtonCommands()
    if h5_url:
        button = MenuButtonWebApp(text=Translator("zh_CN")(mark("Report")), web_app=WebAppInfo(url=h5_url))
    return [*made, SetChatMenuButton(menu_button=button)]


async def set_up(settings: Settings, url: str, h5_url: str) -> None:
    """Make the calls. Raises `ApiError`, and `ValueError` for a token that is none."""
    bot = bot_of(settings)
    async with bot.session:
        for call in calls(settings, url, h5_url):
            await bot(call)

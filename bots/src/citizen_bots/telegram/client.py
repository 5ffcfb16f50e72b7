"""The Bot API by aiogram: a bot whose every call has a timeout, and every failure of it one of three types."""

from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from datetime import timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientError, ClientResponseError

from citizen_bots.settings import Settings

TIMEOUT_S = 10
_FILE_S = 60
_ANSWERS = (Response[bool], Response[Any])
"""Held here, since pydantic makes a generic's class anew whenever nobody holds it: a tenth of a message's cost."""
_CODES = {
    TelegramBadRequest: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramEntityTooLarge: 413,
}


class ApiError(Exception):
    """A call that failed; its text has neither the token nor what was said."""


class ApiAway(ApiError):  # noqa: N818 - named by what happened
    """Telegram did not answer, or failed; a message may or may not have been sent."""


class ApiBusy(ApiError):  # noqa: N818 - likewise
    """Telegram wants to be asked again later."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class ApiRefused(ApiError):  # noqa: N818 - likewise
    """Telegram said no."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(code)
        self.code, self.why = code, why


class TooLong(Exception):  # noqa: N818 - likewise
    """A file of more bytes than are wanted of one."""


@contextmanager
def _failures_named() -> Iterator[None]:
    """Raise one of ours for what aiogram and aiohttp raise: their texts may hold the token and whole answers."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise ApiBusy(timedelta(seconds=max(1, error.retry_after))) from None
    except ClientResponseError as error:
        raise (ApiAway() if error.status >= 500 else ApiRefused(error.status, "file")) from None
    except TelegramAPIError as error:
        if type(error) in _CODES:
            raise ApiRefused(_CODES[type(error)], str(error.message)) from None
        if isinstance(error, TelegramNetworkError | TelegramServerError):
            raise ApiAway from None
        if str(error.message).startswith("Too Many Requests"):
            raise ApiBusy(timedelta(seconds=1)) from None
        raise ApiRefused(400, str(error.message)) from None
    except (ClientDecodeError, UnicodeDecodeError, ClientError, TimeoutError):
        raise ApiAway from None


class _Session(AiohttpSession):
    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> TelegramType:
        with _failures_named():
            return await super().make_request(bot, method, timeout)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        if status_code >= 500:  # aiogram looks for a word in the description, which a proxy's answer may lack
            raise TelegramServerError(method, "")
        return super().check_response(bot, method, status_code, content)


class Say(TelegramMethod[Any]):
    """`sendMessage`, sent once: whatever Telegram shows of it, with things newer than aiogram too, it took it."""

    __returning__ = Any
    __api_method__ = "sendMessage"

    chat_id: int
    text: str
    link_preview_options: LinkPreviewOptions | None = None
    reply_markup: InlineKeyboardMarkup | None = None


class GetRawUpdates(TelegramMethod[list[Any]]):
    """`getUpdates`, for each update to be read by itself."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


def bot_of(settings: Settings) -> Bot:
    """Return the bot of the settings. Raises `ValueError` for a token that is none."""
    session = _Session(api=TelegramAPIServer.from_base(settings.telegram_api_url), timeout=TIMEOUT_S)
    try:
        return Bot(settings.telegram_token or "", session)
    except TokenValidationError:
        raise ValueError("the token is a number, a colon and a secret, as BotFather writes it") from None


async def file_of(bot: Bot, file_id: str, most_bytes: int) -> bytes:
    """Fetch a file. Raises `TooLong` and `ApiError`."""
    told = await bot.get_file(file_id)
    if (told.file_size or 0) > most_bytes:
        raise TooLong
    content = bytearray()
    url = bot.session.api.file_url(bot.token, told.file_path or "")
    with _failures_named():
        async with aclosing(bot.session.stream_content(url, timeout=_FILE_S)) as parts:
            async for part in parts:
                content += part
                if len(content) > most_bytes:
                    raise TooLong
    return bytes(content)

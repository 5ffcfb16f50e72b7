"""Telegram as a channel of the host: what it calls or is asked, how messages go out, how photos come in."""

import asyncio
import hmac
import re
import time
from pathlib import Path

import msgspec
import structlog
from redis.exceptions import RedisError

from citizen_bots.conversation import Away, PhotoTooLarge
from citizen_bots.host.channel import Outcome, Outgoing, Who
from citizen_bots.host.host import Host
from citizen_bots.settings import Settings, WrongSettings
from citizen_bots.telegram.buttons import Signer
from citizen_bots.telegram.client import ApiAway, ApiBusy, ApiRefused, TooLong, bot_of, file_of
from citizen_bots.telegram.intake import NAME, Intake
from citizen_bots.telegram.miniapp import NotTelegrams, user_of
from citizen_bots.telegram.polling import Polling
from citizen_bots.telegram.reading import locale_of
from citizen_bots.telegram.sending import Sender
from citizen_bots.texts import DEFAULT_LOCALE
from citizen_bots.web import JSON, Handler, Request, Response, Routes
from citizen_gateway_sdk import GatewayError

_log = structlog.get_logger(__name__)

MOST_PHOTO_MB = 20
"""The Bot API hands no larger file out."""
_SECRET_FORM = re.compile("[A-Za-z0-9_-]{1,256}")
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name


class Telegram:
    """One bot: by its webhook where there is a secret token, else by polling."""

    name = NAME

    def __init__(self, settings: Settings, host: Host) -> None:
        self._secret = settings.telegram_secret
        if self._secret is not None and not _SECRET_FORM.fullmatch(self._secret):
            raise ValueError("the secret token has 1 to 256 of A-Z a-z 0-9 _ -")
        self._bot = bot_of(settings)
        self._app_max_age = settings.telegram_app_max_age_s
        self._host = host
        signer = Signer(self._bot.token)
        self._intake = Intake(host, self._bot, signer)
        self._sender = Sender(self._bot, signer, host.store.valkey)
        self._polling = Polling(self._bot, self._intake, host.store.valkey)

    def routes(self) -> Routes:
        """Return what Telegram calls, unless it is polled, and what the web app inside it does."""
        called: dict[str, Handler] = {"/telegram": self._handle} if self._secret else {}
        return {**called, "/telegram/session": self._open_session}

    async def run(self) -> None:
        """Poll, where there is no webhook; close the connections at the end."""
        try:
            await (asyncio.Event().wait() if self._secret else self._polling.run())
        finally:
            await self._bot.session.close()

    async def send(self, who: Who, message: Outgoing) -> Outcome:
        """Send a reply or news."""
        return await self._sender.send(who.subject, message)

    async def photo(self, ref: str) -> Path | bytes:
        """Fetch a photo by its file id. Raises `OSError`, `PhotoTooLarge` and `Away`."""
        try:
            return await file_of(self._bot, ref, MOST_PHOTO_MB << 20)
        except TooLong as error:
            raise PhotoTooLarge(MOST_PHOTO_MB) from error
        except (ApiAway, ApiBusy) as error:
            raise Away from error
        except ApiRefused as error:
            if "too big" in error.why:
                raise PhotoTooLarge(MOST_PHOTO_MB) from error
            raise FileNotFoundError from error

    async def examine(self) -> str:
        """Ask Telegram who the bot is and where its updates go, and close the connections. Raises `WrongSettings`."""
        try:
            me = await self._bot.get_me()
            hook = await self._bot.get_webhook_info()
        except (ApiAway, ApiBusy) as error:
            raise WrongSettings("the Bot API does not answer") from error
        except ApiRefused as error:
            raise WrongSettings(f"Telegram refused the token with {error.code}") from error
        finally:
            await self._bot.session.close()
        if self._secret and not hook.url:
            raise WrongSettings("there is a secret token, but no webhook: citizen-bots telegram-setup sets it")
        if self._secret and not hook.url.endswith("/telegram"):
            raise WrongSettings(f"the webhook is set to {hook.url}, and the bots serve /telegram")
        if self._secret and hook.last_error_message:
            raise WrongSettings(f"Telegram's last call failed: {hook.last_error_message}")
        return f"the bot is @{me.username}; {f'webhook {hook.url}' if self._secret else 'polling'}"

    async def _open_session(self, request: Request) -> Response:
        """Answer the web app's `initData` with a session of the citizen's who opened it."""
        if request.method != "POST":
            return Response(405)
        try:
            user = user_of(request.body.decode(), self._bot.token, time.time(), self._app_max_age)
            session = await self._host.session(Who(NAME, str(user.id)), locale_of(user) or DEFAULT_LOCALE)
        except (NotTelegrams, UnicodeDecodeError) as error:
            _log.warning("telegram_session_refused", reason=str(error) if isinstance(error, NotTelegrams) else "form")
            return Response(403)
        except GatewayError as error:
            _log.warning("telegram_session_failed", error=type(error).__name__)
            return Response(503)
        return Response(200, msgspec.json.encode({"token": session.token, "expires_at": session.expires_at}), JSON)

    async def _handle(self, request: Request) -> Response:
        """Answer a call: 200 once what it brings is kept, or is nothing that could be."""
        given = request.headers.get(_SECRET_HEADER, "").encode()
        if request.method != "POST" or not hmac.compare_digest(given, (self._secret or "").encode()):
            _log.warning("telegram_call_dropped", reason="secret")
            return Response(403)
        try:
            if update := self._intake.read(request.body):
                await self._intake.take(update)
        except RedisError as error:
            _log.error("telegram_call_not_kept", error=type(error).__name__)
            return Response(503)
        return Response(200)

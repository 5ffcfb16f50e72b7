"""WeChat as a channel of the host: what it calls, how messages go out, how photos come in."""

import asyncio
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx2
import structlog

from citizen_bots.conversation import Away, PhotoTooLarge
from citizen_bots.host.channel import Blocked, NeverSent, NotNow, Outcome, Outgoing, Sent, Who
from citizen_bots.host.host import Host
from citizen_bots.settings import Settings
from citizen_bots.web import Routes
from citizen_bots.wechat.callbacks import NAME, Callbacks
from citizen_bots.wechat.client import ApiAway, ApiRefused, TooLong, WeChatApi
from citizen_bots.wechat.ledger import Ledger, Spent
from citizen_bots.wechat.messages import Fields
from citizen_bots.wechat.reading import Heard, Opening
from citizen_bots.wechat.rendering import parts_of, text_of

_log = structlog.get_logger(__name__)

MOST_PHOTO_MB = 20

_WINDOW_CLOSED, _QUOTA_USED = 45015, 45047
_BLOCKED = frozenset({43004, 48002})
_LIMITED = frozenset({45009, 45011})
_WAIT_FOR_CITIZEN = timedelta(days=1)
_WAIT_FOR_LIMIT = timedelta(minutes=1)
_WAIT_FOR_WECHAT = timedelta(seconds=15)


class WeChat:
    """One official account. Without its secret it can answer, and nothing else."""

    name = NAME

    def __init__(self, settings: Settings, host: Host) -> None:
        self._host = host
        self.ledger = Ledger(host.store.valkey)
        self._callbacks = Callbacks(settings, host, self._note)
        self._http = httpx2.AsyncClient(cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])))
        secret = settings.wechat_secret
        app = (settings.wechat_app_id or "", secret) if secret else None
        self.api = WeChatApi(self._http, settings.wechat_api_url, app, host.store.valkey) if app else None

    def routes(self) -> Routes:
        """Return what WeChat calls."""
        return {"/wechat": self._callbacks.handle}

    async def run(self) -> None:
        """Do nothing by itself: WeChat calls us; close the connections at the end."""
        try:
            await asyncio.Event().wait()
        finally:
            await self._http.aclose()

    async def send(self, who: Who, message: Outgoing) -> Outcome:
        """Send a reply or a notice as customer messages, as far as WeChat's rules allow it now."""
        if self.api is None:
            return NeverSent("no AppSecret: only answers within five seconds can be given")
        for part in parts_of(text_of(message.reply, message.first)):
            spent = await self.ledger.spend(who.subject)
            if spent is not Spent.YES:
                return NotNow(spent.value, _WAIT_FOR_CITIZEN)
            outcome = await self._send_text(self.api, who, part)
            if not isinstance(outcome, Sent):
                return outcome
        return Sent()

    async def _send_text(self, api: WeChatApi, who: Who, text: str) -> Outcome:
        body = {"touser": who.subject, "msgtype": "text", "text": {"content": text}}
        try:
            await api.call("/cgi-bin/message/custom/send", body)
        except ApiAway:
            await self.ledger.give_back(who.subject)
            return NotNow("WeChat does not answer", _WAIT_FOR_WECHAT)
        except ApiRefused as refusal:
            return await self._refused(who, refusal.code)
        return Sent()

    async def _refused(self, who: Who, code: int) -> Outcome:
        if code in {_WINDOW_CLOSED, _QUOTA_USED}:
            why = Spent.CLOSED if code == _WINDOW_CLOSED else Spent.USED_UP
            await self.ledger.close(who.subject, why)
            return NotNow(why.value, _WAIT_FOR_CITIZEN)
        await self.ledger.give_back(who.subject)
        if code in _LIMITED:
            return NotNow("the account's limit of calls is reached", _WAIT_FOR_LIMIT)
        return Blocked() if code in _BLOCKED else NeverSent(f"WeChat refused it with {code}")

    async def photo(self, ref: str) -> Path | bytes:
        """Fetch a photo by its media id. Raises `OSError`, `PhotoTooLarge` and `Away`."""
        if self.api is None:
            raise FileNotFoundError
        try:
            media = await self.api.media(ref, MOST_PHOTO_MB << 20)
        except TooLong as error:
            raise PhotoTooLarge(MOST_PHOTO_MB) from error
        except ApiAway as error:
            raise Away from error
        except ApiRefused as error:
            raise FileNotFoundError from error
        return media.content

    async def _note(self, heard: Heard, _fields: Fields) -> None:
        """Keep the ledger of what a citizen's doing allows, and let go what waited for it."""
        who = Who(NAME, heard.subject)
        if heard.opening is not Opening.NONE:
            await self.ledger.open(heard.subject, heard.opening)
            await self._host.store.wake(who)
        elif heard.event == "unsubscribe":
            await self._host.store.block(who)

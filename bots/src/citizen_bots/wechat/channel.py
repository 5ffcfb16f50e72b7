"""WeChat as a channel of the host: what it calls, how messages go out, how photos come in."""

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx2
import structlog

from citizen_bots.conversation import Away, PhotoTooLarge
from citizen_bots.host.channel import NeverSent, Outcome, Outgoing, Who
from citizen_bots.host.host import Host
from citizen_bots.settings import Settings, WrongSettings
from citizen_bots.web import Routes
from citizen_bots.wechat.callbacks import NAME, Callbacks
from citizen_bots.wechat.checks import keep_verdict
from citizen_bots.wechat.client import ApiAway, ApiRefused, TooLong, WeChatApi
from citizen_bots.wechat.ledger import Ledger
from citizen_bots.wechat.messages import Fields
from citizen_bots.wechat.reading import Heard, Opening, subscriptions
from citizen_bots.wechat.sending import Sender

_log = structlog.get_logger(__name__)

MOST_PHOTO_MB = 20


_REFUSALS = {
    40013: "the AppID is wrong",
    40125: "the AppSecret is wrong",
    40164: "this machine's address is not on the account's list of addresses (IP whitelist)",
}


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
        self._sender = Sender(settings, self.api, self.ledger) if self.api else None

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
        """Send a reply or news, as far as WeChat's rules allow it now."""
        if self._sender is None:
            return NeverSent("no AppSecret: only answers within five seconds can be given")
        return await self._sender.send(who.subject, message)

    async def examine(self) -> str:
        """Ask WeChat for the account's token, and close the connections. Raises `WrongSettings`."""
        mode = "secure mode" if self._callbacks.is_secure else "plain mode: set an EncodingAESKey"
        if self.api is None:
            raise WrongSettings(f"{mode}, but no AppID and AppSecret: no photos, no late answers, no news")
        try:
            await self.api.call("/cgi-bin/get_api_domain_ip")
        except ApiAway as error:
            raise WrongSettings("WeChat's API does not answer") from error
        except ApiRefused as error:
            raise WrongSettings(_REFUSALS.get(error.code, f"WeChat refused the account with {error.code}")) from error
        finally:
            await self._http.aclose()
        return f"{mode}; AppID and AppSecret are right"

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

    async def _note(self, heard: Heard, fields: Fields) -> None:
        """Keep the ledger of what a citizen's doing allows, and let go what waited for it."""
        who = Who(NAME, heard.subject)
        if heard.opening is not Opening.NONE:
            await self.ledger.open(heard.subject, heard.opening)
        match heard.event:
            case "unsubscribe":
                await self._host.store.block(who)
            case "subscribe_msg_popup_event" | "subscribe_msg_change_event":
                for template, allowed in subscriptions(fields):
                    await self.ledger.subscribe(heard.subject, template, int(allowed))
                await self._host.store.wake(who)
            case "wxa_media_check":
                await keep_verdict(self._host.store.valkey, fields)
            case "subscribe_msg_sent_event" | "templatesendjobfinish":
                _log.info("wechat_delivered", message_event=heard.event, status=fields.text("Status"))

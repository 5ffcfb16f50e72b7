"""Messages on their way to citizens, by whichever way WeChat leaves open."""

from collections.abc import Mapping
from datetime import timedelta

from citizen_bots.host.channel import Blocked, MessageKind, NeverSent, NotNow, Outcome, Outgoing, Sent
from citizen_bots.settings import Settings
from citizen_bots.wechat.client import ApiAway, ApiRefused, Json, WeChatApi
from citizen_bots.wechat.ledger import Ledger, Spent
from citizen_bots.wechat.rendering import notice_text, parts_of, text_of

_WINDOW_CLOSED, _QUOTA_USED = 45015, 45047
_BLOCKED = frozenset({43004, 48002})
_NOT_SUBSCRIBED = 43101
_LIMITED = frozenset({45009, 45011})
_WAIT_FOR_CITIZEN = timedelta(days=1)
_WAIT_FOR_LIMIT = timedelta(minutes=1)
_WAIT_FOR_WECHAT = timedelta(seconds=15)
_THING_SIGNS = 20
_MOST_PARTS = 5
"""As many as may be sent at all after a citizen's message."""


class Sender:
    """Sends for one account: customer messages first, then what was subscribed to, then templates."""

    def __init__(self, settings: Settings, api: WeChatApi, ledger: Ledger) -> None:
        self._api = api
        self._ledger = ledger
        self._subscription = settings.wechat_subscription_template
        self._template = settings.wechat_news_template
        self._fields = settings.wechat_template_fields.split()

    async def send(self, openid: str, message: Outgoing) -> Outcome:
        """Send a reply or news; what may not go now waits, and says why."""
        is_news = message.kind is MessageKind.NOTICE
        reply = message.reply
        text = notice_text(reply, message.locale) if is_news else text_of(reply, message.first)
        parts = parts_of(text)[:_MOST_PARTS]
        spent = await self._ledger.spend(openid, len(parts))
        if spent is Spent.YES:
            return await self._customer_messages(openid, parts)
        if is_news:
            return await self._otherwise(openid, message.facts, spent)
        return NotNow(spent.value, _WAIT_FOR_CITIZEN)

    async def _customer_messages(self, openid: str, parts: list[str]) -> Outcome:
        for number, part in enumerate(parts):
            body = {"touser": openid, "msgtype": "text", "text": {"content": part}}
            outcome = await self._call(openid, "/cgi-bin/message/custom/send", body)
            if not isinstance(outcome, Sent):
                await self._ledger.give_back(openid, len(parts) - number - 1)
                return outcome
        return Sent()

    async def _otherwise(self, openid: str, facts: Mapping[str, str], spent: Spent) -> Outcome:
        """Send news by a subscription the citizen gave, else by a template, else when they write again."""
        told = self._told(facts)
        if self._subscription and await self._ledger.spend_subscription(openid, self._subscription):
            body = {"touser": openid, "template_id": self._subscription, "data": told}
            return await self._call(openid, "/cgi-bin/message/subscribe/bizsend", body)
        if self._template:
            body = {"touser": openid, "template_id": self._template, "data": told}
            return await self._call(openid, "/cgi-bin/message/template/send", body)
        return NotNow(spent.value, _WAIT_FOR_CITIZEN)

    def _told(self, facts: Mapping[str, str]) -> Json:
        """Return news as a template's fields."""
        values = (facts.get(name, "") for name in ("number", "what", "when"))
        return {
            name: {"value": value[:_THING_SIGNS] if name.startswith("thing") else value}
            for name, value in zip(self._fields, values, strict=False)
        }

    async def _call(self, openid: str, path: str, body: Json) -> Outcome:
        try:
            await self._api.call(path, body)
        except ApiAway:
            await self._give_back(openid, path)
            return NotNow("WeChat does not answer", _WAIT_FOR_WECHAT)
        except ApiRefused as refusal:
            return await self._refused(openid, path, refusal.code)
        return Sent()

    async def _refused(self, openid: str, path: str, code: int) -> Outcome:
        if code in {_WINDOW_CLOSED, _QUOTA_USED}:
            why = Spent.CLOSED if code == _WINDOW_CLOSED else Spent.USED_UP
            await self._ledger.close(openid, why)
            return NotNow(why.value, _WAIT_FOR_LIMIT)
        if code == _NOT_SUBSCRIBED and self._subscription:
            await self._ledger.subscribe(openid, self._subscription, 0)
            return NotNow("the citizen subscribes to no news any more", _WAIT_FOR_LIMIT)
        await self._give_back(openid, path)
        if code in _LIMITED:
            return NotNow("the account's limit of calls is reached", _WAIT_FOR_LIMIT)
        return Blocked() if code in _BLOCKED else NeverSent(f"WeChat refused it with {code}")

    async def _give_back(self, openid: str, path: str) -> None:
        """Take back what the ledger says was spent on a message that was not sent."""
        if path.endswith("custom/send"):
            await self._ledger.give_back(openid, 1)
        elif path.endswith("bizsend") and self._subscription:
            await self._ledger.subscribe(openid, self._subscription, 1)

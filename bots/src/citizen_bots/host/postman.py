"""Takes what waits in outboxes to the platforms, in order for each citizen, until they took it."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

import structlog

from citizen_bots.host.channel import Blocked, Channel, NeverSent, NotNow, Outcome, Outgoing, Sent, Who
from citizen_bots.host.store import Store, message_of, now_ms

_log = structlog.get_logger(__name__)

_AFTER_MISTAKE = NotNow("the adapter failed", timedelta(seconds=30))


class Postman:
    """Sends; a message that the platform took a moment before the process was killed may be sent again."""

    def __init__(self, store: Store, channels: Mapping[str, Channel]) -> None:
        self._store = store
        self._channels = channels

    async def deliver(self, who: Who) -> None:
        """Send what is in a citizen's outbox, unless another process is at it."""
        if who.channel not in self._channels:
            return
        token = secrets.token_hex(8)
        item = await self._store.lease_outbox(who, token)
        if item is None:
            return
        while item is not None:
            item = await self._next(who, token, item)

    async def _next(self, who: Who, token: str, item: bytes) -> bytes | None:
        before, message = message_of(item)
        if before > now_ms():
            await self._store.put_off(who, token, before, "its asker may still take it")
            return None
        outcome = await self._send(who, message)
        match outcome:
            case NotNow(why, wait):
                _log.info("put_off", channel=who.channel, message=message.id, why=why)
                await self._store.put_off(who, token, now_ms() + wait // timedelta(milliseconds=1), why)
                return None
            case Blocked():
                _log.info("blocked", channel=who.channel, message=message.id)
                await self._store.block(who)
            case NeverSent(why):
                _log.warning("never_sent", channel=who.channel, message=message.id, why=why)
            case Sent():
                _log.debug("sent", channel=who.channel, message=message.id)
        return await self._store.settle(who, token, item)

    async def _send(self, who: Who, message: Outgoing) -> Outcome:
        try:
            return await self._channels[who.channel].send(who, message)
        except Exception:  # noqa: BLE001 - a mistake in an adapter loses no message
            _log.exception("send_failed", channel=who.channel, message=message.id)
            return _AFTER_MISTAKE

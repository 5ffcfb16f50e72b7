"""Follows the gateway's event feed and tells citizens what becomes of their reports."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from redis.exceptions import RedisError

from citizen_bots.conversation.news import TOLD, News, compose, facts, is_told, words_of
from citizen_bots.host.bulletins import Bulletins
from citizen_bots.host.channel import MessageKind, Outgoing, Who
from citizen_bots.host.quiet import not_before
from citizen_bots.host.store import Store, now_ms
from citizen_bots.settings import Settings
from citizen_gateway_sdk import AsyncGateway, GatewayError, errors, events

_LEAD_MS = 60_000
_RENEW_S = 20.0
_AGAIN_S = 10.0

_log = structlog.get_logger(__name__)


class Herald:
    """One process's share in telling news. `posted` hears of each outbox that has some."""

    def __init__(self, settings: Settings, store: Store, posted: Callable[[Who], None]) -> None:
        self._settings = settings
        self._store = store
        self._bulletins = Bulletins(store)
        self._posted = posted

    async def follow(self, channel: str, client: AsyncGateway) -> None:
        """Read a channel's feed for ever, while no other process does."""
        token = secrets.token_hex(8)
        while True:
            try:
                if await self._bulletins.lead(channel, token, _LEAD_MS):
                    await self._lead(channel, client, token)
            except (errors.StaleCursor, errors.ForeignCursor, errors.BadCursor) as error:
                _log.warning("feed_begins_anew", channel=channel, why=error.code)
                await self._bulletins.keep_cursor(channel, "latest")
            except (GatewayError, RedisError) as error:
                _log.warning("feed_not_read", channel=channel, why=type(error).__name__)
            await asyncio.sleep(_AGAIN_S)

    async def _lead(self, channel: str, client: AsyncGateway, token: str) -> None:
        reading = asyncio.create_task(self._read(channel, client))
        try:
            while not reading.done():
                await asyncio.wait([reading], timeout=_RENEW_S)
                if not await self._bulletins.lead(channel, token, _LEAD_MS):
                    return
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, channel: str, client: AsyncGateway) -> None:
        cursor = await self._bulletins.cursor(channel)
        if cursor is None:
            cursor = (await client.events.list("latest")).cursor
            await self._bulletins.keep_cursor(channel, cursor)
        async for event in client.events.follow(cursor, types=TOLD):
            await self.hear(channel, event)
            if event.cursor:
                await self._bulletins.keep_cursor(channel, event.cursor)

    async def hear(self, channel: str, event: events.Event) -> None:
        """Keep an event for each citizen of the channel whose report it concerns."""
        if not is_told(event.type, event.version):
            return
        data = msgspec.to_builtins(event.data)
        words = words_of(event.type, data if isinstance(data, dict) else {})
        for report in event.reports:
            if report.subject is not None:
                news = News(event.id, event.type, event.ticket, report.report_id, event.at, words)
                await self._bulletins.hear(Who(channel, report.subject), news, self._due())

    async def tell(self, who: Who) -> None:
        """Make one message of a citizen's news, unless it is an hour of quiet."""
        if self._quiet_until() > datetime.now(UTC):
            await self._store.valkey.zadd(Bulletins.QUEUE, {who.key: self._due()}, xx=True)
            return
        items, news = await self._bulletins.gathered(who)
        if not news or await self._store.is_blocked(who):
            await self._bulletins.forget(who)
            return
        locale = await self._bulletins.locale_of(who)
        message = Outgoing(
            f"news-{news[0].id}",
            compose(news, locale),
            kind=MessageKind.NOTICE,
            locale=locale,
            facts=facts(news, locale),
        )
        if await self._bulletins.proclaim(who, items, message, now_ms()):
            self._posted(who)

    def _quiet_until(self) -> datetime:
        return not_before(datetime.now(UTC), self._settings.quiet_from, self._settings.quiet_to)

    def _due(self) -> int:
        gathered = datetime.now(UTC) + timedelta(seconds=self._settings.notice_gather_s)
        quiet = not_before(gathered, self._settings.quiet_from, self._settings.quiet_to)
        return int(quiet.timestamp() * 1000)

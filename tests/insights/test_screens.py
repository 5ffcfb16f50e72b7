"""Screens that many look at."""

from datetime import date, timedelta

import msgspec
import redis.asyncio as redis

from citizen_gateway.city.read_model import City
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.screens import KEEP, STALE, screen
from citizen_gateway.platform.db import Transaction
from tests.insights.conftest import ZONE, Chronicle, opened

SELECTION = Selection(date(2021, 10, 1), date(2021, 10, 2), ZONE.key, areas=frozenset({"410108"}))


class TestKept:
    """A screen is made once for all who look at it within half a minute."""

    async def test_for_half_a_minute(self, chronicle: Chronicle, cache: redis.Redis, city: City) -> None:
        """Then it is made anew; each area has its own."""
        tx = chronicle.tx
        first = await screen(tx, cache, city, SELECTION, "en")
        await chronicle.tell((tx.now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"), opened("410108")))
        await chronicle.read()
        later = Transaction(tx.conn, tx.now + timedelta(seconds=20))
        assert await screen(later, cache, city, SELECTION, "en") == first
        old = Transaction(tx.conn, tx.now + KEEP)
        anew = await screen(old, cache, city, SELECTION, "en")
        assert anew.today.before.opened == first.today.before.opened + 1
        elsewhere = msgspec.structs.replace(SELECTION, areas=frozenset({"410106"}))
        assert (await screen(later, cache, city, elsewhere, "en")).selection.area == "410106"

    async def test_while_one_makes_it_anew(self, chronicle: Chronicle, cache: redis.Redis, city: City) -> None:
        """The first who finds it old makes it; all others get the old one meanwhile, unless it is too old."""
        tx, selection = chronicle.tx, msgspec.structs.replace(SELECTION, areas=frozenset({"410104"}))
        first = await screen(tx, cache, city, selection, "en")
        (key,) = [name async for name in cache.scan_iter("insights:screen:*410104*")]
        await cache.set(key + b":making", "1")
        old, too_old = (Transaction(tx.conn, tx.now + age) for age in (KEEP, STALE))
        assert await screen(old, cache, city, selection, "en") == first
        assert (await screen(too_old, cache, city, selection, "en")).at == too_old.now
        await cache.set(key, msgspec.json.encode(first))
        assert (await screen(old, cache, city, selection, "en")).at == old.now

    async def test_without_valkey(self, chronicle: Chronicle, city: City) -> None:
        """It is made for each who asks."""
        away = redis.Redis(host="127.0.0.1", port=1)
        assert (await screen(chronicle.tx, away, city, SELECTION, "en")).at == chronicle.tx.now
        await away.aclose()

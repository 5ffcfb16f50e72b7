"""Screens as they were a moment ago: many look at the same one, and it is put together of many figures."""

from datetime import timedelta

import msgspec
import redis.asyncio as redis
import structlog

from citizen_gateway.city.read_model import City
from citizen_gateway.insights.overview import Overview, overview
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.rights import sees_votes
from citizen_gateway.platform.db import Transaction

KEEP = timedelta(seconds=30)
"""How old a screen may be before somebody makes it anew; its `at` says how old it is."""
STALE = timedelta(minutes=2)
"""How old it may be for all others meanwhile: in a large city it takes seconds to make."""
_MAKING = timedelta(seconds=20)

_log = structlog.get_logger(__name__)


async def screen(tx: Transaction, cache: redis.Redis, city: City, selection: Selection, language: str) -> Overview:
    """Return the screen of a selection's department or area; without Valkey it is made for each who asks."""
    whose = msgspec.json.encode([sees_votes(tx.actor), selection.departments, selection.areas]).decode()
    key = f"insights:screen:{language}:{whose}"
    try:
        if kept := await _kept(tx, cache, key):
            return kept
    except redis.RedisError as error:
        _log.warning("screen_not_cached", error=str(error))
        return await overview(tx, city, selection, language)
    made = await overview(tx, city, selection, language)
    try:
        await cache.set(key, msgspec.json.encode(made), px=STALE)
        await cache.delete(f"{key}:making")
    except redis.RedisError as error:
        _log.warning("screen_not_cached", error=str(error))
    return made


async def _kept(tx: Transaction, cache: redis.Redis, key: str) -> Overview | None:
    """Return the screen that is kept; None to the one who is to make it anew."""
    found = await cache.get(key)
    if found is None:
        return None
    kept = msgspec.json.decode(found, type=Overview)
    age = tx.now - kept.at
    if timedelta() <= age < KEEP:
        return kept
    is_mine = await cache.set(f"{key}:making", "1", nx=True, px=_MAKING)
    return kept if timedelta() <= age < STALE and not is_mine else None

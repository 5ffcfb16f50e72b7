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
"""How old a screen may be; its `at` says how old it is."""

_log = structlog.get_logger(__name__)


async def screen(tx: Transaction, cache: redis.Redis, city: City, selection: Selection, language: str) -> Overview:
    """Return the screen of a selection's department or area; without Valkey it is made for each who asks."""
    whose = msgspec.json.encode([sees_votes(tx.actor), selection.departments, selection.areas]).decode()
    key = f"insights:screen:{language}:{whose}"
    try:
        found = await cache.get(key)
    except redis.RedisError as error:
        _log.warning("screen_not_cached", error=str(error))
        return await overview(tx, city, selection, language)
    if found is not None:
        kept = msgspec.json.decode(found, type=Overview)
        if timedelta() <= tx.now - kept.at < KEEP:
            return kept
    made = await overview(tx, city, selection, language)
    try:
        await cache.set(key, msgspec.json.encode(made), px=KEEP)
    except redis.RedisError as error:
        _log.warning("screen_not_cached", error=str(error))
    return made

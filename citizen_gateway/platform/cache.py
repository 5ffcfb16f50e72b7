"""Valkey: what may be lost without loss of truth — limits, dialogue state, short caches."""

import redis.asyncio as redis
from redis.exceptions import RedisError

from citizen_gateway.platform.failures import StartupError

_TIMEOUT_S = 2.0


async def open_cache(url: str, connections: int = 16) -> redis.Redis:
    """Connect. Raises `StartupError` where Valkey does not answer."""
    try:
        pool = redis.BlockingConnectionPool.from_url(
            url, max_connections=connections, timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S
        )
    except ValueError as error:
        raise StartupError(f"Valkey cannot be reached: {error}.") from error
    cache = redis.Redis.from_pool(pool)
    try:
        await cache.ping()
    except RedisError as error:
        await cache.aclose()
        raise StartupError(f"Valkey cannot be reached: {error}.") from error
    return cache

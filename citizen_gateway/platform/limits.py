"""Rate limits by GCRA, one atomic step on Valkey: exact across processes, and fair between a burst and a trickle."""

import msgspec
import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from citizen_gateway.kernel.errors import Problem

_GCRA = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = due - now - interval * (burst - 1)
if wait > 0 then return {0, math.ceil(wait), 0, math.ceil(due - now)} end
local next = due + interval
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil(next - now) + 1)
return {1, 0, math.floor((interval * burst - (next - now)) / interval), math.ceil(next - now)}
"""

_log = structlog.get_logger(__name__)


class RateLimited(Problem):
    """The caller did this too often."""

    status = 429
    code = "rate_limited"
    title = "Too many requests"
    detail = "Please wait {retry_after} seconds and try again."
    headers = ("retry_after",)


class Limit(msgspec.Struct, frozen=True):
    """So many at once, and so many in an hour."""

    name: str
    burst: int
    per_hour: int


class Count(msgspec.Struct, frozen=True):
    """What a limit says after a call: whether it may go on, else for how long to wait, and what is left."""

    limit: Limit
    allowed: bool
    wait_s: int
    left: int
    full_in_s: int

    def headers(self) -> dict[str, str]:
        """Return what an answer says of the limit, as the IETF draft has it and as the one before it had."""
        limit = self.limit
        window = -(-limit.burst * 3600 // limit.per_hour)
        return {
            "RateLimit-Policy": f'"{limit.name}";q={limit.burst};w={window}',
            "RateLimit": f'"{limit.name}";r={self.left};t={self.full_in_s}',
            "RateLimit-Limit": str(limit.burst),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in_s),
        }


class Limiter:
    """Counts against limits. When Valkey is away it lets everything pass, and says so in the log."""

    def __init__(self, cache: redis.Redis) -> None:
        self._step = cache.register_script(_GCRA)

    async def take(self, limit: Limit, who: str) -> None:
        """Count one against the limit. Raises `RateLimited` with the seconds to wait when it is used up."""
        count = await self.count(limit, who)
        if not count.allowed:
            raise RateLimited(retry_after=count.wait_s)

    async def count(self, limit: Limit, who: str) -> Count:
        """Count one against the limit, and say what is left."""
        interval_ms = 3_600_000 / limit.per_hour
        try:
            allowed, wait_ms, left, full_ms = await self._step(
                keys=[f"limit:{limit.name}:{who}"], args=[interval_ms, limit.burst]
            )
        except RedisError as error:
            _log.warning("limits_unavailable", error=str(error))
            return Count(limit, allowed=True, wait_s=0, left=limit.burst, full_in_s=0)
        return Count(limit, bool(allowed), -(-int(wait_ms) // 1000), int(left), -(-int(full_ms) // 1000))

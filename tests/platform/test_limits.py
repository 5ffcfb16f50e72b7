"""Rate limits on the real Valkey."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis.asyncio as redis

from citizen_gateway.platform.limits import Limit, Limiter, RateLimited


@pytest.fixture
def limiter(cache: redis.Redis) -> Limiter:
    """Return a limiter over the session's Valkey."""
    return Limiter(cache)


@pytest.fixture
async def nowhere(tmp_path: Path) -> AsyncIterator[redis.Redis]:
    """Give a client of a Valkey that does not run."""
    client = redis.Redis.from_url(f"unix://{tmp_path}/nobody.sock")
    yield client
    await client.aclose()


def somebody() -> str:
    """Return a name nobody else has."""
    return str(uuid4())


async def taken(limiter: Limiter, limit: Limit, who: str, attempts: int) -> int:
    """Return how many of so many simultaneous attempts passed."""
    results = await asyncio.gather(*(limiter.take(limit, who) for _ in range(attempts)), return_exceptions=True)
    assert all(result is None or isinstance(result, RateLimited) for result in results)
    return results.count(None)


class TestBurst:
    """So many at once, and not one more."""

    @pytest.mark.parametrize("burst", [1, 2, 20])
    async def test_one_after_another(self, limiter: Limiter, burst: int) -> None:
        """The burst passes, the next is refused."""
        limit, who = Limit("test", burst, per_hour=1), somebody()
        for _ in range(burst):
            await limiter.take(limit, who)
        with pytest.raises(RateLimited):
            await limiter.take(limit, who)

    async def test_all_at_the_same_time(self, cache: redis.Redis) -> None:
        """A hundred simultaneous attempts through four limiters pass exactly as often as allowed."""
        limit, who = Limit("test", 20, per_hour=1), somebody()
        passed = await asyncio.gather(*(taken(Limiter(cache), limit, who, 25) for _ in range(4)))
        assert sum(passed) == 20

    async def test_each_has_their_own(self, limiter: Limiter) -> None:
        """One caller's burst, or one limit's, is not another's."""
        limit = Limit("test", 1, per_hour=1)
        who = somebody()
        await limiter.take(limit, who)
        await limiter.take(limit, somebody())
        await limiter.take(Limit("other", 1, per_hour=1), who)

    async def test_a_refusal_costs_nothing(self, limiter: Limiter) -> None:
        """Attempts that were refused do not make the wait longer."""
        limit, who = Limit("test", 1, per_hour=2), somebody()
        await limiter.take(limit, who)
        waits = []
        for _ in range(20):
            with pytest.raises(RateLimited) as refused:
                await limiter.take(limit, who)
            waits.append(int(str(refused.value.fields["retry_after"])))
        assert 0 < max(waits) <= 1800


class TestTrickle:
    """After the burst, one passes per interval."""

    async def test_passes_again_after_the_wait(self, limiter: Limiter) -> None:
        """One in a tenth of a second: after the burst the next passes when its time has come, and only one."""
        limit, who = Limit("test", 3, per_hour=36_000), somebody()
        assert await taken(limiter, limit, who, 10) >= 3
        passed = 0
        for _ in range(8):
            await asyncio.sleep(0.12)
            passed += await taken(limiter, limit, who, 1)
        assert passed == 8

    async def test_the_wait_is_told_in_whole_seconds(self, limiter: Limiter) -> None:
        """Who is refused learns when to come again, and the header says it too."""
        limit, who = Limit("test", 1, per_hour=60), somebody()
        await limiter.take(limit, who)
        with pytest.raises(RateLimited, match="wait 60 seconds") as refused:
            await limiter.take(limit, who)
        assert refused.value.headers == ("retry_after",)

    async def test_nothing_is_remembered_for_ever(self, limiter: Limiter, cache: redis.Redis) -> None:
        """What is kept of a caller vanishes by itself when their burst is whole again."""
        limit, who = Limit("test", 5, per_hour=3600), somebody()
        await limiter.take(limit, who)
        (key,) = [name async for name in cache.scan_iter(f"*{who}*")]
        assert 0 < await cache.pttl(key) <= 1001


class TestAway:
    """Without Valkey the city goes on."""

    async def test_everything_passes(self, nowhere: redis.Redis) -> None:
        """A limit that cannot be counted refuses nobody."""
        assert await taken(Limiter(nowhere), Limit("test", 1, per_hour=1), somebody(), 5) == 5

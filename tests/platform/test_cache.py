"""Valkey."""

from pathlib import Path

import pytest
import redis.asyncio as redis

from citizen_gateway.platform.cache import open_cache
from citizen_gateway.platform.engines import Engines
from citizen_gateway.platform.failures import StartupError


class TestOpenCache:
    """A client of what runs, or one sentence."""

    async def test_answers(self, engines: Engines) -> None:
        """What was set is got."""
        cache = await open_cache(engines.redis_url)
        await cache.set("key", "值")
        assert await cache.get("key") == "值".encode()
        await cache.aclose()

    @pytest.mark.parametrize(
        "url", ["unix://{folder}/nobody.sock", "redis://127.0.0.1:1", "redis://no.invalid", "nonsense"]
    )
    async def test_nobody_there(self, tmp_path: Path, url: str) -> None:
        """A socket, a port or a host that is not there, or no address at all."""
        with pytest.raises(StartupError, match=r"^Valkey cannot be reached: "):
            await open_cache(url.format(folder=tmp_path))

    async def test_closed_whole(self, engines: Engines, cache: redis.Redis) -> None:
        """Closing a client closes its connections, also those that wait in its pool."""
        before = len(await cache.client_list())
        opened = await open_cache(engines.redis_url)
        assert len(await cache.client_list()) == before + 1
        await opened.aclose()
        assert len(await cache.client_list()) == before

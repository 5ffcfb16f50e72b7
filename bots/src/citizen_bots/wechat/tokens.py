"""The access token: one for all processes, fetched by one of them at a time."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import redis.asyncio as redis

from citizen_bots.host.store import text_of

_SPARE_S = 300
_LOCK_MS = 15_000
_POLL_S = 0.05

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
"""Deletes a key where it still holds this value."""

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
"""Asks WeChat for the stable token, anew where told so; returns it and its seconds."""


class Tokens:
    """Keeps an account's token in Valkey.

    WeChat hands out the same stable token until shortly before its end, so an early question costs nothing; asking for
    a new one by force ends the old one and may be done twenty times a day, so that is the last resort.
    """

    def __init__(self, valkey: redis.Redis, app_id: str, fetch: Fetch) -> None:
        self._valkey = valkey
        self._token = f"{{bots}}:wechat:{app_id}:token"
        self._refused = f"{{bots}}:wechat:{app_id}:refused"
        self._lock = f"{{bots}}:wechat:{app_id}:lock"
        self._fetch = fetch
        self._forget = valkey.register_script(_RELEASE)

    async def get(self) -> str:
        """Return the token, fetched where there is none. Raises what `fetch` raises."""
        mine = secrets.token_hex(8)
        while True:
            known = await self._valkey.get(self._token)
            if known:
                return text_of(known)
            if await self._valkey.set(self._lock, mine, nx=True, px=_LOCK_MS):
                try:
                    return await self._renew()
                finally:
                    await self._forget(keys=[self._lock], args=[mine])
            await asyncio.sleep(_POLL_S)

    async def refuse(self, token: str) -> None:
        """Forget a token that WeChat did not take, unless another process brought a newer one already."""
        await self._valkey.set(self._refused, token, ex=_SPARE_S)
        await self._forget(keys=[self._token], args=[token])

    async def _renew(self) -> str:
        known = await self._valkey.get(self._token)
        if known:
            return text_of(known)
        token, seconds = await self._fetch(False)
        refused = await self._valkey.get(self._refused)
        if refused and text_of(refused) == token:
            token, seconds = await self._fetch(True)
        await self._valkey.set(self._token, token, ex=max(seconds - _SPARE_S, 1))
        return token

"""News on its way to citizens, in Valkey: heard once, gathered, and made one message."""

import msgspec
from redis.asyncio import Redis

from citizen_bots.conversation import load
from citizen_bots.conversation.news import News
from citizen_bots.host import scripts
from citizen_bots.host.channel import Outgoing, Who
from citizen_bots.host.store import KEPT_S, Store, text_of
from citizen_bots.texts import DEFAULT_LOCALE

TOLD_S = 30 * 86_400
MOST_NEWS = 50

_news = msgspec.json.Decoder(News)
_encode = msgspec.json.Encoder().encode


class Bulletins:
    """What was heard of citizens' reports and is not told yet, and how far each channel's feed was read."""

    QUEUE = "{bots}:notices"

    def __init__(self, store: Store) -> None:
        self._store = store
        self._valkey: Redis = store.valkey
        self._hear = self._valkey.register_script(scripts.HEAR)
        self._proclaim = self._valkey.register_script(scripts.PROCLAIM)

    async def hear(self, who: Who, news: News, due: int) -> bool:
        """Keep news for a citizen, to be told at `due` (milliseconds); return False where it was heard before."""
        keys = [Store.key(who, "news"), self.QUEUE, Store.key(who, f"told:{news.id}")]
        return bool(await self._hear(keys=keys, args=[_encode(news), TOLD_S, KEPT_S, due, who.key]))

    async def gathered(self, who: Who) -> tuple[list[bytes], list[News]]:
        """Return the news that is kept for a citizen, as it lies there and as it reads."""
        kept = await self._valkey.lrange(Store.key(who, "news"), 0, MOST_NEWS - 1)
        items = [item.encode() if isinstance(item, str) else item for item in kept]
        return items, [_news.decode(item) for item in items]

    async def proclaim(self, who: Who, items: list[bytes], message: Outgoing, now: int) -> bool:
        """Put the message for these news into the outbox in their place; False where somebody else did."""
        keys = [Store.key(who, "news"), self.QUEUE, Store.key(who, "out"), Store.DUE]
        args: list[bytes | str | int] = [items[0], len(items), _encode(message), now, who.key, KEPT_S, now]
        return bool(await self._proclaim(keys=keys, args=args))

    async def forget(self, who: Who) -> None:
        """Let go of a citizen's news: there is nobody to tell."""
        await self._valkey.delete(Store.key(who, "news"))
        await self._valkey.zrem(self.QUEUE, who.key)

    async def locale_of(self, who: Who) -> str:
        """Return the language of a citizen's chat."""
        kept = await self._valkey.get(Store.key(who, "state"))
        return load(kept.encode() if isinstance(kept, str) else kept).locale if kept else DEFAULT_LOCALE

    async def cursor(self, channel: str) -> str | None:
        """Return how far a channel's feed was read."""
        kept = await self._valkey.get(f"{{bots}}:cursor:{channel}")
        return text_of(kept) if kept else None

    async def keep_cursor(self, channel: str, cursor: str) -> None:
        """Remember how far a channel's feed was read."""
        await self._valkey.set(f"{{bots}}:cursor:{channel}", cursor)

    async def lead(self, channel: str, token: str, milliseconds: int) -> bool:
        """Become, or stay, the one process that reads a channel's feed; return whether that is so."""
        key = f"{{bots}}:follow:{channel}"
        if await self._valkey.set(key, token, nx=True, px=milliseconds):
            return True
        held = await self._valkey.get(key)
        if held is None or text_of(held) != token:
            return False
        return bool(await self._valkey.pexpire(key, milliseconds))

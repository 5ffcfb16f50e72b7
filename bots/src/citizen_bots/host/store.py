"""What the host keeps in Valkey, one function per step."""

import time
from collections.abc import Sequence

import msgspec
import redis.asyncio as redis
from redis.commands.core import AsyncScript

from citizen_bots.conversation import Content, Reply
from citizen_bots.host import scripts
from citizen_bots.host.channel import Incoming, Outgoing, Who
from citizen_bots.settings import LEASE_S

SEEN_S = 3 * 86_400
"""How long a message's id is remembered: longer than any platform repeats a delivery."""
KEPT_S = 180 * 86_400
MOST_ENTRIES = 32
HELD_MS = 20_000
"""How long an answer that somebody waits for stays out of the outbox's turn: three deliveries, five seconds apart."""
LATER = "later"

_POOL_TIMEOUT_S = 5.0


class Entry(msgspec.Struct, frozen=True):
    """A message as it waits in the inbox; `at` is when it came, in milliseconds."""

    id: str
    content: Content
    at: int
    group: str = ""
    locale: str = ""
    passive: bool = False


class Work(msgspec.Struct, frozen=True):
    """What whoever holds a citizen's lease found: the first entries and the state."""

    token: str
    entries: tuple[Entry, ...]
    state: bytes


Value = bytes | str | int

_entries = msgspec.json.Decoder(Entry)
_replies = msgspec.json.Decoder(tuple[Reply, ...])
_outgoing = msgspec.json.Decoder(Outgoing)
_encode = msgspec.json.Encoder().encode


def now_ms() -> int:
    """Return the time in milliseconds, as all processes share it."""
    return time.time_ns() // 1_000_000


async def open_store(url: str, connections: int = 64, lease_s: float = LEASE_S) -> "Store":
    """Connect; raises `redis.RedisError` where nobody answers and `ValueError` for an address that is none."""
    pool = redis.BlockingConnectionPool.from_url(
        url, max_connections=connections, timeout=_POOL_TIMEOUT_S, socket_timeout=_POOL_TIMEOUT_S
    )
    store = Store(redis.Redis.from_pool(pool), lease_s)
    try:
        await store.valkey.ping()
    except redis.RedisError:
        await store.valkey.aclose()
        raise
    return store


class Store:
    """The keys of citizens and the two queues of who is due."""

    READY = "{bots}:ready"
    DUE = "{bots}:due"

    def __init__(self, valkey: redis.Redis, lease_s: float = LEASE_S) -> None:
        self.valkey = valkey
        self.lease_s = lease_s
        self._lease_ms = int(lease_s * 1000)

        def step(source: str) -> AsyncScript:
            return valkey.register_script(source)

        self._take, self._begin, self._commit = step(scripts.TAKE), step(scripts.BEGIN), step(scripts.COMMIT)
        self._rest, self._renew, self._later = step(scripts.REST), step(scripts.RENEW), step(scripts.LATER)
        self._taken, self._post = step(scripts.TAKEN), step(scripts.POST)
        self._settle, self._put_off = step(scripts.SETTLE), step(scripts.PUT_OFF)
        self._lease_outbox = step(scripts.LEASE_OUTBOX)

    @staticmethod
    def key(who: Who, name: str) -> str:
        """Return the name of one of a citizen's keys."""
        return f"{{bots}}:{name}:{who.key}"

    async def take(self, who: Who, message: Incoming) -> tuple[bool, bool]:
        """Keep a message; return whether it is new, and whether this citizen's messages wait for the gateway."""
        now = now_ms()
        entry = Entry(message.id, message.content, now, message.group, message.locale, message.passive)
        keys = [self.key(who, f"seen:{message.id}"), self.key(who, "in"), self.READY, self.DUE]
        keys += [self.key(who, name) for name in ("blocked", "away", "why")]
        new, away = await self._take(keys=keys, args=[_encode(entry), SEEN_S, KEPT_S, now, who.key])
        return bool(new), bool(away)

    async def begin(self, who: Who, token: str) -> Work | None:
        """Take the lease of a citizen's work and look at it; return None where somebody else holds it."""
        keys = [self.key(who, name) for name in ("lease", "in", "state")]
        found = await self._begin(keys=keys, args=[token, self._lease_ms, MOST_ENTRIES])
        if not found:
            return None
        entries, state = found
        return Work(token, tuple(_entries.decode(entry) for entry in entries), state)

    async def commit(
        self, who: Who, work: Work, done: Sequence[Entry], state: bytes, messages: Sequence[Outgoing]
    ) -> tuple[bool, Work] | None:
        """Remove worked entries, keep the new state and the replies; return what is left to do.

        The first value says whether whoever delivered the last entry may still be waiting for the answer. Returns None
        where the lease was lost: then nothing happened, and somebody else does the work.
        """
        now = now_ms()
        names = ("lease", "in", "state", "tries", "out")
        keys = [*(self.key(who, name) for name in names), self.READY, self.DUE, self.key(who, "away")]
        keys += [self.key(who, f"seen:{entry.id}") for entry in done]
        answer = _encode([message.reply for message in messages]) if done[-1].passive else LATER
        held = now + HELD_MS if done[-1].passive else now
        args: list[Value] = [work.token, state, KEPT_S, now, held, who.key, len(done), answer, MOST_ENTRIES]
        found = await self._commit(keys=keys, args=[*args, *map(_encode, messages)])
        if found is None:
            return None
        waited, rest = found
        entries = tuple(_entries.decode(entry) for entry in rest)
        return bool(waited) and done[-1].passive, Work(work.token, entries, state)

    async def rest(self, who: Who, work: Work, until: int, entry: Entry | None, messages: Sequence[Outgoing]) -> None:
        """Give the lease back until later; `messages` are said meanwhile, in answer to `entry`."""
        now = now_ms()
        keys = [self.key(who, "lease"), self.READY, self.key(who, "in"), self.key(who, "out"), self.DUE]
        keys.append(self.key(who, f"seen:{entry.id if entry else ''}"))
        held = now + HELD_MS if entry and entry.passive else now
        answer = _encode([message.reply for message in messages])
        args: list[Value] = [work.token, until, who.key, now, held, answer, KEPT_S]
        await self._rest(keys=keys, args=[*args, *map(_encode, messages)])

    async def renew(self, who: Who, token: str) -> bool:
        """Keep the lease of a citizen's work; return whether it was still held."""
        return bool(await self._renew(keys=[self.key(who, "lease")], args=[token, self._lease_ms]))

    async def failed(self, who: Who) -> int:
        """Count one more failure of the head; return how many there were."""
        key = self.key(who, "tries")
        count = int(await self.valkey.incr(key))
        await self.valkey.expire(key, KEPT_S)
        return count

    async def away(self, who: Who) -> int:
        """Count one more time that the gateway was away when this citizen's message was tried."""
        key = self.key(who, "away")
        count = int(await self.valkey.incr(key))
        await self.valkey.expire(key, KEPT_S)
        return count

    async def is_parked(self, who: Who) -> bool:
        """Whether the citizen's messages wait for the gateway."""
        return bool(await self.valkey.exists(self.key(who, "away")))

    async def answer(self, who: Who, message: str) -> tuple[Reply, ...] | None:
        """Return the answer to a message, if there is one yet."""
        return _as_answer(await self.valkey.get(self.key(who, f"seen:{message}")))

    async def later(self, who: Who, message: str) -> tuple[Reply, ...] | None:
        """Return the answer to a message, or let the outbox have it when it comes."""
        return _as_answer(await self._later(keys=[self.key(who, f"seen:{message}")], args=[LATER]))

    async def taken(self, who: Who, message: str, count: int) -> bool:
        """Take the first replies to a message out of the outbox: they were handed over; return whether it has more."""
        keys = [self.key(who, "out"), self.DUE]
        return bool(await self._taken(keys=keys, args=[message, count, who.key, now_ms()]))

    async def post(self, who: Who, message: Outgoing, at: int | None = None) -> bool:
        """Put a message into the outbox, for now or for later; return False where it was put there before."""
        keys = [self.key(who, "out"), self.DUE, self.key(who, f"posted:{message.id}")]
        args: list[Value] = [_encode(message), KEPT_S, now_ms() if at is None else at, who.key, SEEN_S]
        return bool(await self._post(keys=keys, args=args))

    async def wake(self, who: Who) -> None:
        """Let what waits in the outbox be tried now."""
        await self.valkey.zadd(self.DUE, {who.key: now_ms()}, xx=True)

    async def due(self, queue: str, most: int) -> list[Who]:
        """Return who of a queue is due."""
        found = await self.valkey.zrange(queue, 0, now_ms(), byscore=True, offset=0, num=most)
        return [Who.of(text_of(name)) for name in found if isinstance(name, bytes | str)]

    async def lease_outbox(self, who: Who, token: str) -> bytes | None:
        """Take the lease of a citizen's outbox and return its first item; None where there is none to take."""
        keys = [self.key(who, "sending"), self.key(who, "out")]
        head: bytes | None = await self._lease_outbox(keys=keys, args=[token, self._lease_ms])
        return head

    async def settle(self, who: Who, token: str, item: bytes) -> bytes | None:
        """Remove an item that is done with; return the next one, or None and the lease is given back."""
        keys = [self.key(who, "sending"), self.key(who, "out"), self.DUE, self.key(who, "why")]
        found: bytes | None = await self._settle(keys=keys, args=[token, item, who.key])
        return found

    async def put_off(self, who: Who, token: str, until: int, why: str) -> None:
        """Try the outbox again later, and remember why."""
        keys = [self.key(who, "sending"), self.DUE, self.key(who, "why")]
        await self._put_off(keys=keys, args=[token, until, who.key, why, KEPT_S])

    async def block(self, who: Who) -> None:
        """Remember that a citizen wants to hear nothing, and forget what waited for them."""
        await self.valkey.set(self.key(who, "blocked"), now_ms(), ex=KEPT_S)
        await self.valkey.delete(self.key(who, "out"))

    async def is_blocked(self, who: Who) -> bool:
        """Whether the citizen wants to hear nothing."""
        return bool(await self.valkey.exists(self.key(who, "blocked")))


def _as_answer(kept: bytes | str | None) -> tuple[Reply, ...] | None:
    if not kept or kept in {LATER, LATER.encode()}:
        return None
    return _replies.decode(kept)


def text_of(kept: bytes | str) -> str:
    """Return what Valkey has as text."""
    return kept.decode() if isinstance(kept, bytes) else kept


def message_of(item: bytes) -> tuple[int, Outgoing]:
    """Return the moment before which an item of the outbox is not sent, and the message."""
    before, _, message = item.partition(b"|")
    return int(before), _outgoing.decode(message)

"""The ledger of what WeChat lets us send to somebody, so that it shows why something waits.

Source: developers.weixin.qq.com, customer messages. A message of the citizen's opens 48 hours for five messages; a
menu's button, following and scanning open one minute for three. What is left does not add up: the better one counts.
"""

from enum import StrEnum

import msgspec
import redis.asyncio as redis

from citizen_bots.host.store import now_ms, text_of
from citizen_bots.wechat.reading import Opening

_OPENED = {Opening.MESSAGE: (48 * 3_600_000, 5), Opening.ACTION: (60_000, 3)}
_KEPT_S = 7 * 86_400

_OPEN = """
-- window · now, until, count, seconds kept
local until_ = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
local left = tonumber(redis.call('HGET', KEYS[1], 'left') or 0)
if until_ <= tonumber(ARGV[1]) then left = 0 end
redis.call('HSET', KEYS[1], 'until', math.max(until_, tonumber(ARGV[2])), 'left', math.max(left, tonumber(ARGV[3])))
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

_SPEND = """
-- window · now, how many; 0 where they were spent, 1 where the time is over, 2 where too few are left
local until_ = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
local left = tonumber(redis.call('HGET', KEYS[1], 'left') or 0)
if until_ <= tonumber(ARGV[1]) then return 1 end
if left < tonumber(ARGV[2]) then return 2 end
redis.call('HINCRBY', KEYS[1], 'left', -ARGV[2])
return 0
"""


class Spent(StrEnum):
    """Whether a customer message may go, and if not, why."""

    YES = "may go"
    CLOSED = "the 48 hours since the citizen last wrote are over"
    USED_UP = "five messages were sent since the citizen last wrote"


class Window(msgspec.Struct, frozen=True):
    """What is left: until when (milliseconds), how many messages, and one-time subscriptions by template."""

    until: int
    left: int
    subscriptions: dict[str, int]


class Ledger:
    """The quotas of an account's citizens, in Valkey."""

    def __init__(self, valkey: redis.Redis) -> None:
        self._valkey = valkey
        self._open = valkey.register_script(_OPEN)
        self._spend = valkey.register_script(_SPEND)

    async def open(self, subject: str, opening: Opening) -> None:
        """Note that the citizen did something that lets us send."""
        if opening is not Opening.NONE:
            span, count = _OPENED[opening]
            now = now_ms()
            await self._open(keys=[_window(subject)], args=[now, now + span, count, _KEPT_S])

    async def spend(self, subject: str, count: int) -> Spent:
        """Spend so many customer messages, where there are as many."""
        found = await self._spend(keys=[_window(subject)], args=[now_ms(), count])
        return (Spent.YES, Spent.CLOSED, Spent.USED_UP)[int(found)]

    async def give_back(self, subject: str, count: int) -> None:
        """Take a spending back: the messages were not sent."""
        await self._valkey.hincrby(_window(subject), "left", count)

    async def close(self, subject: str, why: Spent) -> None:
        """Believe WeChat where it says that nothing may be sent now."""
        field = "until" if why is Spent.CLOSED else "left"
        await self._valkey.hset(_window(subject), field, "0")

    async def subscribe(self, subject: str, template: str, count: int) -> None:
        """Note that the citizen allowed messages of a template, or with 0 that they allow no more."""
        key = _subscriptions(subject)
        if count:
            await self._valkey.hincrby(key, template, count)
        else:
            await self._valkey.hdel(key, template)

    async def spend_subscription(self, subject: str, template: str) -> bool:
        """Spend one allowed message of a template; return whether there was one."""
        left = await self._valkey.hincrby(_subscriptions(subject), template, -1)
        if int(left) >= 0:
            return True
        await self._valkey.hdel(_subscriptions(subject), template)
        return False

    async def look(self, subject: str) -> Window:
        """Return what is left."""
        window = await self._valkey.hgetall(_window(subject))
        allowed = await self._valkey.hgetall(_subscriptions(subject))
        until = int(window.get(b"until", 0))
        left = int(window.get(b"left", 0)) if until > now_ms() else 0
        return Window(until, left, {text_of(name): int(count) for name, count in allowed.items()})


def _window(subject: str) -> str:
    return f"{{bots}}:wechat:window:{subject}"


def _subscriptions(subject: str) -> str:
    return f"{{bots}}:wechat:subscribed:{subject}"

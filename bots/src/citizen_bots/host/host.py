"""The host: takes what channels bring, has it worked and answered, and goes on with what was left behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import structlog
from redis.exceptions import RedisError

from citizen_bots.conversation import Reply, danger_warning
from citizen_bots.gateway import SdkGateway
from citizen_bots.host.bulletins import Bulletins
from citizen_bots.host.channel import Channel, Incoming, Outgoing, Who
from citizen_bots.host.doors import ChannelDoors
from citizen_bots.host.herald import Herald
from citizen_bots.host.postman import Postman
from citizen_bots.host.store import Store
from citizen_bots.host.worker import Worker
from citizen_bots.settings import Settings
from citizen_gateway_sdk import AsyncGateway, models

_log = structlog.get_logger(__name__)

_LOOK_S = 0.25
_AT_ONCE = 64
_POLL_S = 0.1
_AFTER_OUTAGE_S = 1.0

Do = Callable[[Who], Awaitable[None]]


class Host:
    """One process's share in keeping all chats going."""

    def __init__(self, settings: Settings, store: Store, clients: dict[str, AsyncGateway]) -> None:
        self.store = store
        self._clients = clients
        self.channels: dict[str, Channel] = {}
        self._doors = ChannelDoors(clients)
        self._waiting: dict[tuple[Who, str], asyncio.Event] = {}
        self._parked: set[tuple[Who, str]] = set()
        self._postman = Postman(store, self.channels)
        self._worker = Worker(store, self._gateway_of, self._answered, self._posted)
        self._work = Crew(self._worker.work)
        self._mail = Crew(self._postman.deliver)
        self._herald = Herald(settings, store, self._mail.send)
        self._news = Crew(self._herald.tell)

    def add(self, channel: Channel) -> None:
        """Let a channel take part."""
        self.channels[channel.name] = channel

    async def take(self, who: Who, message: Incoming) -> bool:
        """Keep a message and have it worked; return False where it came before.

        When this returns the message is kept, whatever happens to the process. Raises `redis.RedisError` where it
        cannot be kept: then the platform must be told to bring it again.
        """
        new, parked = await self.store.take(who, message)
        if parked:
            self._parked.add((who, message.id))
            await self._warn(who, message)
        else:
            self._work.send(who)
        return new

    async def answer(self, who: Who, message: str, patience: float) -> tuple[Reply, ...] | None:
        """Wait for the answer to a message; return None where it is to come by itself, later.

        Behind messages that wait for the gateway nothing is waited for.
        """
        if (who, message) in self._parked:
            self._parked.discard((who, message))
            return await self.store.later(who, message)
        event = self._waiting.setdefault((who, message), asyncio.Event())
        try:
            deadline = asyncio.get_running_loop().time() + patience
            while (left := deadline - asyncio.get_running_loop().time()) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), min(left, _POLL_S))
                if (found := await self.store.answer(who, message)) is not None:
                    return found
            return await self.store.later(who, message)
        finally:
            self._waiting.pop((who, message), None)

    async def handed_over(self, who: Who, message: str, count: int) -> None:
        """Note that whoever asked has the first replies to a message; the rest goes by the outbox."""
        if await self.store.taken(who, message, count):
            self._mail.send(who)

    async def post(self, who: Who, message: Outgoing, at: int | None = None) -> bool:
        """Send something unasked, once for its id."""
        new = await self.store.post(who, message, at)
        self._mail.send(who)
        return new

    async def session(self, who: Who, locale: str) -> models.Session:
        """Return a session in which a citizen acts elsewhere than in the chat. Raises the SDK's errors."""
        return await self._clients[who.channel].sessions.for_citizen(who.subject, locale=locale)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on with whatever is due, by whomever it was left, until left."""
        tasks = [
            asyncio.create_task(self._look(Store.READY, self._work)),
            asyncio.create_task(self._look(Store.DUE, self._mail)),
            asyncio.create_task(self._look(Bulletins.QUEUE, self._news)),
            *(asyncio.create_task(self._herald.follow(name, self._clients[name])) for name in self.channels),
            *(asyncio.create_task(channel.run()) for channel in self.channels.values()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._work.stop()
            await self._mail.stop()
            await self._news.stop()

    async def _look(self, queue: str, crew: "Crew") -> None:
        while True:
            try:
                for who in await self.store.due(queue, _AT_ONCE):
                    crew.send(who)
            except RedisError as error:
                _log.warning("valkey_away", error=type(error).__name__)
                await asyncio.sleep(_AFTER_OUTAGE_S)
            await asyncio.sleep(_LOOK_S)

    def _gateway_of(self, who: Who, locale: str) -> SdkGateway:
        return SdkGateway(self._doors.door(who, locale), self.channels[who.channel].photo, models.Channel(who.channel))

    def _answered(self, who: Who, message: str) -> None:
        if event := self._waiting.get((who, message)):
            event.set()

    def _posted(self, who: Who) -> None:
        self._mail.send(who)

    async def _warn(self, who: Who, message: Incoming) -> None:
        """Say which number to call although nothing else can be said now: danger does not wait for the gateway."""
        warning = danger_warning(message.content, message.locale)
        if warning:
            await self.post(who, Outgoing(f"{message.id}-danger", warning, locale=message.locale))


class Crew:
    """Does one thing for many citizens at once, and for each of them once at a time."""

    def __init__(self, do: Do) -> None:
        self._do = do
        self._busy: dict[Who, bool] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_AT_ONCE)

    def send(self, who: Who) -> None:
        """Have it done for a citizen: now, or once more when it is being done."""
        if who in self._busy:
            self._busy[who] = True
            return
        self._busy[who] = False
        task = asyncio.create_task(self._go(who))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End what is being done; it is picked up again from where it was kept."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go(self, who: Who) -> None:
        try:
            async with self._room:
                await self._do(who)
        except RedisError as error:
            _log.warning("valkey_away", error=type(error).__name__)
        except Exception:  # noqa: BLE001 - one citizen's trouble is not another's; the log has it
            _log.exception("work_failed", channel=who.channel)
        finally:
            again = self._busy.pop(who)
        if again:
            self.send(who)


def clients_of(url: str, keys: Mapping[str, str]) -> dict[str, AsyncGateway]:
    """Return a client of the gateway for each channel, by its key."""
    return {channel: AsyncGateway(url, token=key, timeout=10.0, max_retries=1) for channel, key in keys.items()}

"""The application that the HTTP server runs."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import msgspec
import structlog
from redis.exceptions import RedisError

from citizen_bots.host.channel import Channel
from citizen_bots.host.host import Host, clients_of
from citizen_bots.host.store import Store, open_store
from citizen_bots.settings import Settings, WrongSettings, load_settings
from citizen_bots.web import JSON, Application, Handler, Request, Response, Routes
from citizen_bots.wechat.channel import WeChat
from citizen_bots.wechat.login import MiniProgram
from citizen_gateway_sdk import AsyncGateway


def create_app() -> Application:
    """Make the application from the environment: what a server process starts."""
    settings = load_settings()
    configure_logging(settings)

    @asynccontextmanager
    async def life() -> AsyncIterator[Routes]:
        async with living(settings) as routes:
            yield routes

    return Application(life)


@asynccontextmanager
async def living(settings: Settings) -> AsyncIterator[Routes]:
    """Open all that is needed, go on with what was left, and give what is served. Raises `WrongSettings`."""
    async with AsyncExitStack() as stack:
        store = await connected(settings)
        stack.push_async_callback(store.valkey.aclose)
        clients = clients_of(settings.gateway_url, keys_of(settings))
        for client in clients.values():
            stack.push_async_callback(client.aclose)
        host = Host(settings, store, clients)
        for name in settings.channels:
            host.add(channel(name, settings, host))
        await stack.enter_async_context(host.running())
        health = Health(store)
        routes: dict[str, Handler] = {"/health": health.alive, "/ready": health.ready}
        for each in host.channels.values():
            routes.update(each.routes())
        if mini := await stack.enter_async_context(miniprogram(settings, store)):
            routes.update(mini.routes())
        yield routes


def channel(name: str, settings: Settings, host: Host) -> Channel:
    """Make a channel by its name. Raises `WrongSettings`."""
    try:
        match name:
            case "wechat":
                return WeChat(settings, host)
            case "telegram":
                from citizen_bots.telegram.channel import Telegram  # noqa: PLC0415 - aiogram takes seconds and megabytes

                return Telegram(settings, host)
    except ValueError as error:
        raise WrongSettings(f"The settings of {name} are wrong: {error}.") from error
    raise WrongSettings(f"There is no channel {name}.")


@asynccontextmanager
async def miniprogram(settings: Settings, store: Store) -> AsyncIterator[MiniProgram | None]:
    """Open what a mini-program asks for, where one is configured. Raises `WrongSettings`."""
    if not settings.miniprogram_app_id:
        yield None
        return
    if not settings.miniprogram_secret or not settings.miniprogram_gateway_key:
        raise WrongSettings("A mini-program needs --miniprogram-secret and --miniprogram-gateway-key.")
    client = AsyncGateway(settings.gateway_url, token=settings.miniprogram_gateway_key, timeout=10.0, max_retries=1)
    async with client, httpx2.AsyncClient() as http:
        yield MiniProgram(settings, http, store.valkey, client)


def keys_of(settings: Settings) -> dict[str, str]:
    """Return the API key of each configured channel. Raises `WrongSettings` where one is missing."""
    found = {}
    for name in settings.channels:
        key = settings.key_of(name)
        if key is None:
            raise WrongSettings(f"The channel {name} has no API key: give --gateway-key or --{name}-gateway-key.")
        found[name] = key
    return found


async def connected(settings: Settings) -> Store:
    """Open the store. Raises `WrongSettings`."""
    if settings.redis_url is None:
        raise WrongSettings("Chats are kept in Valkey or Redis: give --redis-url or REDIS_URL.")
    try:
        return await open_store(settings.redis_url, lease_s=settings.lease_s)
    except (RedisError, ValueError, OSError) as error:
        raise WrongSettings(f"Valkey cannot be reached: {error}.") from error


class Health:
    """Whether the process lives, and whether it can keep what it is brought."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def alive(self, _request: Request) -> Response:
        """Answer that the process lives."""
        return Response(200, b'{"status":"ok"}', JSON)

    async def ready(self, _request: Request) -> Response:
        """Answer whether messages can be kept; the gateway may be away without harm."""
        try:
            await self._store.valkey.ping()
        except RedisError as error:
            told = {"status": "unavailable", "valkey": type(error).__name__}
            return Response(503, msgspec.json.encode(told), JSON)
        return Response(200, b'{"status":"ok"}', JSON)


def configure_logging(settings: Settings) -> None:
    """Send structured lines to standard error. None of them names a citizen or repeats what they said."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    renderer = structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")

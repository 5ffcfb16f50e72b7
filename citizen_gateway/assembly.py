"""The parts a process is put together from, opened once from the settings and closed in reverse."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec
import redis.asyncio as redis

from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import NoCityError, read_city
from citizen_gateway.intake.service import Intake
from citizen_gateway.kernel.clock import Clock, system_clock
from citizen_gateway.media.darkroom import Darkroom
from citizen_gateway.open311.service import Open311
from citizen_gateway.partners.bell import Bell
from citizen_gateway.partners.sandbox import Sandbox
from citizen_gateway.platform.blobs import open_blobs
from citizen_gateway.platform.cache import open_cache
from citizen_gateway.platform.db import Pool, applied_migrations, known_migrations, open_pool
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.limits import Limiter
from citizen_gateway.platform.sandbox import SEARCH_PATH
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault, open_vault


class Parts(msgspec.Struct, frozen=True):
    """What a process works with."""

    settings: Settings
    clock: Clock
    pool: Pool
    cache: redis.Redis
    vault: Vault
    darkroom: Darkroom
    city: City
    limiter: Limiter
    doorkeeper: Doorkeeper
    intake: Intake
    bell: Bell
    sandbox: Sandbox
    open311: Open311

    def by_type(self) -> Mapping[type[object], object]:
        """Return the parts as handlers ask for them."""
        return {type(part): part for part in msgspec.structs.astuple(self)}


@asynccontextmanager
async def assemble(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Parts]:
    """Open everything. Raises `StartupError` with the one thing that is missing."""
    if settings.database_url is None or settings.redis_url is None:
        raise StartupError("DATABASE_URL and REDIS_URL are needed here; `citizen-gateway up` brings its own engines.")
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.database_url, settings.pool_size)
        stack.push_async_callback(pool.close)
        sandbox = await open_pool(settings.database_url, settings.pool_size, search_path=SEARCH_PATH)
        stack.push_async_callback(sandbox.close)
        cache = await open_cache(settings.redis_url)
        stack.push_async_callback(cache.aclose)
        async with pool.acquire() as conn:
            if missing := known_migrations() - await applied_migrations(conn):
                raise StartupError(f"The database lacks {len(missing)} migrations; run `citizen-gateway migrate`.")
            try:
                city = await read_city(conn)
            except NoCityError as error:
                raise StartupError(f"No city is loaded: {error}.") from error
        vault, limiter = open_vault(settings), Limiter(cache)
        yield Parts(
            settings=settings,
            clock=clock,
            pool=pool,
            cache=cache,
            vault=vault,
            darkroom=Darkroom(open_blobs(settings.blob_url, settings.data_dir)),
            city=city,
            limiter=limiter,
            doorkeeper=Doorkeeper(pool),
            intake=Intake(city, vault, limiter, settings),
            bell=Bell(pool),
            sandbox=Sandbox(sandbox, Bell(sandbox)),
            open311=Open311(city),
        )

"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable

import msgspec
import redis.asyncio as redis
import structlog
from litestar import Controller, Response, get
from litestar.openapi.datastructures import ResponseSpec

from citizen_gateway.city.read_model import City
from citizen_gateway.platform.db import Pool
from citizen_gateway.platform.http import Work

_log = structlog.get_logger(__name__)


class Health(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str = "ok"


class Readiness(msgspec.Struct, frozen=True):
    """Whether each part answers."""

    ready: bool
    city: str
    parts: dict[str, bool]


_NOT_READY = ResponseSpec(Readiness, generate_examples=False, description="Not now: a part does not answer")


class HealthController(Controller):
    """Health."""

    tags = ("health",)

    @get("/health", operation_id="getHealth", summary="Does it live?")
    async def health(self) -> Health:
        """Say that the process answers; looks at nothing else."""
        return Health()

    @get("/ready", operation_id="getReadiness", summary="Can it work?", responses={503: _NOT_READY})
    async def ready(self, *, work: Work) -> Response[Readiness]:
        """Ask the database and Valkey; 503 where one of them does not answer."""
        pool, cache, city = work.part(Pool), work.part(redis.Redis), work.part(City)
        parts = {
            "database": await _answers("database", lambda: pool.fetchval("select 1", timeout=2)),
            "valkey": await _answers("valkey", cache.ping),
        }
        ready = all(parts.values())
        return Response(Readiness(ready, city.name, parts), status_code=200 if ready else 503)


async def _answers(name: str, ask: Callable[[], Awaitable[object]]) -> bool:
    try:
        await ask()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, it is not ready
        _log.warning("not_ready", part=name, error=repr(error))
        return False
    return True

"""The background process: jobs that are due, readers of the event log, and the month's partitions."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import structlog

from citizen_gateway.accounts import keys
from citizen_gateway.assembly import Parts, assemble
from citizen_gateway.desk import indexing
from citizen_gateway.handover import jobs as handover_jobs
from citizen_gateway.handover import service as handover
from citizen_gateway.insights import jobs as insight_jobs
from citizen_gateway.insights import mornings, recounting
from citizen_gateway.insights import store as insights
from citizen_gateway.intake import upkeep
from citizen_gateway.media.jobs import forget_duty, thumbnail_duty
from citizen_gateway.partners.webhooks.dispatch import Dispatcher
from citizen_gateway.partners.webhooks.sending import Sender
from citizen_gateway.platform import events, idempotency, jobs
from citizen_gateway.platform.db import Transaction, begin
from citizen_gateway.platform.events import Event, Handler
from citizen_gateway.platform.jobs import Duty
from citizen_gateway.platform.settings import Settings
from citizen_gateway.points import earning
from citizen_gateway.points import jobs as points_jobs
from citizen_gateway.points import service as ledger
from citizen_gateway.points.rewards import service as rewards
from citizen_gateway.privacy import jobs as privacy_jobs
from citizen_gateway.privacy import service as privacy
from citizen_gateway.satisfaction import jobs as satisfaction_jobs
from citizen_gateway.satisfaction import service as satisfaction
from citizen_gateway.tickets import jobs as ticket_jobs
from citizen_gateway.tickets import service as tickets

_IDLE_S = 0.2
_AFTER_FAILURE_S = 2.0
_UPKEEP = timedelta(hours=1)
_MORNING = timedelta(minutes=1)
_PEOPLE_AT_ONCE = 200

_log = structlog.get_logger(__name__)


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Work until told to stop."""
    async with assemble(settings) as parts:
        conn = await asyncpg.connect(settings.database_url)
        sender = Sender(development=settings.development)
        dispatcher = Dispatcher((parts.pool, parts.sandbox.pool), parts.clock, parts.vault, parts.city, sender)
        queuer = jobs.queue(conn)
        for duty in duties(parts):
            jobs.employ(queuer, parts.pool, parts.clock, duty)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(jobs.work(queuer))
                for name, handler in readers(parts).items():
                    group.create_task(_repeat(name, _reading(parts, name, handler), stop))
                group.create_task(_repeat("webhooks", _dispatching(dispatcher), stop))
                group.create_task(_repeat("webhooks' log", _forgetting(dispatcher), stop))
                group.create_task(_repeat("upkeep", _upkeep(parts), stop))
                group.create_task(_repeat("mornings", _mornings(parts), stop))
                group.create_task(_repeat("points_expiry", _writing_off(parts), stop))
                _log.info("worker_ready")
                await stop.wait()
                queuer.shutdown.set()
            await dispatcher.settle()
        finally:
            await sender.aclose()
            await conn.close()


def readers(parts: Parts) -> Mapping[str, Handler]:
    """Return who follows the event log, each under the name its place in the log is kept by."""

    async def points(tx: Transaction, event: Event) -> None:
        await earning.on_event(tx, parts.city, event)

    async def count(tx: Transaction, event: Event) -> None:
        await recounting.on_event(tx, parts.city, event)

    async def ask(tx: Transaction, event: Event) -> None:
        await satisfaction.on_event(tx, parts.city, event)

    return {
        "satisfaction": ask,
        insights.READER: count,
        "desk": indexing.reader(parts.city, parts.vault),
        "intake": upkeep.reader(parts.city, parts.intake.joiner),
        "points": points,
    }


def duties(parts: Parts) -> Sequence[Duty[Any]]:
    """Return what the worker does: one duty per kind of job."""

    async def check_due(tx: Transaction, due: ticket_jobs.Due) -> None:
        await tickets.check_due(tx, parts.city, due)

    async def window_over(tx: Transaction, over: satisfaction_jobs.WindowOver) -> None:
        await satisfaction.window_over(tx, parts.city, over)

    async def redemption_over(tx: Transaction, over: points_jobs.RedemptionOver) -> None:
        await rewards.run_out(tx, parts.city, over)

    async def settle(tx: Transaction, order: privacy_jobs.Settle) -> None:
        await privacy.settle(tx, parts.city, parts.vault, order)

    async def make_briefing(tx: Transaction, wanted: insight_jobs.MakeBriefing) -> None:
        await mornings.make_briefing(tx, parts.city, wanted)

    return [
        thumbnail_duty(parts.darkroom),
        forget_duty(parts.darkroom),
        Duty(privacy_jobs.SETTLE, settle),
        Duty(ticket_jobs.DUE, check_due),
        Duty(satisfaction_jobs.WINDOW_OVER, window_over),
        Duty(points_jobs.REDEMPTION_OVER, redemption_over),
        Duty(handover_jobs.SIGN_DUE, handover.check_signed),
        Duty(insight_jobs.MAKE_BRIEFING, make_briefing),
    ]


async def _repeat(name: str, step: Callable[[], Awaitable[float]], stop: asyncio.Event) -> None:
    """Take a step again and again, pausing as many seconds as it says; one that fails is logged and tried again."""
    while not stop.is_set():
        try:
            pause = await step()
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is still to be done
            _log.error("step_failed", step=name, exc_info=error)
            pause = _AFTER_FAILURE_S
        await _pause(stop, pause)


def _reading(parts: Parts, name: str, handler: Handler) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        return 0.0 if await events.read_on(parts.pool, name, handler, parts.clock()) else _IDLE_S

    return step


def _dispatching(dispatcher: Dispatcher) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        return 0.0 if await dispatcher.step() else _IDLE_S

    return step


def _forgetting(dispatcher: Dispatcher) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        await dispatcher.forget_old()
        return _UPKEEP.total_seconds()

    return step


def _upkeep(parts: Parts) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        async with begin(parts.pool, parts.clock()) as tx:
            await events.ensure_partitions(tx.conn, tx.now)
            await idempotency.forget_old(tx)
            await keys.forget_tokens(tx)
        return _UPKEEP.total_seconds()

    return step


def _mornings(parts: Parts) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        async with begin(parts.pool, parts.clock()) as tx:
            await mornings.ask_for_briefings(tx, parts.city)
        return _MORNING.total_seconds()

    return step


def _writing_off(parts: Parts) -> Callable[[], Awaitable[float]]:
    async def step() -> float:
        async with begin(parts.pool, parts.clock()) as tx:
            some = await ledger.write_off(tx, parts.city, _PEOPLE_AT_ONCE)
        return 0.0 if some else _UPKEEP.total_seconds()

    return step


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds or 0.001)
    except TimeoutError:
        return


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await work(settings, stop)

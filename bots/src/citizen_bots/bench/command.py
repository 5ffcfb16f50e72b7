"""`citizen-bots bench`: servers of its own, loaded from another process, on a Valkey that is there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import click
import msgspec

from citizen_bots.bench.figures import Figures, Load, Measured
from citizen_bots.bench.servers import cpu_s, free_port, memory_mb, server

_TOKEN, _BOT = "bench", "7:bench"
_MANY = 4

Loads = Callable[[str], AbstractAsyncContextManager[Load]]


class Run(msgspec.Struct, frozen=True):
    """One run: the channels, and beside them a bare aiogram bot that echoes, under Telegram's load."""

    wechat: Measured
    telegram: Measured
    bare_echo: Measured
    rate_of_bare_echo: float
    """How many updates a second one process of Telegram's answers, flooded, for each that the bare bot does."""
    cpu_of_bare_echo: float
    """How much of the processor an update costs for what it costs the bare bot, at the rate."""


class Plan(msgspec.Struct, frozen=True):
    """How the servers are loaded."""

    redis_url: str
    rate: int
    seconds: float
    processes: int


@click.command()
@click.option(
    "--redis-url", envvar=["CITIZEN_BOTS_REDIS_URL", "REDIS_URL"], required=True, help="Valkey to keep chats in."
)
@click.option("--rate", type=int, default=500, show_default=True, help="Messages a second.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="For how long.")
@click.option("--processes", type=int, default=1, show_default=True, help="Serving processes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(*, as_json: bool, redis_url: str, rate: int, seconds: float, processes: int) -> None:
    """Measure WeChat's and Telegram's endpoints: time to an answer at a rate, how many a second at most, and memory.

    Every message is another citizen's, is kept, worked and answered; none needs the gateway. A bare aiogram bot that
    echoes is measured by Telegram's load. Flooded is four times the rate, and must be more than any of them can answer.
    Valkey keeps what it is given for the usual time: use one that may be thrown away.
    """
    plan = Plan(redis_url, rate, seconds, processes)
    wechat, telegram, echo = _wechat(plan), _telegram(plan), _bare_echo(plan)
    run = Run(
        wechat,
        telegram,
        echo,
        round(telegram.per_second_per_process / max(echo.per_second_per_process, 0.1), 2),
        round(telegram.cpu_ms_per_update / max(echo.cpu_ms_per_update, 0.01), 2),
    )
    if as_json:
        click.echo(msgspec.json.encode(run).decode())
        return
    for name, measured in (("WeChat", wechat), ("Telegram", telegram), ("bare aiogram echo", echo)):
        _show(name, measured)
    click.echo(f"Telegram for each of the bare echo's: {run.rate_of_bare_echo} updates a second and process")
    click.echo(f"  and {run.cpu_of_bare_echo} of its processor's time for an update")


def _wechat(plan: Plan) -> Measured:
    from citizen_bots.bench.wechat import load  # noqa: PLC0415 - a list of the commands needs none of it

    @asynccontextmanager
    async def loads(url: str) -> AsyncIterator[Load]:
        async def at(rate: int, seconds: float) -> Figures:
            return await load(f"{url}/wechat", _TOKEN, rate, seconds)

        yield at

    return _bots(plan, {"WECHAT_TOKEN": _TOKEN}, loads)


def _telegram(plan: Plan) -> Measured:
    from citizen_bots.bench.telegram import telegram  # noqa: PLC0415 - likewise

    api = free_port()
    settings = {
        "TELEGRAM_TOKEN": _BOT,
        "TELEGRAM_SECRET": _TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{api}",
    }
    return _bots(plan, settings, lambda url: telegram(f"{url}/telegram", _TOKEN, api))


def _bare_echo(plan: Plan) -> Measured:
    from citizen_bots.bench.telegram import telegram  # noqa: PLC0415 - likewise

    api, port = free_port(), free_port()
    settings = {"API": f"http://127.0.0.1:{api}", "PORT": str(port), "TOKEN": _BOT, "SECRET": _TOKEN}
    environment = {f"ECHO_{name}": value for name, value in settings.items()}
    with server(port, "citizen_bots.bench.echo", environment=environment) as group:
        loads = telegram(f"http://127.0.0.1:{port}/telegram", _TOKEN, api)
        return asyncio.run(_measured(plan, 1, group, loads))


def _bots(plan: Plan, channel: dict[str, str], loads: Loads) -> Measured:
    port = free_port()
    settings = channel | {
        "GATEWAY_KEY": "none",
        "REDIS_URL": plan.redis_url,
        "LOG_LEVEL": "error",
        "PORT": str(port),
        "PROCESSES": str(plan.processes),
    }
    environment = {f"CITIZEN_BOTS_{name}": value for name, value in settings.items()}
    with server(port, "citizen_bots", "serve", environment=environment) as group:
        return asyncio.run(_measured(plan, plan.processes, group, loads(f"http://127.0.0.1:{port}")))


async def _measured(plan: Plan, processes: int, group: int, loads: AbstractAsyncContextManager[Load]) -> Measured:
    async with loads as load:
        await load(50, 1.0)
        before = cpu_s(group)
        at_rate = await load(plan.rate, plan.seconds)
        spent = (cpu_s(group) - before) * 1000 / max(at_rate.answered, 1)
        flooded = await load(plan.rate * _MANY, plan.seconds / 2)
    each = round(flooded.per_second / processes, 1)
    return Measured(plan.rate, at_rate, flooded, processes, each, memory_mb(group), round(spent, 2))


def _show(name: str, measured: Measured) -> None:
    at_rate, flooded = measured.at_rate, measured.flooded
    click.echo(
        f"{name} at {measured.rate}/s: {at_rate.answered} of {at_rate.sent} answered, "
        f"p50 {at_rate.p50_ms} ms, p99 {at_rate.p99_ms} ms"
    )
    click.echo(
        f"  flooded: {flooded.per_second}/s with {measured.processes} process(es), {measured.memory_mb} MB; "
        f"processor: {measured.cpu_ms_per_update} ms for each message"
    )

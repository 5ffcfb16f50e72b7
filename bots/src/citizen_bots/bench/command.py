"""`citizen-bots bench`: a server of its own, loaded from another process, on a Valkey that is there."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import httpx2
import msgspec

from citizen_bots.bench.wechat import Figures, load

_TOKEN = "bench"  # noqa: S105 - of a server that lives for this measurement alone
_PATIENCE_S = 30.0
_MANY = 4


class Measured(msgspec.Struct, frozen=True):
    """The figures of one run; memory is that of the server's processes together, in megabytes."""

    rate: int
    at_rate: Figures
    flooded: Figures
    processes: int
    memory_mb: float
    cpu_ms_per_update: float
    """What the server's processes spent for one answered message, at the rate: a machine with others at work shows less
    a second than this allows."""


@click.command()
@click.option(
    "--redis-url", envvar=["CITIZEN_BOTS_REDIS_URL", "REDIS_URL"], required=True, help="Valkey to keep chats in."
)
@click.option("--rate", type=int, default=500, show_default=True, help="Messages a second.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="For how long.")
@click.option("--processes", type=int, default=1, show_default=True, help="Serving processes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(*, redis_url: str, rate: int, seconds: float, processes: int, as_json: bool) -> None:
    """Measure WeChat's endpoint: the time to an answer at a rate, how many a second at most, and memory.

    Every message is another citizen's, is kept, worked and answered; none needs the gateway. Valkey keeps what it is
    given for the usual time: use one that may be thrown away.
    """
    with _server(redis_url, processes) as (url, group):
        asyncio.run(load(url, _TOKEN, 50, 1.0))
        before = _cpu_s(group)
        at_rate = asyncio.run(load(url, _TOKEN, rate, seconds))
        spent = (_cpu_s(group) - before) * 1000 / max(at_rate.answered, 1)
        flooded = asyncio.run(load(url, _TOKEN, rate * _MANY, seconds / 2))
        measured = Measured(rate, at_rate, flooded, processes, _memory_mb(group), round(spent, 2))
    if as_json:
        click.echo(msgspec.json.encode(measured).decode())
        return
    click.echo(
        f"at {rate}/s: {at_rate.answered} of {at_rate.sent} answered, p50 {at_rate.p50_ms} ms, p99 {at_rate.p99_ms} ms"
    )
    click.echo(f"flooded: {flooded.per_second}/s with {processes} process(es), {measured.memory_mb} MB")
    click.echo(f"processor: {measured.cpu_ms_per_update} ms for each message")


@contextmanager
def _server(redis_url: str, processes: int) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "WECHAT_TOKEN": _TOKEN,
        "GATEWAY_KEY": "none",
        "REDIS_URL": redis_url,
        "LOG_LEVEL": "error",
        "PORT": str(port),
        "PROCESSES": str(processes),
    }
    environment = os.environ | {f"CITIZEN_BOTS_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "citizen_bots", "serve"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as server:  # noqa: S603 - our own command
        try:
            _wait(f"http://127.0.0.1:{port}/ready")
            yield f"http://127.0.0.1:{port}/wechat", server.pid
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _wait(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if httpx2.get(url).status_code == 200:
                return
        except httpx2.RequestError:
            time.sleep(0.1)
    raise click.ClickException("The server did not become ready.")


def _cpu_s(group: int) -> float:
    """Return the processor's time that the processes of a group have had, in seconds."""
    ticks = 0
    for folder in _members(group):
        fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _members(group: int) -> list[Path]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(folder.name)) == group:
                found.append(folder)
    return found


def _memory_mb(group: int) -> float:
    """Return the memory that the processes of a group use alone (Linux: the sum of their proportional sets)."""
    total = 0
    for folder in _members(group):
        lines = (folder / "smaps_rollup").read_text("ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1)

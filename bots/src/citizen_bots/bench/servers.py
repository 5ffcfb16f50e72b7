"""Servers that are measured: started in a group of processes of their own, and what such a group uses."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import httpx2

_PATIENCE_S = 30.0
_STDERR = 2
"""Where servers say that they start: what is printed here may be JSON."""


@contextmanager
def server(port: int, module: str, *arguments: str, environment: Mapping[str, str] = {}) -> Iterator[int]:
    """Run a module until left, and give its group once it is ready at the port. Raises `click.ClickException`."""
    command = [sys.executable, "-m", module, *arguments]
    given = os.environ | environment
    with subprocess.Popen(command, env=given, stdout=_STDERR, start_new_session=True) as started:  # noqa: S603 - ours
        try:
            _wait(f"http://127.0.0.1:{port}/ready")
            yield started.pid
        finally:
            os.killpg(started.pid, signal.SIGTERM)
            started.wait()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_s(group: int) -> float:
    """Return the processor's time that the processes of a group have had, in seconds."""
    ticks = 0
    for folder in _members(group):
        fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(group: int) -> float:
    """Return the memory that the processes of a group use alone (Linux: the sum of their proportional sets)."""
    total = 0
    for folder in _members(group):
        lines = (folder / "smaps_rollup").read_text("ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1)


def _wait(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if httpx2.get(url).status_code == 200:
                return
        except httpx2.RequestError:
            time.sleep(0.1)
    raise click.ClickException("The server did not become ready.")


def _members(group: int) -> list[Path]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(folder.name)) == group:
                found.append(folder)
    return found

"""A whole gateway as one thing: engines, HTTP and worker, started in order and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from citizen_gateway.cli.preparing import prepare_database
from citizen_gateway.platform.engines import Engines, start_engines
from citizen_gateway.platform.engines.children import reason, spawn, stop
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import PREFIX, Settings, as_environment

_READY_PATIENCE_S = 60.0
_RESTART_PAUSE_S = 1.0

Say = Callable[[str], None]


class Process:
    """One of our own processes, kept alive."""

    def __init__(self, name: str, arguments: list[str], settings: Settings) -> None:
        self.name = name
        self.log = settings.data_dir / "logs" / f"{name}.log"
        self._command = [sys.executable, "-m", "citizen_gateway", *arguments]
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its log goes below the data folder."""
        with self.log.open("ab") as log:
            self._child = spawn(self._command, signal.SIGTERM, log=log, environment=self._environment())

    def _environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return others | as_environment(self._settings)

    def stop(self) -> None:
        """End it in order."""
        if self._child:
            stop(self._child, signal.SIGTERM)

    @property
    def pid(self) -> int:
        """Its process id; 0 before it was started."""
        return self._child.pid if self._child else 0

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None


class Running(msgspec.Struct, frozen=True):
    """A gateway that answers at `url`."""

    url: str
    settings: Settings
    engines: Engines
    processes: tuple[Process, ...]

    def keep(self) -> None:
        """Keep it running until a signal: a process of ours that ends is started again.

        Raises `StartupError` when an engine ends: without it nothing can be promised.
        """
        while True:
            if not self.engines.running:
                raise StartupError(f"A private engine ended by itself; see {self.settings.data_dir / 'logs'}.")
            for process in self.processes:
                if not process.running:
                    process.start()
            time.sleep(_RESTART_PAUSE_S)


@contextmanager
def running(settings: Settings, say: Say = lambda _text: None) -> Iterator[Running]:
    """Start a whole gateway, and end all of it on leaving. Raises `StartupError`."""
    settings = msgspec.structs.replace(settings, port=free_port(settings.host, settings.port))
    with ExitStack() as stack:
        stack.enter_context(_ended_by_signals())
        say("Starting PostgreSQL and Valkey")
        engines = stack.enter_context(start_engines(settings))
        settings = msgspec.structs.replace(
            settings, database_url=engines.database_url, redis_url=engines.redis_url, data=str(settings.data_dir)
        )
        prepare_database(settings, say)
        say("Starting HTTP and the worker")
        processes = tuple(Process(name, [name], settings) for name in ("serve", "worker"))
        for process in processes:
            stack.callback(process.stop)
            process.start()
        url = f"http://{settings.host}:{settings.port}"
        _wait_until_ready(url, processes)
        yield Running(url, settings, engines, processes)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind like Ctrl-C, so that all we started is ended."""

    def unwind(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, unwind) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def free_port(host: str, port: int) -> int:
    """Return the port if it can be listened on, a free one for 0. Raises `StartupError` where it is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartupError(
                f"Port {port} on {host} cannot be used ({error.strerror}); choose another with --port."
            ) from error
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, processes: tuple[Process, ...]) -> None:
    deadline = time.monotonic() + _READY_PATIENCE_S
    while time.monotonic() < deadline:
        for process in processes:
            if not process.running:
                raise StartupError(f"The {process.name} process did not start: {reason(process.log)}")
        if answers(f"{url}/ready"):
            return
        time.sleep(0.1)
    raise StartupError(f"The gateway did not become ready in {_READY_PATIENCE_S:.0f} s; see {_folder(processes)}.")


def answers(url: str) -> bool:
    """Whether a GET there is answered with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def answers_at(host: str, port: int) -> bool:
    """Whether anything listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((host, port)) == 0


def _folder(processes: tuple[Process, ...]) -> Path:
    return processes[0].log.parent

"""Both engines as one thing to start and stop, with the data folder locked against a second gateway."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from citizen_gateway.platform.engines.postgres import Postgres
from citizen_gateway.platform.engines.valkey import Valkey
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

_LEAST_FREE_BYTES = 200 * 1024 * 1024


class Engines(msgspec.Struct, frozen=True):
    """Where the engines listen, whoever started them; `private` are those we did."""

    database_url: str
    redis_url: str
    private: tuple[Postgres | Valkey, ...] = ()

    @property
    def running(self) -> bool:
        """Whether all private engines still run."""
        return all(engine.running for engine in self.private)


@contextmanager
def start_engines(settings: Settings) -> Iterator[Engines]:
    """Start the engines that no URL names, and end them on leaving.

    Raises `StartupError` for a data folder that cannot be used: no rights, no space, a path too long, already in use.
    """
    home = settings.data_dir
    with ExitStack() as stack:
        stack.enter_context(prepared(home))
        private: list[Postgres | Valkey] = []
        database_url, redis_url = settings.database_url, settings.redis_url
        with _explained(home):
            if database_url is None:
                postgres = Postgres(home)
                stack.callback(postgres.stop)
                postgres.start()
                database_url = postgres.url
                private.append(postgres)
            if redis_url is None:
                valkey = Valkey(home)
                stack.callback(valkey.stop)
                valkey.start()
                redis_url = valkey.url
                private.append(valkey)
        yield Engines(database_url, redis_url, tuple(private))


@contextmanager
def prepared(home: Path) -> Iterator[None]:
    """Make the data folder ready and hold it: one gateway per folder."""
    with _explained(home):
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        (home / "logs").mkdir(mode=0o700, exist_ok=True)
        free = shutil.disk_usage(home).free
        if free < _LEAST_FREE_BYTES:
            raise StartupError(
                f"There is no disk space left for {home}: {free >> 20} MiB free, {_LEAST_FREE_BYTES >> 20} needed."
            )
        descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartupError(f"Another gateway already uses the data folder {home}.") from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StartupError(f"There is no disk space left for {home}.") from error
        if isinstance(error, PermissionError):
            raise StartupError(f"You have no right to use the data folder {home}: {error.strerror}.") from error
        raise StartupError(f"The data folder {home} cannot be used: {error.strerror or error}.") from error

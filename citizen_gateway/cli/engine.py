"""A database made ready for a command that works on one: the configured one, or a private one below the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from rich.console import Console

from citizen_gateway.cli.preparing import prepare_database
from citizen_gateway.platform.engines import start_engines
from citizen_gateway.platform.settings import Settings

_screen = Console(stderr=True, highlight=False)


@contextmanager
def ready_database(settings: Settings) -> Iterator[Settings]:
    """Give settings whose database has all tables and the city pack. Raises `StartupError`."""
    with _screen.status("Starting") as status:
        if settings.database_url is not None:
            prepare_database(settings, status.update)
            status.stop()
            yield settings
            return
        with start_engines(settings) as engines:
            ready = msgspec.structs.replace(
                settings,
                database_url=engines.database_url,
                redis_url=engines.redis_url,
                data=str(settings.data_dir),
            )
            prepare_database(ready, status.update)
            status.stop()
            yield ready

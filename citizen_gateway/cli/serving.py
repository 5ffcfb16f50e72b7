"""HTTP by Granian, in one or more processes."""

import logging
import os
from typing import Any

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from citizen_gateway.cli.options import common, settings_from
from citizen_gateway.platform.settings import as_environment

_BACKLOG = 2048
_IN_FLIGHT = 512


@click.command()
@common
def serve(**given: Any) -> None:  # noqa: ANN401 - from click
    """Serve HTTP until SIGTERM or SIGINT, answering what is under way. Needs DATABASE_URL and REDIS_URL."""
    settings = settings_from(**given)
    logging.basicConfig(level=logging.WARNING)
    os.environ.update(as_environment(settings))  # its HTTP processes read their settings from there
    Granian(
        "citizen_gateway.app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.processes,
        factory=True,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        backlog=_BACKLOG,
        backpressure=_IN_FLIGHT,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()

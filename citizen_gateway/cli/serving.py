"""HTTP by Granian, in one or more processes."""

import logging

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from citizen_gateway.platform.settings import Settings

_BACKLOG = 2048
_IN_FLIGHT = 512


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first. The processes read their settings anew."""
    logging.basicConfig(level=logging.WARNING)
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

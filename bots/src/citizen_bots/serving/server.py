"""HTTP by Granian."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

_IN_FLIGHT = 2048


def serve_app(target: str, address: tuple[str, int], environment: dict[str, str], processes: int = 1) -> None:
    """Run an application until SIGTERM or SIGINT; its processes read the environment."""
    os.environ.update(environment)
    host, port = address
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        factory=True,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        backpressure=_IN_FLIGHT,
        websockets=False,
        log_access=False,
        workers_kill_timeout=10,
    ).serve()

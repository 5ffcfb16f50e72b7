"""`worker`: the background work."""

import asyncio
from typing import Any

import click

from citizen_gateway.cli.options import common, settings_from
from citizen_gateway.platform.telemetry import configure_logging
from citizen_gateway.worker import run


@click.command()
@common
def worker(**given: Any) -> None:  # noqa: ANN401 - from click
    """Do the background work. Needs DATABASE_URL and REDIS_URL."""
    settings = settings_from(**given)
    configure_logging(settings)
    asyncio.run(run(settings))

"""`insights`: figures made anew, and each morning's briefing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import NoCityError, read_city
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import database_url
from citizen_gateway.insights import recounting
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

T = TypeVar("T")


@click.group()
def insights() -> None:
    """Figures from events."""


@insights.command()
@common
@as_json
def recompute(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Make all figures anew from the event log alone. Needs DATABASE_URL."""
    count = with_city(settings_from(**given), recounting.recompute)
    told = f"{count.events} events: {count.tickets} tickets, {count.turns} turns, {count.votes} votes"
    click.echo(msgspec.json.encode(count).decode() if as_json else told)


def with_city(settings: Settings, do: Callable[[Transaction, City], Awaitable[T]]) -> T:
    """Do something in one transaction of the system's. Raises `StartupError` without a database or a city."""

    async def run() -> T:
        conn = await db.connect(database_url(settings))
        try:
            city = await read_city(conn)
            async with db.begin_on(conn, system_clock()) as tx:
                return await do(tx, city)
        except NoCityError as error:
            raise StartupError(f"No city is loaded: {error}.") from error
        finally:
            await conn.close()

    return asyncio.run(run())

"""`insights`: figures made anew, and each morning's briefing."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import NoCityError, read_city
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import database_url
from citizen_gateway.insights import exporting, mornings, recounting
from citizen_gateway.insights.briefing import CITY, Briefing
from citizen_gateway.insights.briefing_html import as_html
from citizen_gateway.insights.briefing_png import as_png
from citizen_gateway.insights.briefing_text import as_text
from citizen_gateway.insights.exporting import Exported
from citizen_gateway.insights.periods import chosen_days
from citizen_gateway.insights.rights import Reach
from citizen_gateway.insights.service import selected, today
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.platform import db
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

T = TypeVar("T")

_ALL = 100_000_000  # on the server itself nothing limits an export


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


@insights.command("briefing")
@click.option("--center", default=CITY, show_default=True, help="The code of a district, zone or street, or city.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day told of; yesterday where not named.")
@click.option("--format", "form", type=click.Choice(["text", "html", "png", "json"]), default="text", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write; the output where not named."
)
@click.option("--language", default="zh_CN", show_default=True)
@common
def brief(
    *,
    center: str,
    day: datetime | None,
    form: str,
    out: Path | None,
    language: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Write a center's briefing of a day. Needs DATABASE_URL."""

    async def make(tx: Transaction, city: City) -> Briefing:
        auditor = Actor(ActorKind.SYSTEM, grants=(Grant(Role.AUDITOR),))  # who has this command sees everything
        as_auditor = Transaction(tx.conn, tx.now, auditor)
        return await mornings.briefing(as_auditor, city, center, day.date() if day else None, language)

    try:
        content = _written(with_city(settings_from(**given), make), form, language)
    except Problem as problem:
        raise StartupError(str(problem)) from problem
    if out is not None:
        out.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _written(briefing: Briefing, form: str, language: str) -> bytes:
    match form:
        case "json":
            return msgspec.json.encode(briefing)
        case "html":
            return as_html(briefing, language).encode()
        case "png":
            return as_png(briefing, language)
        case _:
            return as_text(briefing, language).encode()


@insights.command()
@click.option("--period", help="A day, week, month, quarter or year; the last thirty days where not named.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write.")
@common
def export(*, period: str | None, form: str, out: Path, **given: Any) -> None:  # noqa: ANN401 - from click
    """Write one row for each ticket opened in a period, without a citizen's words. Needs DATABASE_URL."""

    async def read(tx: Transaction, city: City) -> list[Exported]:
        selection = selected(city, Reach(), *chosen_days(period, None, None, today(tx, city)))
        return await exporting.rows(tx.conn, city, selection, _ALL)

    try:
        rows = with_city(settings_from(**given), read)
        out.write_bytes(exporting.as_parquet(rows) if form == "parquet" else exporting.as_csv(rows))
    except Problem as problem:
        raise StartupError(str(problem)) from problem
    click.echo(f"{len(rows)} tickets")


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

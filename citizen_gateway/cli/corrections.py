"""`export`: what the city learnt, for others to use."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.preparing import database_url
from citizen_gateway.intake.corrections import write
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import load_settings

_ALWAYS = datetime(2020, 1, 1, tzinfo=UTC)


@click.group()
def export() -> None:
    """Write out what the city learnt."""


@export.command("corrections")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only reports from this day on (UTC).")
def corrections(*, file: Path, since: datetime | None) -> None:
    """Write reports whose category a person corrected to FILE, personal data masked. Needs DATABASE_URL.

    `python -m citizen_nlp train --tickets FILE` learns from them.
    """
    begin = since.replace(tzinfo=UTC) if since else _ALWAYS

    async def do(tx: Transaction) -> int:
        return await write(tx.conn, begin, file)

    try:
        count = asyncio.run(in_transaction(database_url(load_settings()), do))
    except OSError as error:
        raise StartupError(f"{file} cannot be written: {error}.") from error
    click.echo(f"{count} corrections in {file}")

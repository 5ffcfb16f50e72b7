"""`points`: the ledger, as an auditor asks it."""

import asyncio
import sys
from typing import Any

import click
import msgspec

from citizen_gateway.cli import preparing
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.platform import db
from citizen_gateway.points.audit import Audit, audit


@click.group()
def points() -> None:
    """Points of volunteers."""


@points.command("audit")
@common
@as_json
def audit_ledger(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Add the whole ledger up again and compare it with what is kept; exit 1 where they differ. Needs DATABASE_URL."""
    found = asyncio.run(_audit(preparing.database_url(settings_from(**given))))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        click.echo(
            f"{found.entries} entries of {found.transfers} transfers on {found.accounts} accounts in {found.lots} lots "
            f"added up in {found.seconds:.2f} s: total {found.total}, {len(found.wrong)} differences"
        )
        for line in found.wrong:
            click.echo(line)
    if not found.ok:
        sys.exit(1)


async def _audit(url: str) -> Audit:
    conn = await db.connect(url)
    try:
        return await audit(conn)
    finally:
        await conn.close()

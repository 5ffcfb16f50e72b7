"""The guides for staff: every block runs, in its order, against a gateway as an operator starts it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from citizen_gateway.accounts import store
from citizen_gateway.accounts.model import Staff
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.running import Running
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.resources import resource
from citizen_gateway_sdk import Gateway, Position, errors, models
from tests.gateway import DEPARTMENT, ELSEWHERE, SPOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OFFICES = {
    "handler": Grant(Role.HANDLER, DEPARTMENT),
    "other": Grant(Role.HANDLER, ELSEWHERE),
    "walker": Grant(Role.GRID_WORKER, area="410103"),
    "center": Grant(Role.CENTER),
}


def report(who: Gateway, text: str) -> str:
    """File a report at the usual spot and return its ticket's number."""
    here = Position(lat=SPOT["lat"], lon=SPOT["lon"], datum=models.Datum.WGS84)
    return who.reports.submit(text, position=here).ticket.number


def people(live: Running, api: Gateway) -> dict[str, Gateway]:
    """Employ and sign in whom the guides speak of."""
    logins = {name: uuid4().hex for name in OFFICES}

    async def employ(tx: Transaction) -> None:
        for name, login in logins.items():
            await store.save_staff(tx.conn, Staff(StaffId(uuid7(tx.now)), login, login, (OFFICES[name],)), tx.now)

    asyncio.run(in_transaction(live.engines.database_url, employ))
    staff = {name: api.sessions.sign_in_staff(login).token for name, login in logins.items()}
    citizens = {name: api.sessions.sign_in_citizen(uuid4().hex).token for name in ("citizen", "neighbour")}
    return {name: api.with_options(token=token) for name, token in (staff | citizens).items()}


@pytest.mark.parametrize("guide", ["center-operator.md", "handler.md"])
def test_every_block_of_a_guide_runs(guide: str, live: Running, api: Gateway) -> None:
    """What a guide shows is what happens; its assertions hold."""
    text = (resource("openapi").parent / "docs" / "how-to" / guide).read_text("utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) >= 4
    now = datetime.now(UTC).replace(microsecond=0)
    names = {"errors": errors, "timedelta": timedelta, "now": now, "report": report, **people(live, api)}
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"{guide} block {number}", "exec"), names)  # noqa: S102 - our own guide

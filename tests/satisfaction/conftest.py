"""A ticket that was settled, and the invitation to rate that came of it."""

from typing import NamedTuple

import pytest

from tests.gateway import Gateway, Json, Person

CONTENT = {"contacted": True, "solved": "solved", "satisfied": 5}


class Settled(NamedTuple):
    """A report whose ticket is resolved."""

    gateway: Gateway
    report: str
    number: str
    invitation: Json


@pytest.fixture
async def settled(gateway: Gateway, citizen: Person, handler: Person) -> Settled:
    """Report as the citizen, settle the ticket as the handler, and let the citizen be invited."""
    receipt = await citizen.report()
    number = receipt["ticket"]["number"]
    await handler.act(number, "accept")
    resolved = await handler.act(number, "resolve", {"reply": "已清理"})
    assert resolved.status_code == 200, resolved.text
    await gateway.catch_up()
    invitation = (await citizen.get(f"/v1/reports/{receipt['report_id']}/invitation")).json()
    return Settled(gateway, receipt["report_id"], number, invitation)

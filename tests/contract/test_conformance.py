"""The conformance kit against the real gateway, and its own tests against what breaks the contract."""

import asyncio
from uuid import uuid4

import pytest

from citizen_gateway.accounts.model import ApiClient, Channel
from citizen_gateway.accounts.service import add_client
from citizen_gateway.cli.running import Running
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.platform import db
from citizen_gateway.platform.actor import Scope
from citizen_gateway_sdk.conformance import Result, play
from tests.gateway import DEPARTMENT


@pytest.fixture(scope="session")
def key(live: Running) -> str:
    """Return the key of a partner who may do everything for one department."""

    async def add() -> str:
        conn = await db.connect(live.engines.database_url)
        try:
            async with db.begin_on(conn, system_clock()) as tx:
                departments = frozenset({DEPARTMENT})
                client = ApiClient(ClientId(uuid7(tx.now)), uuid4().hex, Channel.PARTNER, frozenset(Scope), departments)
                return (await add_client(tx, client)).secret
        finally:
            await conn.close()

    return asyncio.run(add())


class TestRealGateway:
    """The gateway as an operator starts it."""

    def test_holds_to_the_contract(self, live: Running, key: str) -> None:
        """Every check passes, and none is skipped."""
        outcomes = play(live.url, key)
        assert [outcome for outcome in outcomes if outcome.result is not Result.PASSED] == []
        assert len(outcomes) >= 20

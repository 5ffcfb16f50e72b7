"""A client with receivers, and a dispatcher that nobody else's endpoints disturb."""

from collections.abc import AsyncIterator

import pytest

from citizen_gateway.partners.webhooks.dispatch import Dispatcher
from citizen_gateway.partners.webhooks.sending import Sender
from citizen_gateway.platform.actor import Scope
from tests.gateway import Gateway, Person
from tests.partners.webhooks.receiver import Receiver, receiving


@pytest.fixture
async def client(gateway: Gateway) -> Person:
    """Give a center's system, which is told everything."""
    return await gateway.partner(Scope.TICKETS_READ, Scope.TICKETS_CENTER)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Give a receiver that takes everything."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def dispatcher(gateway: Gateway) -> AsyncIterator[Dispatcher]:
    """Give a dispatcher that waits for a receiver half a second, over endpoints of this test alone."""
    await gateway.parts.pool.execute("delete from webhook_endpoint")
    sender = Sender(development=True, timeout_s=0.5)
    parts = gateway.parts
    made = Dispatcher((parts.pool, parts.sandbox.pool), gateway.clock, parts.vault, parts.city, sender)
    yield made
    await made.settle()
    await sender.aclose()
    await gateway.parts.pool.execute("delete from webhook_endpoint")

"""A stage for each test, and both clients before it."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from citizen_gateway_sdk import AsyncGateway, Backoff, Gateway

from .stage import Stage, open_stage

QUICK = Backoff(first=0.01, longest=0.02, obeyed=2.0)

TLS = httpx2.create_ssl_context()
"""Made once: reading the machine's certificates takes longer than a test, and nothing here is encrypted."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Open a server that answers what the test scripts."""
    with open_stage() as opened:
        yield opened


@pytest.fixture
def gateway(stage: Stage) -> Iterator[Gateway]:
    """Make a synchronous client that waits briefly between attempts."""
    transport = httpx2.HTTPTransport(verify=TLS)
    with Gateway(stage.url, token="cgk_test", backoff=QUICK, transport=transport) as client:
        yield client


@pytest.fixture
async def async_gateway(stage: Stage) -> AsyncIterator[AsyncGateway]:
    """Make an asynchronous client that waits briefly between attempts."""
    transport = httpx2.AsyncHTTPTransport(verify=TLS)
    async with AsyncGateway(stage.url, token="cgk_test", backoff=QUICK, transport=transport) as client:
        yield client

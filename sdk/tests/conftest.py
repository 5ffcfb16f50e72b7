"""A stage for each test, and both clients before it."""

import os
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

import citizen_gateway_sdk
from citizen_gateway_sdk import AsyncGateway, Backoff, Gateway

from .stage import Stage, open_stage

QUICK = Backoff(first=0.01, longest=0.02, obeyed=2.0)

TLS = httpx2.create_ssl_context()
"""Made once: reading the machine's certificates takes longer than a test, and nothing here is encrypted."""


def pytest_configure() -> None:
    """Refuse to test another SDK than the one that was asked for, such as the tree's instead of a wheel's."""
    there, wanted = citizen_gateway_sdk.__file__, os.environ.get("CITIZEN_SDK_FROM", "")
    if not there.startswith(wanted):
        raise pytest.UsageError(f"the SDK of {wanted} was to be tested, and {there} was found")


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

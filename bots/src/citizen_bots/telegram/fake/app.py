"""The fake as an application."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx2

from citizen_bots.telegram.fake.api import Api
from citizen_bots.telegram.fake.control import Control
from citizen_bots.telegram.fake.delivery import deliver
from citizen_bots.telegram.fake.platform import Platform
from citizen_bots.web import Application, Routes

TOKEN = "CITIZEN_BOTS_FAKE_TELEGRAM"  # noqa: S105 - the variable's name
"""The variable with the bot's token, from which a server process starts."""
_MOST_BYTES = 64 << 20


def create_app() -> Application:
    """Make the application from the environment."""
    token = os.environ[TOKEN]

    @asynccontextmanager
    async def life() -> AsyncIterator[Routes]:
        platform = Platform(token)
        async with httpx2.AsyncClient() as http:
            delivering = asyncio.create_task(deliver(platform, http))
            try:
                yield {**Api(platform).routes(), **Control(platform).routes()}
            finally:
                delivering.cancel()
                with suppress(asyncio.CancelledError):
                    await delivering

    return Application(life, _MOST_BYTES)

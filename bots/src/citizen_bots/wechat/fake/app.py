"""The fake as an application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import msgspec

from citizen_bots.web import Application, Routes
from citizen_bots.wechat.fake.api import api_routes
from citizen_bots.wechat.fake.control import Control
from citizen_bots.wechat.fake.delivery import Attempt, Delivery
from citizen_bots.wechat.fake.platform import Account, Platform

ACCOUNT = "CITIZEN_BOTS_FAKE_WECHAT"
"""The variable with the account, as JSON, from which a server process starts."""
_MOST_BYTES = 64 << 20


def create_app() -> Application:
    """Make the application from the environment."""
    account = msgspec.json.decode(os.environ[ACCOUNT], type=Account)

    @asynccontextmanager
    async def life() -> AsyncIterator[Routes]:
        async with httpx2.AsyncClient() as http:
            yield routes_of(Platform(account), http)

    return Application(life, _MOST_BYTES)


def routes_of(platform: Platform, http: httpx2.AsyncClient) -> Routes:
    """Return all paths of the fake."""
    delivery = Delivery(platform, http)

    async def push(openid: str, told: dict[str, str]) -> list[Attempt]:
        return await delivery.deliver(openid, {"MsgType": "event"} | told)

    return {**api_routes(platform, push), **Control(platform, delivery).routes()}

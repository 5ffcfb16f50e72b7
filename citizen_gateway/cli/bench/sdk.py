"""What the SDK costs beside its HTTP library, and how fast one follower of the event feed is told what happened."""

import asyncio
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice

import httpx2
import msgspec
import uvloop

from citizen_gateway.accounts.model import ApiClient, Channel
from citizen_gateway.accounts.service import add_client
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.bench.floors import without_http
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.cli.running import Running, running
from citizen_gateway.cli.stories import read_stories
from citizen_gateway.kernel.ids import ClientId, uuid7
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.settings import Settings
from citizen_gateway_sdk import Gateway, OnBehalfOf

_NO_LIMIT = 10_000_000
_SAMPLES = 40
_CONNECTIONS = 8
_BLOCK = 25

Say = Callable[[str], None]


class SdkFigures(msgspec.Struct, frozen=True):
    """What was measured.

    `overhead_ratio` is the time of a call by the SDK as a part of that by bare httpx2, whose answer is read as JSON
    too; medians of calls that were made in turns. `events_per_second` is what one follower was told of a full log.
    """

    overhead_ratio: float
    sdk_call_ms: float
    bare_call_ms: float
    calls: int
    events_per_second: float
    events: int


def bench_sdk(settings: Settings, calls: int, events: int, say: Say) -> SdkFigures:
    """Measure both on a fresh gateway of its own."""
    with running(settings, say) as gateway:
        key = asyncio.run(in_transaction(gateway.engines.database_url, _client))
        with Gateway(gateway.url, token=key) as sdk:
            say("Filling the log")
            start = sdk.events.list("latest").cursor
            number = _fill(gateway, sdk, events)
            say("Calling by turns")
            ours, bare = _calls(gateway, sdk, key, number, calls)
            say("Following")
            told, seconds = _follow(sdk, start, events)
    sdk_ms, bare_ms = statistics.median(ours) * 1000, statistics.median(bare) * 1000
    return SdkFigures(
        overhead_ratio=round(sdk_ms / bare_ms, 3),
        sdk_call_ms=round(sdk_ms, 3),
        bare_call_ms=round(bare_ms, 3),
        calls=len(ours),
        events_per_second=round(told / seconds, 1),
        events=told,
    )


async def _client(tx: Transaction) -> str:
    """Add a client that sees all, as a center does."""
    scopes = frozenset({Scope.REPORTS_WRITE, Scope.REPORTS_READ, Scope.TICKETS_READ, Scope.TICKETS_CENTER})
    return (await add_client(tx, ApiClient(ClientId(uuid7(tx.now)), "bench", Channel.PARTNER, scopes))).secret


def _fill(gateway: Running, sdk: Gateway, events: int) -> str:
    """File some reports, insert their rows again until the log is full, and return the number of a ticket."""
    stories = read_stories(pack_folder(gateway.settings))
    receipts = [
        sdk.reports.submit(story.text, place=story.place, on_behalf_of=OnBehalfOf(subject=f"bench-{number}"))
        for number, story in zip(range(_SAMPLES), cycle(stories), strict=False)
    ]
    uvloop.run(without_http(gateway.engines.database_url, events, _CONNECTIONS))
    return receipts[0].ticket.number


def _calls(gateway: Running, sdk: Gateway, key: str, number: str, calls: int) -> tuple[list[float], list[float]]:
    """Read one ticket by the SDK and by bare httpx2, block by block in turns; return the seconds of each call."""
    url, headers = f"{gateway.url}/v1/tickets/{number}", {"Authorization": f"Bearer {key}"}
    ours: list[float] = []
    theirs: list[float] = []
    with httpx2.Client() as bare:
        for block in range(-1, calls // _BLOCK):  # the first is for warming up
            sides = [(ours, lambda: sdk.tickets.get(number)), (theirs, lambda: bare.get(url, headers=headers).json())]
            for times, call in sides if block % 2 else reversed(sides):
                for _ in range(_BLOCK):
                    began = time.perf_counter()
                    call()
                    if block >= 0:
                        times.append(time.perf_counter() - began)
    return ours, theirs


def _follow(sdk: Gateway, start: str, events: int) -> tuple[int, float]:
    began = time.perf_counter()
    told = sum(1 for _ in islice(sdk.events.follow(start), events))
    return told, time.perf_counter() - began


def own_settings(settings: Settings, home: str) -> Settings:
    """Return the settings of a gateway of its own below a folder, with limits that no figure meets."""
    return msgspec.structs.replace(
        settings,
        data=home,
        port=0,
        database_url=None,
        redis_url=None,
        client_burst=_NO_LIMIT,
        client_per_hour=_NO_LIMIT,
    )

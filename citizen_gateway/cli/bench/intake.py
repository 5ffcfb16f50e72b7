"""How many reports a second become durable tickets through the whole HTTP pipeline, beside two floors."""

import asyncio
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import asyncpg
import msgspec
import uvloop

from citizen_gateway.accounts.model import CredentialKind
from citizen_gateway.accounts.service import find_or_add_citizen, issue
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.bench.floors import without_http
from citizen_gateway.cli.bench.load import Answered, request_bytes, send_all
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.cli.running import Running, answers_at, free_port, running
from citizen_gateway.cli.stories import Story, read_stories
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.engines.children import spawn, stop
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import open_vault

CITIZENS = 500
NO_LIMIT = 10_000_000

Say = Callable[[str], None]


class IntakeFigures(msgspec.Struct, frozen=True):
    """What was measured; latencies in milliseconds, rates in reports a second.

    `http_ratio` and `sql_ratio` are our rate as a part of each floor's. `lost` counts answers 201 whose report is not
    stored.
    """

    per_second: float
    p50_ms: float
    p99_ms: float
    http_ratio: float
    sql_ratio: float
    lost: int
    reports: int
    refused: int
    bare_http_per_second: float
    bare_sql_per_second: float
    connections: int
    processes: int


def bench_intake(settings: Settings, reports: int, connections: int, say: Say) -> IntakeFigures:
    """Measure intake on a fresh gateway of its own, then both floors on the same database."""
    with tempfile.TemporaryDirectory(prefix="cgb") as home:
        own = msgspec.structs.replace(
            settings, data=home, port=0, database_url=None, redis_url=None, report_burst=NO_LIMIT,
            report_per_hour=NO_LIMIT, pool_size=max(2, connections // settings.processes),
        )  # fmt: skip
        with running(own, say) as gateway:
            stories = read_stories(pack_folder(settings))
            tokens = asyncio.run(in_transaction(url_of(gateway), lambda tx: sign_in(tx, gateway.settings, CITIZENS)))
            count = reports + connections * 20
            spots = asyncio.run(in_transaction(url_of(gateway), lambda tx: _spots(tx, count)))
            requests = _requests([_body(story) for story in stories], spots, tokens, count)
            warm, real = requests[: connections * 20], requests[connections * 20 :]
            uvloop.run(_send(gateway, warm, connections))
            say("Sending reports")
            answered, seconds = uvloop.run(_send(gateway, real, connections))
            lost = asyncio.run(_lost(url_of(gateway), answered))
            for process in gateway.processes:
                process.stop()
            say("Inserting the same rows through a bare handler")
            bare_http = _bare_http(gateway.settings, real, connections)
            say("Inserting the same rows without HTTP")
            bare_sql = uvloop.run(without_http(url_of(gateway), reports, connections))
    return _figures(answered, seconds, lost, (bare_http, bare_sql), (connections, settings.processes))


def _figures(
    answered: list[Answered], seconds: float, lost: int, floors: tuple[float, float], shape: tuple[int, int]
) -> IntakeFigures:
    accepted = [answer for answer in answered if answer.status == 201]
    times = sorted(answer.seconds * 1000 for answer in accepted) or [0.0]
    rate = len(accepted) / seconds
    return IntakeFigures(
        per_second=round(rate, 1),
        p50_ms=round(times[len(times) // 2], 2),
        p99_ms=round(times[len(times) * 99 // 100], 2),
        http_ratio=round(rate / floors[0], 3),
        sql_ratio=round(rate / floors[1], 3),
        lost=lost,
        reports=len(accepted),
        refused=len(answered) - len(accepted),
        bare_http_per_second=round(floors[0], 1),
        bare_sql_per_second=round(floors[1], 1),
        connections=shape[0],
        processes=shape[1],
    )


async def _send(gateway: Running, requests: list[bytes], connections: int) -> tuple[list[Answered], float]:
    return await send_all(gateway.settings.host, gateway.settings.port, requests, connections)


async def sign_in(tx: Transaction, settings: Settings, count: int) -> list[str]:
    """Sign so many citizens in and return their tokens."""
    vault = open_vault(settings)
    found = []
    for number in range(count):
        citizen = await find_or_add_citizen(tx, vault, "app", f"bench-{number}")
        found.append((await issue(tx, Bearer(CredentialKind.CITIZEN, citizen, tx.now + timedelta(hours=1)))).secret)
    return found


async def _spots(tx: Transaction, count: int) -> list[tuple[float, float]]:
    """Return places across the city, so that reports are of different events and none joins another's ticket."""
    rows = await tx.conn.fetch(
        "select lat, lon from city_area where level = 'micro_grid' order by md5(code) limit $1", count
    )
    return [(row["lat"], row["lon"]) for row in rows]


def _requests(
    bodies: list[dict[str, object]], spots: list[tuple[float, float]], tokens: list[str], count: int
) -> list[bytes]:
    return [
        request_bytes(
            "POST",
            "/v1/reports",
            msgspec.json.encode(bodies[number % len(bodies)] | _position(spots[number % len(spots)])),
            Authorization=f"Bearer {tokens[number % len(tokens)]}",
            Idempotency_Key=secrets.token_hex(16),
        )
        for number in range(count)
    ]


def _body(story: Story) -> dict[str, object]:
    return {"text": story.text, "place": story.place}


def _position(spot: tuple[float, float]) -> dict[str, object]:
    return {"position": {"lat": spot[0], "lon": spot[1], "datum": "wgs84"}}


async def _lost(url: str, answered: list[Answered]) -> int:
    promised = {msgspec.json.decode(answer.body)["report_id"] for answer in answered if answer.status == 201}
    conn = await asyncpg.connect(url)
    try:
        kept = {str(row[0]) for row in await conn.fetch("select id from report")}
    finally:
        await conn.close()
    return len(promised - kept)


def _bare_http(settings: Settings, requests: list[bytes], connections: int) -> float:
    port = free_port(settings.host, 0)
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--loop", "uvloop", "--http", "1"]
    command += ["--workers", str(settings.processes), "--host", settings.host, "--port", str(port), "--no-access-log"]
    command += ["--backlog", "2048", "citizen_gateway.cli.bench.floors:create_floor"]
    environment = os.environ | {"DATABASE_URL": str(settings.database_url), "FLOOR_POOL": str(settings.pool_size)}
    log = Path(settings.data_dir / "logs" / "floor.log").open("ab")  # noqa: SIM115 - the child's own
    child = spawn(command, signal.SIGTERM, log=log, environment=environment)
    try:
        deadline = time.monotonic() + 30
        while not answers_at(settings.host, port) and time.monotonic() < deadline:
            time.sleep(0.1)
        uvloop.run(send_all(settings.host, port, requests[: connections * 20], connections))
        answered, seconds = uvloop.run(send_all(settings.host, port, requests, connections))
        return sum(answer.status == 201 for answer in answered) / seconds
    finally:
        stop(child, signal.SIGTERM)
        log.close()


def url_of(gateway: Running) -> str:
    """Return the address of a gateway's database."""
    return gateway.engines.database_url

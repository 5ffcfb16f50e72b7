"""Two thousand people press for a hundred pieces; then a ledger of a million entries is added up again."""

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from datetime import timedelta

import msgspec
import uvloop

from citizen_gateway.accounts.model import CredentialKind
from citizen_gateway.accounts.service import find_or_add_citizen, issue
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.city.service import read_city
from citizen_gateway.cli.accounts import in_transaction
from citizen_gateway.cli.bench.filling import fill
from citizen_gateway.cli.bench.load import Answered, request_bytes, send_all
from citizen_gateway.cli.running import Running, running
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform import db
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import open_vault
from citizen_gateway.points import service as ledger
from citizen_gateway.points.audit import Audit, audit
from citizen_gateway.points.rewards import service as rewards
from citizen_gateway.points.rewards.model import Merchant, MerchantId, Reward, RewardId
from citizen_gateway.points.service import Deed

PRICE = 10

Say = Callable[[str], None]


class PointsFigures(msgspec.Struct, frozen=True):
    """What was measured over HTTP: pieces sold, people whose points were taken, latencies from the press on.

    `refused` were told that it is sold out; `failed` got any other answer. The audit is of `audit_entries` entries.
    """

    sold: int
    charged: int
    p50_ms: float
    p99_ms: float
    per_second: float
    seconds: float
    people: int
    pieces: int
    refused: int
    failed: int
    ledger_agrees: bool
    audit_entries: int
    audit_seconds: float
    processes: int


def bench_points(settings: Settings, people: int, pieces: int, entries: int, say: Say) -> PointsFigures:
    """Measure a release that everybody presses for at once, on a fresh gateway of its own, then the audit."""
    with tempfile.TemporaryDirectory(prefix="cgb") as home:
        own = msgspec.structs.replace(settings, data=home, port=0, database_url=None, redis_url=None)
        with running(own, say) as gateway:
            say(f"Giving {people} people points")
            url = gateway.engines.database_url
            tokens, reward = asyncio.run(in_transaction(url, lambda tx: _prepare(tx, gateway.settings, people, pieces)))
            say(f"{people} people press")
            answered, seconds = uvloop.run(_press(gateway, tokens, reward))
            say(f"Filling the ledger to {entries} entries")
            charged, after, whole = asyncio.run(_aftermath(url, entries))
    return _figures(answered, seconds, charged, (after, whole), (pieces, settings.processes))


async def _prepare(tx: Transaction, settings: Settings, people: int, pieces: int) -> tuple[list[str], RewardId]:
    vault, city = open_vault(settings), await read_city(await tx.conn.raw())
    tokens = []
    for number in range(people):
        citizen = await find_or_add_citizen(tx, vault, "app", f"bench-{number}")
        deed = Deed(f"citizen:{citizen}", PRICE, f"bench:{number}", "Bench", tx.now, award=True)
        await ledger.earn(tx, city, deed)
        tokens.append((await issue(tx, Bearer(CredentialKind.CITIZEN, citizen, tx.now + timedelta(hours=1)))).secret)
    center = Transaction(tx.conn, tx.now, Actor(ActorKind.STAFF, uuid7(tx.now), grants=(Grant(Role.CENTER),)))
    merchant = Merchant(MerchantId(uuid7(tx.now)), "bench", "", (), tx.now)
    await rewards.add_merchant(center, merchant)
    reward = Reward(
        id=RewardId(uuid7(tx.now)), merchant_id=merchant.id, merchant_name="", title="Bench", description="", photos=(),
        price=PRICE, per_person=1, valid_hours=24, opens_at=tx.now - timedelta(hours=1),
        closes_at=tx.now + timedelta(days=1), created_at=tx.now, total=pieces, remaining=pieces,
    )  # fmt: skip
    await rewards.offer(center, reward)
    return tokens, reward.id


async def _press(gateway: Running, tokens: list[str], reward: RewardId) -> tuple[list[Answered], float]:
    """Let everybody press at the same moment, each over a connection of their own."""
    path = f"/v1/rewards/{reward}/redemptions"
    requests = [
        request_bytes("POST", path, Authorization=f"Bearer {token}", Idempotency_Key=secrets.token_hex(16))
        for token in tokens
    ]
    return await send_all(gateway.settings.host, gateway.settings.port, requests, len(requests))


async def _aftermath(url: str, entries: int) -> tuple[int, Audit, Audit]:
    """Return how many people were charged, and what audits found before and after the ledger was filled."""
    conn = await db.connect(url)
    try:
        charged = await conn.fetchval("select count(*) from points_account where kind = 'reserved' and balance <> 0")
        after = await audit(conn)
        await fill(conn, entries - after.entries)
        return int(charged), after, await audit(conn)
    finally:
        await conn.close()


def _figures(
    answered: list[Answered], seconds: float, charged: int, audits: tuple[Audit, Audit], shape: tuple[int, int]
) -> PointsFigures:
    times = sorted(answer.seconds * 1000 for answer in answered)
    sold = sum(answer.status == 201 for answer in answered)
    refused = sum(answer.status == 409 and b'"sold_out"' in answer.body for answer in answered)
    return PointsFigures(
        sold=sold,
        charged=charged,
        p50_ms=round(times[len(times) // 2], 1),
        p99_ms=round(times[len(times) * 99 // 100], 1),
        per_second=round(len(answered) / seconds, 1),
        seconds=round(seconds, 3),
        people=len(answered),
        pieces=shape[0],
        refused=refused,
        failed=len(answered) - sold - refused,
        ledger_agrees=all(one.ok for one in audits),
        audit_entries=audits[1].entries,
        audit_seconds=audits[1].seconds,
        processes=shape[1],
    )

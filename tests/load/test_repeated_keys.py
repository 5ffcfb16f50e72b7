"""A thousand people press at once, two hundred of them twice: exactly the distinct reports exist."""

import asyncio
import secrets

import asyncpg
import msgspec

from citizen_gateway.cli.bench.load import request_bytes, send_all
from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway

CITIZENS = 100
DISTINCT = 800
REPEATED = 200


def test_a_repeated_key_never_has_an_effect_twice(live: Running) -> None:
    """Of 1,000 simultaneous submissions with 200 repeated keys, 800 reports and tickets come to exist."""
    with Gateway(live.url) as api:
        tokens = [api.sessions.sign_in_citizen(f"crowd-{number}").token for number in range(CITIZENS)]
    calls = [(tokens[number % CITIZENS], f"{number:04}-{secrets.token_hex(4)}") for number in range(DISTINCT)]
    requests = [_request(token, key) for token, key in calls]
    requests += requests[::4]
    assert len(requests) == DISTINCT + REPEATED
    before = asyncio.run(_counts(live))
    answered, _ = asyncio.run(send_all(live.settings.host, live.settings.port, requests, connections=200))
    after = asyncio.run(_counts(live))
    assert {answer.status for answer in answered} == {201}
    assert len({msgspec.json.decode(answer.body)["report_id"] for answer in answered}) == DISTINCT
    assert len({answer.body for answer in answered}) == DISTINCT
    assert {table: after[table] - before[table] for table in after} == {
        "report": DISTINCT,
        "ticket": DISTINCT,
        "ticket_follower": DISTINCT,
        "idempotency": DISTINCT,
    }


def _request(token: str, key: str) -> bytes:
    body = msgspec.json.encode({"text": f"编号{key[:4]}的路段垃圾堆积无人清理"})
    return request_bytes("POST", "/v1/reports", body, Authorization=f"Bearer {token}", Idempotency_Key=key)


async def _counts(live: Running) -> dict[str, int]:
    conn = await asyncpg.connect(live.engines.database_url)
    try:
        tables = ("report", "ticket", "ticket_follower", "idempotency")
        return {table: await conn.fetchval(f"select count(*) from {table}") for table in tables}
    finally:
        await conn.close()

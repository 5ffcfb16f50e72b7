"""The floors under intake: the same rows inserted by a bare Litestar handler, and by asyncpg without HTTP.

Both copy rows that real reports left, with fresh ids, into the same tables with the same indexes: one statement and one
transaction for each report, as intake itself does it.
"""

import asyncio
import os
import random
import secrets
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Litestar, Response, post
from litestar.params import JSONBody

from citizen_gateway.intake.schema import SubmitReport
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.db import Pool, open_pool
from citizen_gateway.platform.session import Raw, Session

TABLES = ("idempotency", "ticket", "ticket_follower", "report", "event", "joinable", "job_pgqueuer")
_SAMPLES = 500
_COLUMNS = """
    select column_name from information_schema.columns
    where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'
      and column_name not in ('xid', 'seq') and not ($1 = 'job_pgqueuer' and column_name = 'id')
    order by ordinal_position
"""


class Statements(msgspec.Struct, frozen=True):
    """The INSERT of each table, and where its columns stand."""

    sql: dict[str, str]
    columns: dict[str, list[str]]


Rows = dict[str, list[dict[str, Any]]]


async def sample(conn: Raw) -> tuple[Statements, list[Rows]]:
    """Return the INSERTs and the rows some real reports left, one set per report."""
    columns = {table: [row[0] for row in await conn.fetch(_COLUMNS, table)] for table in TABLES}
    sql = {
        table: f"insert into {table} ({', '.join(names)}) values ({', '.join(f'${i + 1}' for i in range(len(names)))})"
        for table, names in columns.items()
    }
    reports = await conn.fetch("select id, ticket_id from report order by id desc limit $1", _SAMPLES)
    keys = await conn.fetch("select * from idempotency order by at desc limit $1", len(reports))
    jobs = await conn.fetch("select * from job_pgqueuer where status = 'queued' limit $1", len(reports))
    found = []
    for report, key in zip(reports, keys, strict=True):
        ticket = report["ticket_id"]
        found.append(
            {
                "idempotency": [dict(key)],
                "ticket": _dicts(await conn.fetch("select * from ticket where id = $1", ticket)),
                "ticket_follower": _dicts(
                    await conn.fetch("select * from ticket_follower where ticket_id = $1", ticket)
                ),
                "report": _dicts(await conn.fetch("select * from report where id = $1", report["id"])),
                "event": _dicts(await conn.fetch("select * from event where stream = $1 order by version", ticket)),
                "joinable": _dicts(await conn.fetch("select * from joinable where ticket_id = $1", ticket)),
                "job_pgqueuer": [dict(random.choice(jobs))] if jobs else [],  # noqa: S311 - any of them
            }
        )
    return Statements(sql, columns), found


def _dicts(rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


async def insert_again(conn: Raw, statements: Statements, rows: Rows) -> UUID:
    """Insert one report's rows once more under fresh ids, in one transaction."""
    now = system_clock()
    report, ticket = uuid7(now), uuid7(now)
    session = Session(conn)
    for table, several in rows.items():
        for row in several:
            fresh = _fresh(table, row, report, ticket)
            session.later(statements.sql[table], *(fresh[name] for name in statements.columns[table]))
    await session.commit()
    return report


def _fresh(table: str, row: dict[str, Any], report: UUID, ticket: UUID) -> dict[str, Any]:
    changed: dict[str, dict[str, Any]] = {
        "idempotency": {"key": secrets.token_hex(16)},
        "ticket": {"id": ticket, "number": secrets.token_hex(10)},
        "ticket_follower": {"ticket_id": ticket, "secret_hash": secrets.token_bytes(32)},
        "report": {"id": report, "ticket_id": ticket},
        "event": {"stream": ticket},
        "joinable": {"ticket_id": ticket},
        "job_pgqueuer": {"dedupe_key": None},
    }
    fresh = row | changed[table]
    return fresh | {"id": uuid7(system_clock())} if table == "event" else fresh


async def without_http(url: str, count: int, connections: int) -> float:
    """Insert so many reports' rows over so many connections; return how many a second."""
    pool = await open_pool(url, connections)
    try:
        async with pool.acquire() as conn:
            statements, samples = await sample(conn)
        todo = iter(range(count))

        async def insert() -> None:
            async with pool.acquire() as conn:
                for number in todo:
                    await insert_again(conn, statements, samples[number % len(samples)])

        begun = time.perf_counter()
        await asyncio.gather(*(insert() for _ in range(connections)))
        return count / (time.perf_counter() - begun)
    finally:
        await pool.close()


def create_floor() -> Litestar:
    """Return a Litestar application that only inserts; its database is `DATABASE_URL`."""
    state: dict[str, Any] = {}

    async def start(_app: Litestar) -> None:
        pool: Pool = await open_pool(os.environ["DATABASE_URL"], int(os.environ.get("FLOOR_POOL", "12")))
        async with pool.acquire() as conn:
            state["statements"], state["samples"] = await sample(conn)
        state["pool"] = pool

    @post("/v1/reports")
    async def insert(data: JSONBody[SubmitReport]) -> Response[dict[str, str]]:
        rows = state["samples"][len(data.text) * 7 % len(state["samples"])]
        async with state["pool"].acquire() as conn:
            report = await insert_again(conn, state["statements"], rows)
        return Response({"report_id": str(report)}, status_code=201)

    return Litestar([insert], on_startup=[start], logging_config=None, openapi_config=None)

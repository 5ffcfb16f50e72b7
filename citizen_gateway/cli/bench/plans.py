"""What PostgreSQL does to answer a query: which large tables it reads from end to end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import asyncpg
import msgspec

from citizen_gateway.platform.session import Raw, Session

Plan = Mapping[str, Any]
Asked = tuple[str, tuple[object, ...]]

LARGE_ROWS = 50_000
"""From so many rows on, reading a whole table is never the right way to answer somebody who waits."""


class Watching(Session):
    """A connection that remembers what it was asked."""

    __slots__ = ("asked",)

    def __init__(self, conn: Raw) -> None:
        super().__init__(conn, begun=True)
        self.asked: list[Asked] = []

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Run a query, and remember it."""
        self.asked.append((query, args))
        return await super().fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """Run a query for one row, and remember it."""
        self.asked.append((query, args))
        return await super().fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Run a query for one value, and remember it."""
        self.asked.append((query, args))
        return await super().fetchval(query, *args)


async def large_tables(conn: Raw) -> set[str]:
    """Return the tables and partitions that have many rows, by what PostgreSQL believes."""
    rows = await conn.fetch(
        """
        select relname from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1
        """,
        LARGE_ROWS,
    )
    return {row["relname"] for row in rows}


async def scanned(conn: Raw, asked: Sequence[Asked], large: set[str]) -> list[str]:
    """Return the large tables that answering these queries reads from end to end, each once."""
    found: dict[str, None] = {}
    for query, args in asked:
        if not re.match(r"\s*(select|with)\b", query, re.IGNORECASE):
            continue
        plan = await conn.fetchval(f"explain (format json) {query}", *args)
        found |= dict.fromkeys(table for table in scans(_document(plan)) if table in large)
    return list(found)


def scans(plan: Plan) -> Iterator[str]:
    """Give the tables that a plan reads from end to end."""
    if plan.get("Node Type") in {"Seq Scan", "Parallel Seq Scan"}:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def _document(plan: str) -> Plan:
    whole: Plan = msgspec.json.decode(plan)[0]["Plan"]
    return whole

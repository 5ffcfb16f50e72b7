"""A connection that puts off what nobody waits for: the rows of one unit of work travel to PostgreSQL together.

Filing a report inserts into half a dozen tables. Sent one by one, each costs a journey to the database and back that is
as long as the insert itself. `later` keeps inserts until something is read, or the work ends, and sends them as one
statement. Work that only inserts needs no BEGIN and COMMIT either: one statement is a transaction by itself.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from asyncpg.transaction import Transaction as Block

if TYPE_CHECKING:
    Raw: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:  # asyncpg's classes are generic for type checkers alone
    Raw = asyncpg.Connection | PoolConnectionProxy

_PARAMETER = re.compile(r"\$(\d+)")


class Session:
    """A connection in the course of a unit of work; what was put off is sent before anything else is.

    `begun` says that a transaction is open already, and is somebody else's to end.
    """

    __slots__ = ("_begun", "_block", "_conn", "_later")

    def __init__(self, conn: Raw, *, begun: bool = False) -> None:
        self._conn = conn
        self._begun = begun
        self._block: Block | None = None
        self._later: list[tuple[str, Sequence[object]]] = []

    def later(self, sql: str, *values: object) -> None:
        """Put an insert off. It begins with `insert`; those sent together do not see each other's rows."""
        self._later.append((sql, values))

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """Run a query and return its rows."""
        await self._ready()
        return await self._conn.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """Run a query and return its first row."""
        await self._ready()
        return await self._conn.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - as asyncpg has it
        """Run a query and return the first value of its first row."""
        await self._ready()
        return await self._conn.fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and return its status."""
        await self._ready()
        return await self._conn.execute(query, *args)

    async def executemany(self, command: str, args: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each set of values."""
        await self._ready()
        await self._conn.executemany(command, args)

    def transaction(self) -> Block:
        """Return a savepoint within the unit of work. Raises `RuntimeError` where rows are still put off."""
        if self._later:
            raise RuntimeError("rows are still put off; read something first")
        return self._conn.transaction()

    async def raw(self) -> Raw:
        """Lend the connection itself, in the transaction, for what only it can do (COPY, cursors)."""
        await self._ready()
        return self._conn

    async def commit(self) -> None:
        """Send what was put off, and commit."""
        await self._send()
        if self._block is not None:
            await self._block.commit()

    async def roll_back(self) -> None:
        """Undo all; what was put off is forgotten."""
        self._later.clear()
        if self._block is not None:
            await self._block.rollback()

    async def flush(self) -> None:
        """Send what was put off, inside the transaction."""
        await self._ready()

    async def _send(self) -> None:
        if self._later:
            waiting, self._later = self._later, []
            together = compose(tuple(sql for sql, _ in waiting), tuple(len(values) for _, values in waiting))
            await self._conn.execute(together, *(value for _, values in waiting for value in values))

    async def _ready(self) -> None:
        if not self._begun:
            self._block = self._conn.transaction()
            await self._block.start()
            self._begun = True
        await self._send()


@cache
def compose(statements: tuple[str, ...], counts: tuple[int, ...]) -> str:
    """Return one statement that does all of these inserts, their parameters numbered through."""
    numbered, before = [], 0
    for sql, count in zip(statements, counts, strict=True):
        numbered.append(_PARAMETER.sub(_shifted(before), sql))
        before += count
    *first, last = numbered
    parts = ", ".join(f"w{number} as ({sql})" for number, sql in enumerate(first))
    return f"with {parts} {last}" if parts else last


def _shifted(by: int) -> Callable[[re.Match[str]], str]:
    return lambda found: f"${int(found[1]) + by}"

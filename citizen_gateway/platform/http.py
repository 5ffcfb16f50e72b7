"""HTTP as slices see it: one unsafe call is one transaction, one commit and one answer, also when it is repeated."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from asyncpg.exceptions import UniqueViolationError
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from citizen_gateway.kernel.clock import Clock
from citizen_gateway.kernel.errors import Problem
from citizen_gateway.kernel.paging import MAX_PAGE
from citizen_gateway.platform import idempotency
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.idempotency import Answer
from citizen_gateway.platform.vault import Vault

S = TypeVar("S")

AnyRequest: TypeAlias = Request[Any, Any, State]

Parts: TypeAlias = Mapping[type[object], object]
"""What a process works with, one of each type, opened when it starts."""

Caller: TypeAlias = NamedDependency[Actor]
"""Who calls: as parameter `actor`, recognised by their credential; as `visitor`, anonymous where they bring none."""

PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=MAX_PAGE, description="Most items on a page")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`next_cursor` of the page before")]

_ENCODER = msgspec.json.Encoder()
_JSON = "application/json"


class UnitOfWork:
    """What a handler does its work with: the process's parts, and transactions to read in or to change things in."""

    def __init__(
        self, request: AnyRequest, pool: Pool, clock: Clock, parts: Parts, sandbox: Pool | None = None
    ) -> None:
        self.request = request
        self.clock = clock
        self._pool = pool
        self._sandbox = sandbox
        self._parts = parts

    def pool_for(self, actor: Actor) -> Pool:
        """Return where an actor's data lies: that of the city, or that of the sandbox."""
        return self._sandbox if actor.sandbox and self._sandbox else self._pool

    def part(self, kind: type[S]) -> S:
        """Return the process's part of this type, such as its `City`."""
        found = self._parts[kind]
        if not isinstance(found, kind):
            raise TypeError(f"the part of {kind.__name__} is a {type(found).__name__}")
        return found

    @asynccontextmanager
    async def read(self, actor: Actor) -> AsyncIterator[Transaction]:
        """Lend a connection; each statement sees what is committed by then."""
        async with self.pool_for(actor).acquire() as conn:
            yield Transaction(conn, self.clock(), actor)

    async def once(
        self,
        actor: Actor,
        do: Callable[[Transaction], Awaitable[S]],
        *,
        status: int = 200,
        key: str | None = None,
        fingerprint: bytes | None = None,
        keeps_answer: bool = True,
    ) -> Response[S]:
        """Do the work in one transaction and answer after its commit.

        Under an `Idempotency-Key`, or the `key` that a form has for one, the answer is kept in that transaction. A
        repetition cannot keep its own, is undone, and gets the first answer again, marked by the header
        `Idempotent-Replayed`; so does one that was refused because the first had done the work already. `fingerprint`
        tells two requests apart where bodies do not. Work that met a row it may not double, such as a ticket with a
        number drawn before, is undone and tried once more.
        An answer that must not lie anywhere, such as a session's secret, is not kept: its repetition is a new call.
        """
        given = idempotency.read_key(key or self.request.headers.get("idempotency-key"))
        key = given if keeps_answer else None
        request = await self._fingerprint(fingerprint) if key is not None else b""

        async def work(tx: Transaction) -> bytes:
            body = _ENCODER.encode(await do(tx))
            if key is not None:
                idempotency.keep(tx, key, request, Answer(status, self.part(Vault).seal_bytes(body)))
            return body

        try:
            body = await self._done(actor, work)
        except (Problem, UniqueViolationError) as error:
            if key is None or not (isinstance(error, Problem) or idempotency.is_repetition(error)):
                raise
            async with self.pool_for(actor).acquire() as conn:
                earlier = await idempotency.earlier(conn, actor, key, request)
            if earlier is None:
                raise
            return _respond(self.part(Vault).open_bytes(earlier.body), earlier.status, replayed=True)
        return _respond(body, status)

    async def _done(self, actor: Actor, work: Callable[[Transaction], Awaitable[bytes]]) -> bytes:
        """Commit the work; a second time where what it drew or wrote first was another's already."""
        try:
            async with begin(self.pool_for(actor), self.clock(), actor) as tx:
                return await work(tx)
        except UniqueViolationError as error:
            if idempotency.is_repetition(error):
                raise
        async with begin(self.pool_for(actor), self.clock(), actor) as tx:
            return await work(tx)

    async def _fingerprint(self, given: bytes | None) -> bytes:
        url = self.request.url
        body = await self.request.body() if given is None else given
        return idempotency.fingerprint(self.request.method.encode(), url.path.encode(), url.query.encode(), body)


Work: TypeAlias = NamedDependency[UnitOfWork]
"""The parameter `work` of every handler."""


def _respond(body: bytes, status: int, *, replayed: bool = False) -> Response[Any]:
    headers = {"Idempotent-Replayed": "true"} if replayed else None
    return Response(b"" if status == 204 else body, status_code=status, media_type=_JSON, headers=headers)

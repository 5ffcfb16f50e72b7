"""HTTP as slices see it: one unsafe call is one transaction, one commit and one answer, also when it is repeated."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from citizen_gateway.kernel.clock import Clock
from citizen_gateway.kernel.paging import MAX_PAGE
from citizen_gateway.platform import idempotency
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.idempotency import Answer

S = TypeVar("S")

AnyRequest: TypeAlias = Request[Any, Any, State]

Caller: TypeAlias = NamedDependency[Actor]
"""Who calls: as parameter `actor`, recognised by their credential; as `visitor`, anonymous where they bring none."""

PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=MAX_PAGE, description="Most items on a page")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`next_cursor` of the page before")]

_ENCODER = msgspec.json.Encoder()
_JSON = "application/json"


class UnitOfWork:
    """What a handler does its work with: a transaction to read in, or one to change things in, once."""

    def __init__(self, request: AnyRequest, pool: Pool, clock: Clock) -> None:
        self._request = request
        self._pool = pool
        self._clock = clock

    @asynccontextmanager
    async def read(self, actor: Actor) -> AsyncIterator[Transaction]:
        """Lend a connection; each statement sees what is committed by then."""
        async with self._pool.acquire() as conn:
            yield Transaction(conn, self._clock(), actor)

    async def once(
        self,
        actor: Actor,
        do: Callable[[Transaction], Awaitable[S]],
        *,
        status: int = 200,
        fingerprint: bytes | None = None,
    ) -> Response[S]:
        """Do the work in one transaction and answer after its commit.

        Under an `Idempotency-Key` the answer is kept in that transaction, and a repetition gets it again, marked by the
        header `Idempotent-Replayed`. `fingerprint` tells two requests apart where their bodies' bytes do not.
        """
        key = self._request.headers.get("idempotency-key")
        request = await self._fingerprint(fingerprint) if key is not None else b""
        async with begin(self._pool, self._clock(), actor) as tx:
            if key is not None and (earlier := await idempotency.claim(tx, key, request)):
                return _respond(earlier, replayed=True)
            answer = Answer(status, _ENCODER.encode(await do(tx)))
            if key is not None:
                await idempotency.keep(tx, key, answer)
        return _respond(answer)

    async def _fingerprint(self, given: bytes | None) -> bytes:
        url = self._request.url
        body = await self._request.body() if given is None else given
        return idempotency.fingerprint(self._request.method.encode(), url.path.encode(), url.query.encode(), body)


def _respond(answer: Answer, *, replayed: bool = False) -> Response[Any]:
    headers = {"Idempotent-Replayed": "true"} if replayed else None
    body = b"" if answer.status == 204 else answer.body
    return Response(body, status_code=answer.status, media_type=_JSON, headers=headers)

"""One unsafe call: one transaction, one answer, also when it is repeated."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID, uuid4

import httpx2
import msgspec
import pytest
from litestar import Litestar, Response, delete, post
from litestar.di import Provide
from litestar.exceptions import HTTPException

from citizen_gateway.kernel.errors import Forbidden, Problem
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.http import AnyRequest, UnitOfWork, Work
from citizen_gateway.platform.problems import answer_defect, answer_http_exception, answer_problem
from citizen_gateway.platform.vault import Vault

Client = httpx2.AsyncClient


class Made(msgspec.Struct, frozen=True):
    """What a call made."""

    place: int


@post("/things")
async def make(work: Work, request: AnyRequest) -> Response[Made]:
    """Make a thing, and then be refused or fail where the caller wants that."""
    wish = request.query_params.get("wish")
    actor = Actor(ActorKind.CITIZEN, UUID(request.headers["caller"]))

    async def do(tx: Transaction) -> Made:
        if wish == "once" and await tx.conn.fetchval("select count(*) from thing where owner = $1", tx.actor.key):
            raise Forbidden(needed="to be the first")
        place = await tx.conn.fetchval("insert into thing (owner) values ($1) returning place", tx.actor.key)
        if wish == "refuse":
            raise Forbidden(needed="luck")
        if wish == "fail":
            raise ZeroDivisionError
        return Made(place)

    return await work.once(actor, do, status=201)


@delete("/things", status_code=204)
async def unmake(work: Work, request: AnyRequest) -> Response[None]:
    """Remove the caller's things."""
    actor = Actor(ActorKind.CITIZEN, UUID(request.headers["caller"]))

    async def do(tx: Transaction) -> None:
        await tx.conn.execute("delete from thing where owner = $1", tx.actor.key)

    return await work.once(actor, do, status=204)


@pytest.fixture(scope="module")
async def client(pool: Pool, now: datetime) -> AsyncIterator[Client]:
    """Serve the two handlers."""
    await pool.execute("create table thing (place bigserial, owner text)")

    def work(request: AnyRequest) -> UnitOfWork:
        return UnitOfWork(request, pool, lambda: now, {Vault: Vault("k" * 32)})

    app = Litestar(
        [make, unmake],
        dependencies={"work": Provide(work, sync_to_thread=False)},
        exception_handlers={Problem: answer_problem, HTTPException: answer_http_exception, Exception: answer_defect},
    )
    transport = httpx2.ASGITransport(app)  # type: ignore[arg-type]  # Litestar words the same protocol more exactly
    async with Client(transport=transport, base_url="http://gateway") as opened:
        yield opened
    await pool.execute("drop table thing")


@pytest.fixture
def caller() -> dict[str, str]:
    """Return the headers of a caller nobody else is, with a key."""
    return {"Caller": str(uuid4()), "Idempotency-Key": "key-1"}


async def things(pool: Pool, caller: dict[str, str]) -> int:
    """Return how many things a caller has."""
    found: int = await pool.fetchval("select count(*) from thing where owner = $1", f"citizen:{caller['Caller']}")
    return found


class TestOnce:
    """A key stands for one call."""

    async def test_a_repetition_gets_the_first_answer(self, client: Client, pool: Pool, caller: dict[str, str]) -> None:
        """The same status and body, marked as a replay, and no second thing."""
        first, again = [await client.post("/things", json={"a": 1}, headers=caller) for _ in range(2)]
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
        assert await things(pool, caller) == 1

    async def test_simultaneous_repetitions(self, client: Client, pool: Pool, caller: dict[str, str]) -> None:
        """Of ten at the same time one does the work, and all get its answer."""
        answers = await asyncio.gather(*(client.post("/things", json={}, headers=caller) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await things(pool, caller) == 1

    async def test_a_repetition_refused_as_done(self, client: Client, caller: dict[str, str]) -> None:
        """What can be done only once is not refused to who repeats the call that did it."""
        first, again = [await client.post("/things?wish=once", headers=caller) for _ in range(2)]
        assert (first.status_code, again.content) == (201, first.content)

    @pytest.mark.parametrize("change", [{"path": "/things?other"}, {"json": {"a": 2}}, {"method": "DELETE"}])
    async def test_another_request(self, client: Client, caller: dict[str, str], change: dict[str, object]) -> None:
        """The key with another body, address or method is refused."""
        await client.post("/things", json={"a": 1}, headers=caller)
        other = {"method": "POST", "path": "/things", "json": {"a": 1}} | change
        answer = await client.request(str(other["method"]), str(other["path"]), json=other["json"], headers=caller)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")

    async def test_keys_belong_to_their_callers(self, client: Client, caller: dict[str, str]) -> None:
        """Another caller's key is another key."""
        first = await client.post("/things", headers=caller)
        second = await client.post("/things", headers=caller | {"Caller": str(uuid4())})
        assert first.content != second.content

    @pytest.mark.parametrize(("wish", "status"), [("refuse", 403), ("fail", 500)])
    async def test_a_failed_call_may_be_tried_again(
        self, client: Client, pool: Pool, caller: dict[str, str], wish: str, status: int
    ) -> None:
        """A refusal or a defect leaves neither thing nor key."""
        failed = await client.post(f"/things?wish={wish}", headers=caller)
        assert (failed.status_code, await things(pool, caller)) == (status, 0)
        assert failed.headers["content-type"] == "application/problem+json"
        assert (await client.post("/things", headers=caller)).status_code == 201

    async def test_nothing_to_answer(self, client: Client, caller: dict[str, str]) -> None:
        """An answer without a body is one, and is repeated as one."""
        for _ in range(2):
            answer = await client.delete("/things", headers=caller)
            assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
    async def test_no_key(self, client: Client, pool: Pool, caller: dict[str, str], key: str) -> None:
        """An empty, endless or unprintable key is refused before anything is done."""
        answer = await client.post("/things", headers=caller | {"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")
        assert await things(pool, caller) == 0

    async def test_without_a_key(self, client: Client, pool: Pool, caller: dict[str, str]) -> None:
        """Two calls without a key are two calls."""
        for _ in range(2):
            await client.post("/things", headers={"Caller": caller["Caller"]})
        assert await things(pool, caller) == 2


class TestProblems:
    """A refusal is a problem in the caller's language, a defect shows nothing."""

    async def test_members(self, client: Client, caller: dict[str, str]) -> None:
        """Type, title, status, detail and code of RFC 9457."""
        answer = await client.post("/things?wish=refuse", headers=caller | {"Accept-Language": "en"})
        problem = answer.json()
        assert (problem["type"], problem["status"], problem["code"]) == ("/problems/forbidden", 403, "forbidden")
        assert (problem["title"], problem["detail"]) == ("You may not do this", "This needs luck.")

    async def test_a_defect_shows_nothing(self, client: Client, caller: dict[str, str]) -> None:
        """The name of the error stays with us."""
        answer = await client.post("/things?wish=fail", headers=caller)
        assert answer.json()["code"] == "internal_error"
        assert "ZeroDivision" not in answer.text

    @pytest.mark.parametrize(
        ("method", "path", "code"), [("GET", "/no", "not_found"), ("PUT", "/things", "method_not_allowed")]
    )
    async def test_what_litestar_refuses(self, client: Client, method: str, path: str, code: str) -> None:
        """An unknown address or method is a problem like any other."""
        assert (await client.request(method, path)).json()["code"] == code

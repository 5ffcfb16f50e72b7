"""Keys and what was answered under them."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from asyncpg.exceptions import UniqueViolationError

from citizen_gateway.platform import idempotency
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.idempotency import Answer, KeyReused

ANSWER = Answer(201, b'{"a": 1}')
REQUEST = idempotency.fingerprint(b"POST", b"/v1/reports", b"", b"{}")


@pytest.fixture
def mine(tx: Transaction) -> Transaction:
    """Return the unit of work of a citizen."""
    return Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN, uuid4()))


class TestKeep:
    """The answer of a call."""

    async def test_is_found_by_its_key_and_request(self, mine: Transaction) -> None:
        """By the same caller alone."""
        idempotency.keep(mine, "k", REQUEST, ANSWER)
        assert await idempotency.earlier(mine.conn, mine.actor, "k", REQUEST) == ANSWER
        assert await idempotency.earlier(mine.conn, mine.actor, "other", REQUEST) is None
        stranger = Actor(ActorKind.CITIZEN, UUID(int=1))
        assert await idempotency.earlier(mine.conn, stranger, "k", REQUEST) is None

    async def test_is_kept_once(self, mine: Transaction) -> None:
        """A second answer is refused, and the first stays."""
        idempotency.keep(mine, "k", REQUEST, ANSWER)
        await mine.conn.flush()
        savepoint = mine.conn.transaction()
        await savepoint.start()
        idempotency.keep(mine, "k", REQUEST, Answer(200, b""))
        with pytest.raises(UniqueViolationError) as refused:
            await mine.conn.flush()
        await savepoint.rollback()
        assert idempotency.is_repetition(refused.value)
        assert await idempotency.earlier(mine.conn, mine.actor, "k", REQUEST) == ANSWER

    async def test_another_request_under_the_key_is_refused(self, mine: Transaction) -> None:
        """It is told apart by its fingerprint."""
        idempotency.keep(mine, "k", REQUEST, ANSWER)
        with pytest.raises(KeyReused):
            await idempotency.earlier(mine.conn, mine.actor, "k", idempotency.fingerprint(b"other"))

    async def test_is_forgotten_after_two_days_and_not_before(self, mine: Transaction) -> None:
        """Upkeep deletes what no client repeats any more."""
        idempotency.keep(mine, "k", REQUEST, ANSWER)
        edge = Transaction(mine.conn, mine.now + idempotency.KEEP)
        await idempotency.forget_old(edge)
        assert await idempotency.earlier(mine.conn, mine.actor, "k", REQUEST) == ANSWER
        assert await idempotency.forget_old(Transaction(mine.conn, edge.now + timedelta(seconds=1))) >= 1
        assert await idempotency.earlier(mine.conn, mine.actor, "k", REQUEST) is None


class TestFingerprint:
    """What makes a request the same request."""

    def test_parts_do_not_run_into_each_other(self) -> None:
        """Moving a byte from one part to the next is another request."""
        assert idempotency.fingerprint(b"ab", b"c") != idempotency.fingerprint(b"a", b"bc")
        assert idempotency.fingerprint(b"a", b"") != idempotency.fingerprint(b"a")

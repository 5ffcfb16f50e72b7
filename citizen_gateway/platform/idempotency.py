"""Unsafe calls that may be repeated: the first answers, every repetition gets that answer and changes nothing.

The answer is kept as the last thing in the call's own transaction. A repetition cannot keep a second one: it is undone,
and finds the first; a simultaneous one waits for it. A call that fails keeps nothing, so that it may be tried again.
"""

import hashlib
from datetime import timedelta

import msgspec
from asyncpg.exceptions import UniqueViolationError

from citizen_gateway.kernel.errors import Problem
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Connection, Transaction

KEEP = timedelta(hours=48)
"""How long a key is known; the answer lies there as it was sent, so sessions keep none."""
KEY_SIGNS = 255


class KeyReused(Problem):
    """An Idempotency-Key came back with another request."""

    status = 422
    code = "idempotency_key_reused"
    title = "This Idempotency-Key belongs to another request"
    detail = "The key was used before with a different body or address. Use a new key for a new request."


class BadKey(Problem):
    """An Idempotency-Key that is empty or too long."""

    status = 400
    code = "bad_idempotency_key"
    title = "This Idempotency-Key cannot be used"
    detail = "An Idempotency-Key has 1 to 255 visible ASCII signs."


class Answer(msgspec.Struct, frozen=True):
    """What a call answered; the body is sealed, since a receipt names a secret."""

    status: int
    body: bytes


def fingerprint(*parts: bytes) -> bytes:
    """Return the SHA-256 of what makes a request the same request."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


def read_key(header: str | None) -> str | None:
    """Return the key a caller sent, if any. Raises `BadKey` for one that is none."""
    if header is None or (0 < len(header) <= KEY_SIGNS and all("!" <= sign <= "~" for sign in header)):
        return header
    raise BadKey


def keep(tx: Transaction, key: str, request: bytes, answer: Answer) -> None:
    """Keep what a call answers under its key, as its last row.

    Where the key has an answer, or gets one from a call under way, sending that row fails; see `is_repetition`.
    """
    tx.conn.later(
        "insert into idempotency (owner, key, fingerprint, status, body, at) values ($1, $2, $3, $4, $5, $6)",
        tx.actor.key,
        key,
        request,
        answer.status,
        answer.body,
        tx.now,
    )


def is_repetition(error: Exception) -> bool:
    """Whether a unit of work failed because its key has an answer already; it is undone."""
    return isinstance(error, UniqueViolationError) and error.constraint_name == "idempotency_pkey"


async def earlier(conn: Connection, actor: Actor, key: str, request: bytes) -> Answer | None:
    """Return what the key's first call answered, if there was one.

    Raises `KeyReused` where that was another request.
    """
    row = await conn.fetchrow(
        "select fingerprint, status, body from idempotency where owner = $1 and key = $2", actor.key, key
    )
    if row is None:
        return None
    if row["fingerprint"] != request:
        raise KeyReused
    return Answer(row["status"], row["body"])


async def forget_old(tx: Transaction) -> int:
    """Forget keys older than `KEEP`; return how many."""
    status = await tx.conn.execute("delete from idempotency where at < $1", tx.now - KEEP)
    return int(status.split()[-1])

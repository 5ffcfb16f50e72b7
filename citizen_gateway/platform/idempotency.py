"""Unsafe calls that may be repeated: the first answers, every repetition gets that answer and changes nothing.

The key is claimed inside the call's own transaction. A simultaneous repetition waits on the claim, and then finds the
answer; a call that fails leaves no claim, so that it may be tried again.
"""

import hashlib
from datetime import timedelta

import msgspec

from citizen_gateway.kernel.errors import Problem
from citizen_gateway.platform.db import Connection, Transaction

KEEP = timedelta(hours=48)
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
    """What a call answered."""

    status: int
    body: bytes


def fingerprint(*parts: bytes) -> bytes:
    """Return the SHA-256 of what makes a request the same request."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.digest()


async def claim(tx: Transaction, key: str, request: bytes) -> Answer | None:
    """Claim a key for this transaction, or return what it answered before.

    Raises `KeyReused` where the key stands for another request, `BadKey` where it is none.
    """
    if not (0 < len(key) <= KEY_SIGNS and key.isascii() and key.isprintable()):
        raise BadKey
    owner = tx.actor.key
    status = await tx.conn.execute(
        "insert into idempotency (owner, key, fingerprint, at) values ($1, $2, $3, $4) on conflict do nothing",
        owner,
        key,
        request,
        tx.now,
    )
    if status == "INSERT 0 1":
        return None
    row = await tx.conn.fetchrow(
        "select fingerprint, status, body from idempotency where owner = $1 and key = $2", owner, key
    )
    if row is None or row["fingerprint"] != request:
        raise KeyReused
    return Answer(row["status"], row["body"])


async def keep(tx: Transaction, key: str, answer: Answer) -> None:
    """Keep what the call that claimed the key answers."""
    await tx.conn.execute(
        "update idempotency set status = $3, body = $4 where owner = $1 and key = $2",
        tx.actor.key,
        key,
        answer.status,
        answer.body,
    )


async def forget_old(tx: Transaction) -> int:
    """Forget keys older than `KEEP`; return how many."""
    status = await tx.conn.execute("delete from idempotency where at < $1", tx.now - KEEP)
    return int(status.split()[-1])


async def count(conn: Connection, owner: str) -> int:
    """Return how many keys of an owner are kept."""
    return int(await conn.fetchval("select count(*) from idempotency where owner = $1", owner))

"""The keys of partners' clients: several at once while one replaces another, found by how they begin."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway.accounts import service
from citizen_gateway.accounts.errors import TooManyKeys
from citizen_gateway.accounts.model import TOKEN_LIFE, TOKEN_PREFIX, CredentialKind, IssuedCredential
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import new_secret, secret_hash
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import Connection, Transaction, read_all

MOST_KEYS = 10
"""How many keys of a client may be valid at once."""


class Key(msgspec.Struct, frozen=True):
    """A key as it is kept: how it begins, and how long it is good for."""

    owner: UUID
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


async def of_client(conn: Connection, client: UUID) -> list[Key]:
    """Return a client's keys, oldest first; its short tokens are none."""
    return await _found(conn, "owner = $1", client)


async def beginning_with(conn: Connection, prefix: str) -> list[Key]:
    """Return the keys that begin like this, to find whose a leaked one is."""
    return await _found(conn, "starts_with(hint, $1)", prefix[:10])


async def _found(conn: Connection, where: str, value: object) -> list[Key]:
    rows = await conn.fetch(
        f"""
        select owner, hint as prefix, created_at, expires_at, revoked_at from credential
        where kind = 'client' and scopes is null and {where} order by created_at, hash
        """,
        value,
    )
    return read_all(Key, rows)


async def rotate(tx: Transaction, client: UUID, *, overlap: timedelta, expires_at: datetime | None) -> IssuedCredential:
    """Make a client a new key; those before it end after the overlap, if they do not end sooner.

    Raises `TooManyKeys`.
    """
    await tx.conn.execute("select from api_client where id = $1 for update", client)
    await tx.conn.execute(
        """
        update credential set expires_at = least(expires_at, $2)
        where owner = $1 and kind = 'client' and scopes is null and revoked_at is null
        """,
        client,
        tx.now + overlap,
    )
    valid = [key for key in await of_client(tx.conn, client) if _valid(key, tx.now)]
    if len(valid) >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    return await service.issue(tx, Bearer(CredentialKind.CLIENT, client, expires_at))


async def revoke(tx: Transaction, client: UUID, prefix: str) -> None:
    """End a client's key at once. Raises `NotFound` where none that is valid begins like this."""
    status = await tx.conn.execute(
        """
        update credential set revoked_at = $3
        where owner = $1 and kind = 'client' and scopes is null and hint = $2 and revoked_at is null
        """,
        client,
        prefix[:10],
        tx.now,
    )
    if status == "UPDATE 0":
        raise NotFound(what="key")
    # Tokens were given for keys; which one is not kept, and who revokes a key means all that it opened.
    await tx.conn.execute(
        "update credential set revoked_at = $2 where owner = $1 and scopes is not null and revoked_at is null",
        client,
        tx.now,
    )


async def issue_token(tx: Transaction, client: UUID, scopes: frozenset[Scope]) -> str:
    """Make a short access token that opens these scopes of a client."""
    secret = new_secret(TOKEN_PREFIX)
    await tx.conn.execute(
        """
        insert into credential (hash, hint, kind, owner, created_at, expires_at, scopes)
        values ($1, $2, 'client', $3, $4, $5, $6)
        """,
        secret_hash(secret),
        secret[:10],
        client,
        tx.now,
        tx.now + TOKEN_LIFE,
        sorted(scope.value for scope in scopes),
    )
    return secret


async def forget_tokens(tx: Transaction) -> int:
    """Forget tokens that ended a day ago; return how many."""
    status = await tx.conn.execute(
        "delete from credential where scopes is not null and expires_at < $1", tx.now - timedelta(days=1)
    )
    return int(status.split()[-1])


def _valid(key: Key, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)

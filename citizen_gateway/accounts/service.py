"""Use cases of accounts: signing in, recognising a bearer, acting on a citizen's behalf."""

from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from citizen_gateway.accounts import client_store, store
from citizen_gateway.accounts.errors import KeyExpired, KeyRevoked, MalformedKey, NameTaken, UnknownLogin
from citizen_gateway.accounts.model import (
    CHANNEL_SESSION,
    CITIZEN_SESSION,
    STAFF_SESSION,
    TOKEN_PREFIX,
    ApiClient,
    CredentialKind,
    IssuedCredential,
)
from citizen_gateway.accounts.store import Bearer
from citizen_gateway.kernel.errors import Unauthenticated
from citizen_gateway.kernel.ids import CitizenId, new_secret, secret_hash, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role, Scope, Terms
from citizen_gateway.platform.db import Connection, Pool, Transaction
from citizen_gateway.platform.vault import Vault

_REMEMBER = timedelta(seconds=5)
_REMEMBERED = 20_000
_KEY_SIGNS = len(new_secret(CredentialKind.CLIENT.prefix))


async def find_or_add_citizen(
    tx: Transaction, vault: Vault, channel: str, subject: str, locale: str | None = None
) -> CitizenId:
    """Return the citizen whom a channel knows as `subject` (an openid, a phone number), added on first sight."""
    index = vault.index(f"{channel}:{subject}")
    if known := await store.citizen_of(tx.conn, channel, index):
        return known
    citizen = CitizenId(uuid7(tx.now))
    await store.insert_citizen(tx.conn, citizen, locale, tx.now)
    if await store.insert_identity(tx.conn, channel, (index, vault.seal(subject)), citizen, tx.now):
        return citizen
    # Somebody added the same person at the same moment; theirs is committed by now.
    await tx.conn.execute("delete from citizen where id = $1", citizen)
    known = await store.citizen_of(tx.conn, channel, index)
    if known is None:
        raise RuntimeError("an identity that conflicts cannot be read")
    return known


async def sign_in_citizen(
    tx: Transaction, vault: Vault, channel: str, subject: str, locale: str | None
) -> IssuedCredential:
    """Open a session for the citizen whom a channel knows as `subject`."""
    citizen = await find_or_add_citizen(tx, vault, channel, subject, locale)
    return await issue(tx, Bearer(CredentialKind.CITIZEN, citizen, tx.now + CITIZEN_SESSION))


async def open_for_citizen(tx: Transaction, vault: Vault, subject: str, locale: str | None) -> IssuedCredential:
    """Open a short session for a citizen of the calling channel's own, which proved who they are to the channel."""
    citizen = await find_or_add_citizen(tx, vault, tx.actor.channel, subject, locale)
    return await issue(tx, Bearer(CredentialKind.CITIZEN, citizen, tx.now + CHANNEL_SESSION))


async def sign_in_staff(tx: Transaction, login: str) -> IssuedCredential:
    """Open a session for a member of staff. Raises `UnknownLogin`."""
    staff = await store.staff_by_login(tx.conn, login)
    if staff is None:
        raise UnknownLogin
    return await issue(tx, Bearer(CredentialKind.STAFF, staff.id, tx.now + STAFF_SESSION))


async def add_client(tx: Transaction, client: ApiClient, expires_at: datetime | None = None) -> IssuedCredential:
    """Add a partner's client and make its key, shown this once. Raises `NameTaken`."""
    if not await client_store.insert_client(tx.conn, client, tx.now):
        raise NameTaken(name=client.name)
    return await issue(tx, Bearer(CredentialKind.CLIENT, client.id, expires_at))


async def issue(tx: Transaction, bearer: Bearer) -> IssuedCredential:
    """Make a bearer secret and keep its hash."""
    secret = new_secret(bearer.kind.prefix)
    await store.insert_credential(tx.conn, secret_hash(secret), secret[:10], bearer, tx.now)
    return IssuedCredential(secret, bearer.owner, bearer.expires_at)


class Doorkeeper:
    """Recognises who calls by their bearer secret.

    Remembers for five seconds whom it recognised, so that a busy partner costs no look-up per call; a revoked secret
    stops working at once in the process that revoked it, and within those seconds elsewhere.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: OrderedDict[bytes, tuple[datetime, Actor]] = OrderedDict()

    async def recognise(self, secret: str, now: datetime) -> Actor:
        """Return who presents this secret.

        Raises `Unauthenticated`, and of these for a client `KeyExpired`, `KeyRevoked` or `MalformedKey`.
        """
        digest = secret_hash(secret)
        remembered = self._known.get(digest)
        if remembered and remembered[0] > now:
            return remembered[1]
        async with self._pool.acquire() as conn:
            bearer = await store.find_bearer(conn, digest, now)
            actor = await _actor_of(conn, bearer) if bearer else None
            if bearer is None or actor is None:
                self._known.pop(digest, None)
                raise await why_not(conn, secret, now)
        until = now + _REMEMBER
        self._known[digest] = (min(until, bearer.expires_at) if bearer.expires_at else until, actor)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return actor

    async def dismiss(self, tx: Transaction, secret: str) -> None:
        """Revoke a secret."""
        digest = secret_hash(secret)
        await store.revoke_credential(tx.conn, digest, tx.now)
        self._known.pop(digest, None)

    def forget(self, owner: UUID) -> None:
        """Remember nothing of somebody whose rights or credentials changed."""
        for digest in [digest for digest, (_, actor) in self._known.items() if actor.id == owner]:
            del self._known[digest]


async def _actor_of(conn: Connection, bearer: Bearer) -> Actor | None:
    match bearer.kind:
        case CredentialKind.CITIZEN:
            locale = None if bearer.sandbox else await store.citizen_locale(conn, bearer.owner)
            return Actor(ActorKind.CITIZEN, bearer.owner, locale=locale, sandbox=bearer.sandbox)
        case CredentialKind.STAFF:
            staff = await store.staff_by_id(conn, bearer.owner)
            return staff.as_actor() if staff else None
        case CredentialKind.CLIENT:
            client = await client_store.client_by_id(conn, bearer.owner)
            return client_actor(client, bearer.scopes) if client else None


def client_actor(client: ApiClient, only: frozenset[Scope] | None = None) -> Actor:
    """Return a client as one who acts, with `only` some of its scopes where they are named.

    The scopes say which staff roles it has, and where.
    """
    scopes = client.scopes if only is None else client.scopes & only
    grants: list[Grant] = []
    if Scope.TICKETS_HANDLE in scopes:
        grants += [Grant(Role.HANDLER, department) for department in sorted(client.departments)]
    elif Scope.TICKETS_READ in client.scopes:
        grants += [Grant(Role.OBSERVER, department) for department in sorted(client.departments)]
    if Scope.TICKETS_CENTER in scopes:
        grants.append(Grant(Role.CENTER))
    if Scope.POINTS_MERCHANT in client.scopes:
        grants.append(Grant(Role.MERCHANT))
    return Actor(
        ActorKind.CLIENT,
        client.id,
        client.name,
        client.channel.value,
        tuple(grants),
        scopes,
        terms=Terms(client.addresses, client.burst, client.per_hour),
        sandbox=client.sandbox,
    )


async def why_not(conn: Connection, secret: str, now: datetime) -> Unauthenticated:
    """Return why a secret opens nothing: one that was a client's is told what became of it, all others nothing."""
    if secret.startswith((CredentialKind.CLIENT.prefix, TOKEN_PREFIX)) and len(secret) != _KEY_SIGNS:
        return MalformedKey(length=_KEY_SIGNS)
    ended = await store.ended_key(conn, secret_hash(secret))
    if ended is None:
        return Unauthenticated()
    return KeyRevoked() if ended.revoked_at else KeyExpired() if ended.expires_at <= now else Unauthenticated()

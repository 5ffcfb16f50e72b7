"""Use cases of clients, for administrators; each change is in the audit log."""

from datetime import datetime, timedelta
from uuid import UUID

from citizen_gateway.accounts import audit, client_store, keys, service
from citizen_gateway.accounts.admission import unreadable
from citizen_gateway.accounts.audit import Concern
from citizen_gateway.accounts.errors import BadNetwork
from citizen_gateway.accounts.model import ApiClient, IssuedCredential
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.partners.clients.schema import ClientView, NewKey, client_view
from citizen_gateway.platform.db import Transaction


async def add(tx: Transaction, client: ApiClient, expires_at: datetime | None) -> IssuedCredential:
    """Add a client with a first key. Raises `NameTaken`, `BadNetwork`."""
    _check(client)
    issued = await service.add_client(tx, client, expires_at)
    scopes = sorted(client.scopes)
    await audit.write(tx, "client.added", concern=Concern(client.id), name=client.name, scopes=scopes)
    return issued


async def find(tx: Transaction, client: UUID) -> ApiClient:
    """Return a client, active or not. Raises `NotFound`."""
    found = await client_store.any_client(tx.conn, client)
    if found is None:
        raise NotFound(what="client")
    return found


async def shown(tx: Transaction, client: ApiClient) -> ClientView:
    """Return a client with its keys."""
    return client_view(client, await keys.of_client(tx.conn, client.id))


async def all_of(tx: Transaction, key_prefix: str | None) -> list[ClientView]:
    """Return all clients by name, or only those with a key that begins like this."""
    owners = {key.owner for key in await keys.beginning_with(tx.conn, key_prefix)} if key_prefix else None
    clients = await client_store.clients(tx.conn)
    return [await shown(tx, client) for client in clients if owners is None or client.id in owners]


async def change(tx: Transaction, changed: ApiClient) -> None:
    """Keep a client's new terms. Raises `BadNetwork`."""
    _check(changed)
    await client_store.update_client(tx.conn, changed)
    await audit.write(
        tx,
        "client.changed",
        concern=Concern(changed.id),
        scopes=sorted(changed.scopes),
        departments=sorted(changed.departments),
        addresses=list(changed.addresses),
        active=changed.active,
    )


async def rotate(tx: Transaction, client: UUID, *, overlap: timedelta, days: int | None) -> IssuedCredential:
    """Make a client a new key. Raises `NotFound`, `TooManyKeys`."""
    await find(tx, client)
    expires_at = tx.now + timedelta(days=days) if days else None
    issued = await keys.rotate(tx, client, overlap=overlap, expires_at=expires_at)
    await audit.write(tx, "client.key_made", concern=Concern(client), prefix=issued.secret[:10])
    return issued


async def revoke(tx: Transaction, client: UUID, prefix: str) -> None:
    """End a key, and all tokens given to its client. Raises `NotFound`."""
    await keys.revoke(tx, client, prefix)
    await audit.write(tx, "client.key_revoked", concern=Concern(client), prefix=prefix[:10])


def new_key(issued: IssuedCredential) -> NewKey:
    """Show a new key, this once."""
    return NewKey(issued.secret, issued.secret[:10], issued.expires_at)


def _check(client: ApiClient) -> None:
    if (wrong := unreadable(client.addresses)) is not None:
        raise BadNetwork(network=wrong)

"""Use cases of webhooks: endpoints and their secrets, test messages, the log, and driving again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import ClientId, EventId, uuid7
from citizen_gateway.partners.cursors import Place
from citizen_gateway.partners.events import WebhookPaused, WebhookTested
from citizen_gateway.partners.schema import EventView
from citizen_gateway.partners.webhooks import outbox, store
from citizen_gateway.partners.webhooks.addresses import why_not
from citizen_gateway.partners.webhooks.errors import BadWebhookUrl, TooManySecrets, TooManyWebhooks
from citizen_gateway.partners.webhooks.model import (
    MOST_ENDPOINTS,
    MOST_SECRETS,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    PauseReason,
)
from citizen_gateway.partners.webhooks.signing import new_secret
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Happening
from citizen_gateway.platform.vault import Vault

_ENCODER = msgspec.json.Encoder()


class Wanted(msgspec.Struct, frozen=True):
    """What a client says of an endpoint."""

    url: str
    types: tuple[str, ...] | None
    description: str


async def add(tx: Transaction, vault: Vault, wanted: Wanted, head: Place, *, development: bool) -> tuple[Endpoint, str]:
    """Add an endpoint, told what happens from `head` on, and return it with its secret.

    Raises `BadWebhookUrl`, `TooManyWebhooks`.
    """
    _check(wanted.url, development=development)
    client = _client(tx)
    await store.hold_client(tx.conn, client)
    if len(await store.of_client(tx.conn, client)) >= MOST_ENDPOINTS:
        raise TooManyWebhooks(most=MOST_ENDPOINTS)
    endpoint = Endpoint(
        id=uuid7(tx.now),
        client_id=client,
        url=wanted.url,
        types=wanted.types,
        description=wanted.description,
        state=EndpointState.ACTIVE,
        paused_because=None,
        failing_since=None,
        xid=head.xid,
        seq=head.seq,
        created_at=tx.now,
    )
    await store.insert_endpoint(tx.conn, endpoint)
    return endpoint, await _new_secret(tx, vault, endpoint.id)


async def mine(tx: Transaction, endpoint: UUID) -> Endpoint:
    """Return an endpoint of the client that asks. Raises `NotFound`."""
    found = await store.by_id(tx.conn, _client(tx), endpoint)
    if found is None:
        raise NotFound(what="webhook")
    return found


async def change(
    tx: Transaction, endpoint: UUID, wanted: Wanted, *, paused: bool | None, development: bool
) -> Endpoint:
    """Change an endpoint, pause it or let it go on; it goes on where it stopped. Raises `NotFound`, `BadWebhookUrl`."""
    _check(wanted.url, development=development)
    before = await mine(tx, endpoint)
    changed = msgspec.structs.replace(before, url=wanted.url, types=wanted.types, description=wanted.description)
    if paused is True and before.state is EndpointState.ACTIVE:
        changed = msgspec.structs.replace(changed, state=EndpointState.PAUSED, paused_because=PauseReason.ASKED)
    if paused is False:
        changed = msgspec.structs.replace(changed, state=EndpointState.ACTIVE, paused_because=None, failing_since=None)
    await store.update_endpoint(tx.conn, changed)
    return changed


async def rotate(tx: Transaction, vault: Vault, endpoint: UUID, overlap: timedelta) -> str:
    """Make a new secret; those before it sign too, for so long. Raises `NotFound`, `TooManySecrets`."""
    await mine(tx, endpoint)
    if await store.end_secrets(tx.conn, endpoint, tx.now, tx.now + overlap) >= MOST_SECRETS:
        raise TooManySecrets(most=MOST_SECRETS)
    return await _new_secret(tx, vault, endpoint)


async def test(tx: Transaction, vault: Vault, endpoint: UUID) -> Delivery:
    """Send a message that says nothing happened, also to a paused endpoint once it goes on. Raises `NotFound`."""
    found = await mine(tx, endpoint)
    return await tell(tx, vault, found, WebhookTested(found.id))


async def redrive(tx: Transaction, endpoint: UUID, only: Sequence[UUID] | None) -> int:
    """Drive dead messages again, all or only these, and return how many. Raises `NotFound`."""
    await mine(tx, endpoint)
    return await outbox.drive_again(tx.conn, endpoint, only, tx.now)


async def tell(tx: Transaction, vault: Vault, endpoint: Endpoint, told: Happening) -> Delivery:
    """Enqueue a message about the webhooks themselves."""
    event = EventView(
        id=uuid7(tx.now),
        type=told.name,
        at=tx.now,
        ticket="",
        version=0,
        by=ActorKind.SYSTEM,
        public=told.public,
        data=msgspec.to_builtins(told),
        reports=[],
        cursor="",
    )
    return await enqueue(tx, vault, endpoint.id, event)


async def enqueue(tx: Transaction, vault: Vault, endpoint: UUID, event: EventView) -> Delivery:
    """Enqueue a message; an endpoint gets one for each event, however often this is called."""
    delivery = Delivery(
        id=uuid7(tx.now),
        endpoint_id=endpoint,
        event_id=EventId(event.id),
        type=event.type,
        state=DeliveryState.PENDING,
        attempts=0,
        due_at=tx.now,
        delivered_at=None,
        created_at=tx.now,
    )
    await outbox.insert_delivery(tx.conn, delivery, vault.seal_bytes(_ENCODER.encode(event)))
    return delivery


async def pause(tx: Transaction, vault: Vault, endpoint: UUID, reason: PauseReason) -> Endpoint | None:
    """Pause an endpoint and tell the client's others; None where it was paused before."""
    paused = await store.pause(tx.conn, endpoint, reason)
    if paused is None:
        return None
    for other in await store.of_client(tx.conn, paused.client_id):
        if other.state is EndpointState.ACTIVE:
            await tell(tx, vault, other, WebhookPaused(paused.id, paused.url, reason.value))
    return paused


async def _new_secret(tx: Transaction, vault: Vault, endpoint: UUID) -> str:
    secret = new_secret()
    await store.insert_secret(tx.conn, endpoint, vault.seal(secret), tx.now)
    return secret


def _client(tx: Transaction) -> ClientId:
    if tx.actor.id is None:
        raise NotFound(what="webhook")
    return ClientId(tx.actor.id)


def _check(url: str, *, development: bool) -> None:
    if (reason := why_not(url, development=development)) is not None:
        raise BadWebhookUrl(reason=reason)

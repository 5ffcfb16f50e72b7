"""`/v1/webhooks`: where a client wants events sent, and what became of each."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.accounts.guards import require_kind
from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.partners import store as log
from citizen_gateway.partners.errors import UnknownEventType
from citizen_gateway.partners.following import read_types
from citizen_gateway.partners.model import require_events
from citizen_gateway.partners.webhooks import outbox, service, store
from citizen_gateway.partners.webhooks.errors import BadWebhookUrl, TooManySecrets, TooManyWebhooks
from citizen_gateway.partners.webhooks.model import DeliveryState
from citizen_gateway.partners.webhooks.schema import (
    AddWebhook,
    ChangeWebhook,
    DeliveryLog,
    DeliveryView,
    DriveAgain,
    NewWebhook,
    Redriven,
    RotateSecret,
    Webhooks,
    WebhookSecret,
    WebhookView,
    attempt_view,
    delivery_view,
    webhook_view,
)
from citizen_gateway.partners.webhooks.service import Wanted
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault

_ALL = raises(Unauthenticated, Forbidden, ScopeMissing)
_ONE = raises(Unauthenticated, Forbidden, ScopeMissing, NotFound)


class WebhookController(Controller):
    """Webhooks."""

    path = "/v1/webhooks"
    tags = ("webhooks",)

    @post(
        operation_id="addWebhook",
        summary="Have events sent to your server",
        responses=_ALL | raises(BadWebhookUrl, UnknownEventType, TooManyWebhooks),
    )
    async def add(self, *, data: JSONBody[AddWebhook], actor: Caller, work: Work) -> Response[NewWebhook]:
        """Have what happens from now on sent to your server by TLS, signed after Standard Webhooks.

        The secret is shown this once. What is sent is what the event feed tells this client.
        """
        _require_reader(actor)
        vault, settings = work.part(Vault), work.part(Settings)
        wanted = Wanted(data.url, _types(data.types), data.description)
        head = await log.head(work.pool_for(actor))

        async def keep(tx: Transaction) -> NewWebhook:
            endpoint, secret = await service.add(tx, vault, wanted, head, development=settings.development)
            return NewWebhook(webhook_view(endpoint), secret)

        return await work.once(actor, keep, status=201)

    @get(operation_id="listWebhooks", summary="My webhooks", responses=_ALL)
    async def all(self, *, actor: Caller, work: Work) -> Webhooks:
        """List the webhooks of the client that asks, oldest first."""
        _require_reader(actor)
        async with work.read(actor) as tx:
            found = await store.of_client(tx.conn, actor.id) if actor.id else []
        return Webhooks([webhook_view(endpoint) for endpoint in found])

    @get("/{webhook_id:uuid}", operation_id="getWebhook", summary="One of my webhooks", responses=_ONE)
    async def show(self, *, webhook_id: FromPath[UUID], actor: Caller, work: Work) -> WebhookView:
        """Show a webhook, and whether it is paused or fails."""
        _require_reader(actor)
        async with work.read(actor) as tx:
            return webhook_view(await service.mine(tx, webhook_id))

    @patch(
        "/{webhook_id:uuid}",
        operation_id="changeWebhook",
        summary="Change, pause or resume a webhook",
        responses=_ONE | raises(BadWebhookUrl, UnknownEventType),
    )
    async def change(
        self, *, webhook_id: FromPath[UUID], data: JSONBody[ChangeWebhook], actor: Caller, work: Work
    ) -> Response[WebhookView]:
        """Change what is named. One that was paused goes on where it stopped, by `paused: false`."""
        _require_reader(actor)
        settings = work.part(Settings)
        given = data.types if data.types is not UNSET else None
        types = _types(given)

        async def keep(tx: Transaction) -> WebhookView:
            before = await service.mine(tx, webhook_id)
            wanted = Wanted(
                before.url if data.url is UNSET else data.url,
                before.types if data.types is UNSET else types,
                before.description if data.description is UNSET else data.description,
            )
            paused = None if data.paused is UNSET else data.paused
            changed = await service.change(tx, webhook_id, wanted, paused=paused, development=settings.development)
            return webhook_view(changed)

        return await work.once(actor, keep)

    @delete("/{webhook_id:uuid}", operation_id="deleteWebhook", summary="Delete a webhook", responses=_ONE)
    async def remove(self, *, webhook_id: FromPath[UUID], actor: Caller, work: Work) -> None:
        """Send nothing more to an address, and forget what was sent."""
        _require_reader(actor)

        async def forget(tx: Transaction) -> None:
            await store.delete_endpoint(tx.conn, (await service.mine(tx, webhook_id)).id)

        await work.once(actor, forget, status=204)

    @post(
        "/{webhook_id:uuid}/secrets",
        operation_id="rotateWebhookSecret",
        summary="A new secret for a webhook",
        responses=_ONE | raises(TooManySecrets),
    )
    async def rotate(
        self, *, webhook_id: FromPath[UUID], data: JSONBody[RotateSecret], actor: Caller, work: Work
    ) -> Response[WebhookSecret]:
        """Make a new secret, shown this once; messages carry a signature of each secret that has not ended."""
        _require_reader(actor)
        vault, overlap = work.part(Vault), timedelta(hours=data.overlap_hours)

        async def keep(tx: Transaction) -> WebhookSecret:
            return WebhookSecret(await service.rotate(tx, vault, webhook_id, overlap))

        return await work.once(actor, keep, status=201)

    @post(
        "/{webhook_id:uuid}/test",
        operation_id="testWebhook",
        summary="Send a test message",
        status_code=202,
        responses=_ONE,
    )
    async def test(self, *, webhook_id: FromPath[UUID], actor: Caller, work: Work) -> Response[DeliveryView]:
        """Send an event `webhook.tested`; look what became of it by its id."""
        _require_reader(actor)
        vault = work.part(Vault)

        async def keep(tx: Transaction) -> DeliveryView:
            return delivery_view(await service.test(tx, vault, webhook_id))

        return await work.once(actor, keep, status=202)

    @get(
        "/{webhook_id:uuid}/deliveries",
        operation_id="listDeliveries",
        summary="What was sent to a webhook",
        responses=_ONE | raises(BadCursor),
    )
    async def deliveries(
        self,
        *,
        webhook_id: FromPath[UUID],
        actor: Caller,
        work: Work,
        delivery_state: Annotated[
            DeliveryState | None, QueryParameter(name="state", description="Only in this state")
        ] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[DeliveryView]:
        """List messages, newest first."""
        _require_reader(actor)
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            endpoint = await service.mine(tx, webhook_id)
            rows = await outbox.deliveries(tx.conn, endpoint.id, delivery_state, before, limit + 1)
        return page_of([delivery_view(row) for row in rows], limit, [row.id for row in rows])

    @get(
        "/{webhook_id:uuid}/deliveries/{delivery_id:uuid}",
        operation_id="getDelivery",
        summary="What became of a message",
        responses=_ONE,
    )
    async def delivery(
        self, *, webhook_id: FromPath[UUID], delivery_id: FromPath[UUID], actor: Caller, work: Work
    ) -> DeliveryLog:
        """Show a message with each attempt: when, with what answer, how long it took."""
        _require_reader(actor)
        async with work.read(actor) as tx:
            endpoint = await service.mine(tx, webhook_id)
            found = await outbox.delivery(tx.conn, endpoint.id, delivery_id)
            if found is None:
                raise NotFound(what="delivery")
            tried = await outbox.attempts(tx.conn, found.id)
        return DeliveryLog(delivery_view(found), [attempt_view(attempt) for attempt in tried])

    @post(
        "/{webhook_id:uuid}/redrive",
        operation_id="redriveWebhook",
        summary="Send dead messages again",
        status_code=202,
        responses=_ONE,
    )
    async def redrive(
        self, *, webhook_id: FromPath[UUID], data: JSONBody[DriveAgain], actor: Caller, work: Work
    ) -> Response[Redriven]:
        """Send messages for which no attempt was left again, with all their attempts: those named, or all."""
        _require_reader(actor)

        async def keep(tx: Transaction) -> Redriven:
            return Redriven(await service.redrive(tx, webhook_id, data.delivery_ids))

        return await work.once(actor, keep, status=202)


def _require_reader(actor: Actor) -> None:
    """Raise `Forbidden` for all but clients, and `ScopeMissing` for those whose key opens no events."""
    require_kind(actor, ActorKind.CLIENT)
    require_events(actor)


def _types(given: list[str] | None) -> tuple[str, ...] | None:
    wanted = read_types(",".join(given)) if given else None
    return None if wanted is None else tuple(sorted(wanted))

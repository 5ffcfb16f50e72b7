"""Webhooks: where the caller wants events sent."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from msgspec import UNSET

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncWebhooks:
    """The webhooks of a partner's system: each is sent what the event feed tells the system.

    On the receiving side, `citizen_gateway_sdk.webhooks.verify` checks a message and returns its event.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def add(
        self,
        url: str,
        *,
        types: Sequence[str] | None = None,
        description: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.NewWebhook:
        """Have what happens from now on sent to an https address, all of it or only some types of events.

        Keep the answer's `secret`: it is shown this once. Raises `BadWebhookUrl`, `UnknownEventType`,
        `TooManyWebhooks`.
        """
        body = models.AddWebhook(
            url=url, types=given(types if types is None else [*types]), description=given(description)
        )
        return await self._transport.send(operations.ADD_WEBHOOK, options, body=body)

    async def list(self, **options: Unpack[ReadOptions]) -> list[models.Webhook]:
        """Return all webhooks of the caller, oldest first."""
        webhooks = await self._transport.send(operations.LIST_WEBHOOKS, options)
        return webhooks.items

    async def get(self, webhook_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Webhook:
        """Return a webhook, and whether it is paused or fails."""
        return await self._transport.send(operations.GET_WEBHOOK, options, path={"webhook_id": webhook_id})

    async def change(
        self,
        webhook_id: UUID | str,
        *,
        url: str | None = None,
        types: Sequence[str] | None = None,
        all_types: bool = False,
        description: str | None = None,
        paused: bool | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Webhook:
        """Change what is named; `all_types` undoes a choice of types. `paused=False` goes on where it stopped."""
        chosen = None if all_types else UNSET if types is None else [*types]
        body = models.ChangeWebhook(url=given(url), types=chosen, description=given(description), paused=given(paused))
        return await self._transport.send(
            operations.CHANGE_WEBHOOK, options, path={"webhook_id": webhook_id}, body=body
        )

    async def delete(self, webhook_id: UUID | str, **options: Unpack[WriteOptions]) -> None:
        """Send nothing more to it, and forget what was sent."""
        await self._transport.send(operations.DELETE_WEBHOOK, options, path={"webhook_id": webhook_id})

    async def rotate_secret(
        self, webhook_id: UUID | str, *, overlap_hours: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.WebhookSecret:
        """Make a new secret, shown this once; those before it sign too for a day, or as many hours as are named."""
        body = models.RotateSecret(overlap_hours=given(overlap_hours))
        return await self._transport.send(
            operations.ROTATE_WEBHOOK_SECRET, options, path={"webhook_id": webhook_id}, body=body
        )

    async def test(self, webhook_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Delivery:
        """Send an event `webhook.tested`."""
        return await self._transport.send(operations.TEST_WEBHOOK, options, path={"webhook_id": webhook_id})

    def deliveries(
        self,
        webhook_id: UUID | str,
        *,
        state: models.DeliveryState | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Delivery]:
        """Return the messages sent, newest first; `limit` is the size of a page."""
        query: dict[str, object] = {"state": state, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_DELIVERIES, options, query, path={"webhook_id": webhook_id})

    async def delivery(
        self, webhook_id: UUID | str, delivery_id: UUID | str, **options: Unpack[ReadOptions]
    ) -> models.DeliveryLog:
        """Return a message with what came of each attempt."""
        path = {"webhook_id": webhook_id, "delivery_id": delivery_id}
        return await self._transport.send(operations.GET_DELIVERY, options, path=path)

    async def redrive(
        self,
        webhook_id: UUID | str,
        *,
        delivery_ids: Sequence[UUID] | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Redriven:
        """Send messages for which no attempt was left again, all or these."""
        body = models.DriveAgain(delivery_ids=given(delivery_ids if delivery_ids is None else [*delivery_ids]))
        return await self._transport.send(
            operations.REDRIVE_WEBHOOK, options, path={"webhook_id": webhook_id}, body=body
        )

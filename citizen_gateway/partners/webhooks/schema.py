"""Webhooks on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from citizen_gateway.partners.webhooks.model import Delivery, DeliveryState, Endpoint, EndpointState, PauseReason
from citizen_gateway.partners.webhooks.outbox import Attempt

Url = Annotated[str, Meta(min_length=8, max_length=500, description="Of the public internet, by TLS")]
TypeNames = Annotated[list[str], Meta(min_length=1, max_length=100, description="Types of events; none: all")]
Description = Annotated[str, Meta(max_length=200)]
Overlap = Annotated[int, Meta(ge=0, le=168, description="Hours for which the secrets before it sign too")]


class AddWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Have events sent to an address."""

    url: Url
    types: TypeNames | None = None
    description: Description = ""


class ChangeWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Change what is named; a webhook that was paused goes on where it stopped."""

    url: Url | UnsetType = UNSET
    types: TypeNames | UnsetType | None = UNSET
    description: Description | UnsetType = UNSET
    paused: bool | UnsetType = UNSET


class RotateSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Make a new secret."""

    overlap_hours: Overlap = 24


class DriveAgain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Send dead messages again: these, or all."""

    delivery_ids: Annotated[list[UUID], Meta(min_length=1, max_length=1000)] | None = None


class WebhookView(msgspec.Struct, frozen=True):
    """Where events are sent, and whether they arrive."""

    id: UUID
    url: str
    types: list[str] | None
    description: str
    state: EndpointState
    paused_because: PauseReason | None
    failing_since: datetime | None
    created_at: datetime


class NewWebhook(msgspec.Struct, frozen=True):
    """A webhook with its first secret, shown this once."""

    webhook: WebhookView
    secret: str


class WebhookSecret(msgspec.Struct, frozen=True):
    """A new secret, shown this once."""

    secret: str


class Webhooks(msgspec.Struct, frozen=True):
    """All webhooks of a client."""

    items: list[WebhookView]


class DeliveryView(msgspec.Struct, frozen=True):
    """A message and what became of it."""

    id: UUID
    event_id: UUID
    type: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime


class AttemptView(msgspec.Struct, frozen=True):
    """What came of one attempt: a status or an error, and the beginning of the answer."""

    number: int
    at: datetime
    status: int | None
    error: str | None
    took_ms: int
    answer: str


class DeliveryLog(msgspec.Struct, frozen=True):
    """A message with all its attempts, oldest first."""

    delivery: DeliveryView
    attempts: list[AttemptView]


class Redriven(msgspec.Struct, frozen=True):
    """How many dead messages are sent again."""

    count: int


def webhook_view(endpoint: Endpoint) -> WebhookView:
    """Show an endpoint."""
    return WebhookView(
        id=endpoint.id,
        url=endpoint.url,
        types=None if endpoint.types is None else list(endpoint.types),
        description=endpoint.description,
        state=endpoint.state,
        paused_because=endpoint.paused_because,
        failing_since=endpoint.failing_since,
        created_at=endpoint.created_at,
    )


def delivery_view(delivery: Delivery) -> DeliveryView:
    """Show a message."""
    return DeliveryView(
        id=delivery.id,
        event_id=delivery.event_id,
        type=delivery.type,
        state=delivery.state,
        attempts=delivery.attempts,
        next_attempt_at=delivery.due_at if delivery.state is DeliveryState.PENDING else None,
        delivered_at=delivery.delivered_at,
        created_at=delivery.created_at,
    )


def attempt_view(attempt: Attempt) -> AttemptView:
    """Show an attempt."""
    return AttemptView(**msgspec.structs.asdict(attempt))

"""What partners are told, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.partners.cursors import Cursors
from citizen_gateway.partners.model import Batch, Told
from citizen_gateway.platform.actor import ActorKind


class EventReport(msgspec.Struct, frozen=True):
    """A report of the reader's own, which the event concerns."""

    report_id: UUID
    subject: Annotated[str | None, Meta(description="How the reader's channel knows who reported")]
    external_ref: Annotated[str | None, Meta(description="The number it has in the reader's own system")]
    status: Annotated[
        str | None, Meta(description="The ticket's status by now, in the words of the reader's own channel")
    ]


class EventView(msgspec.Struct, frozen=True):
    """Something that happened to a ticket; `data` is that of its type in events.json."""

    id: Annotated[UUID, Meta(description="Deduplicate by it: an event may come more than once")]
    type: str
    at: datetime
    ticket: Annotated[str, Meta(description="The ticket's number")]
    version: Annotated[int, Meta(description="Counts the ticket's events, also those that you may not see")]
    by: ActorKind
    public: Annotated[bool, Meta(description="Whether citizens see it on the ticket's timeline")]
    data: dict[str, object]
    reports: Annotated[list[EventReport], Meta(description="Your own reports that the ticket answers")]
    cursor: Annotated[str, Meta(description="Goes on behind this event")]


class EventBatch(msgspec.Struct, frozen=True):
    """Some events, oldest first, and the cursor that goes on behind them; keep it even where there are none."""

    items: list[EventView]
    cursor: str
    more: Annotated[bool, Meta(description="Whether there may be more at once")]


def event_view(told: Told, cursors: Cursors, at: datetime) -> EventView:
    """Show an event."""
    event = told.event
    return EventView(
        id=event.id,
        type=event.type,
        at=event.at,
        ticket=told.ticket,
        version=event.version,
        by=event.actor_kind,
        public=event.public,
        data=told.data,
        reports=[EventReport(report.id, report.subject, report.external_ref, report.status) for report in told.reports],
        cursor=cursors.write(told.place, at),
    )


def batch_view(batch: Batch, cursors: Cursors) -> EventBatch:
    """Show what was read at once."""
    views = [event_view(told, cursors, batch.at) for told in batch.told]
    return EventBatch(views, cursors.write(batch.place, batch.at), batch.more)

"""Events as a program sees them: each as the class of its type."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from citizen_gateway_sdk import models
from citizen_gateway_sdk._model import Model

_MEMBERS = tuple(name for name in models.Event.__struct_fields__ if name != "data")


class Event(Model, frozen=True, kw_only=True):
    """Something that happened to a ticket.

    An event may come more than once, always with the same `id`. `version` counts the ticket's events: they come in
    its order. `reports` are the reader's own that the ticket answers. Keep `cursor` once you have dealt with the event,
    and `follow` goes on behind it; a webhook's event has none.
    """

    id: UUID
    type: str
    at: datetime
    ticket: str
    version: int
    by: models.ActorKind
    public: bool
    reports: list[models.EventReport]
    data: Any
    cursor: str | None = None


def typed(event: models.Event) -> Event:
    """Return an event as the class of its type, or as a plain `Event` where its type or form is not known here."""
    from citizen_gateway_sdk.events import BY_TYPE  # noqa: PLC0415 - those classes are made of the one above

    members = {name: getattr(event, name) for name in _MEMBERS}
    kind, form = BY_TYPE.get(event.type, (Event, None))
    if form is None:
        return Event(**members, data=event.data)
    try:
        return kind(**members, data=msgspec.convert(event.data, form))
    except msgspec.ValidationError:
        return Event(**members, data=event.data)

"""The catalogue of events that partners are told: AsyncAPI 3, written from the events' own types."""

from datetime import datetime
from functools import cache
from inspect import getdoc
from typing import Any

import msgspec

from citizen_gateway.partners import events as webhook_events
from citizen_gateway.partners.schema import EventView
from citizen_gateway.platform.events import Happening
from citizen_gateway.satisfaction import events as satisfaction_events

_ = satisfaction_events, webhook_events  # imported so that the registry has their types

PREFIX = "ticket."
"""The feed tells what happens to tickets; events of other things are for the gateway's own readers."""

_OWN = "webhook."
"""What webhooks are told of themselves."""

_REF = "#/components/schemas/{name}"


@cache
def kinds() -> dict[str, type[Happening]]:
    """Return the events of the feed by their types."""
    return {name: kind for name, kind in sorted(Happening.registry.items()) if name.startswith(PREFIX)}


@cache
def _catalogued() -> dict[str, type[Happening]]:
    return kinds() | {name: kind for name, kind in sorted(Happening.registry.items()) if name.startswith(_OWN)}


def describe_events() -> dict[str, Any]:
    """Return the AsyncAPI 3 description of the feed as a stream, of long polls and of webhooks."""
    messages = {camel(name): _message(name, kind) for name, kind in _catalogued().items()}
    refs = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    streamed = {camel(name): refs[camel(name)] for name in kinds()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Citizen gateway: events",
            "version": "1",
            "description": (
                "What happens to tickets, at least once, without gaps and in order for each ticket: deduplicate by "
                "`id`. New types and new members of `data` may appear at any time; ignore what you do not know."
            ),
        },
        "channels": {
            "stream": {
                "address": "/v1/events/stream",
                "description": (
                    "Server-sent events. Go on behind an event by its `id` as `Last-Event-ID`. The same events come by "
                    "long polls of `GET /v1/events`, described in openapi.json."
                ),
                "messages": streamed,
            },
            "webhook": {
                "address": None,
                "description": (
                    "The address of a webhook of yours, to which each event is sent by POST, signed after Standard "
                    "Webhooks: `webhook-id` (the event's id), `webhook-timestamp`, `webhook-signature`."
                ),
                "messages": refs,
            },
        },
        "operations": {
            "streamEvents": {"action": "send", "channel": {"$ref": "#/channels/stream"}},
            "sendEvent": {"action": "send", "channel": {"$ref": "#/channels/webhook"}},
        },
        "components": {"messages": messages, "schemas": _schemas()},
    }


def camel(name: str) -> str:
    """Return a type of event as a name: `ticket.due_soon` is `TicketDueSoon`."""
    return "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


def _message(name: str, kind: type[Happening]) -> dict[str, Any]:
    return {
        "name": name,
        "title": camel(name),
        "summary": " ".join((getdoc(kind) or "").split()),
        "contentType": "application/json",
        "x-public": kind.public,
        "payload": {
            "allOf": [
                {"$ref": _REF.format(name="Event")},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name},
                        "data": {"$ref": _REF.format(name=f"{camel(name)}Data")},
                    },
                },
            ]
        },
    }


def _schemas() -> dict[str, Any]:
    _, forms = msgspec.json.schema_components([EventView], ref_template=_REF, schema_hook=_anything)
    found = {name.removesuffix("View"): form for name, form in forms.items()}
    renamed = msgspec.json.decode(msgspec.json.encode(found).replace(b'View"', b'"'))
    renamed["Event"]["properties"]["at"]["format"] = "date-time"  # msgspec says so of moments with a zone alone
    return dict(renamed) | {f"{camel(name)}Data": _data(name, kind) for name, kind in _catalogued().items()}


def _anything(kind: type) -> dict[str, Any]:
    if kind is not object:
        raise NotImplementedError
    return {"description": "Any JSON value"}


def _data(name: str, kind: type[Happening]) -> dict[str, Any]:
    """Return the schema of what an event says, less what the feed leaves out."""
    form = dict(msgspec.json.schema_components([kind], ref_template=_REF)[1][kind.__name__])
    moments = {field.name for field in msgspec.structs.fields(kind) if field.type is datetime}
    members = {
        key: value | ({"format": "date-time"} if key in moments else {})
        for key, value in form["properties"].items()
        if key not in kind.private
    }
    required = [key for key in form["required"] if key in members]
    return form | {"title": f"{camel(name)}Data", "properties": members, "required": required}

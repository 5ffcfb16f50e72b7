"""Writes `events.py`: one class for each type of event, and one for what it says."""

from generation.contract import Contract, Schema
from generation.models import body_of
from generation.source import HEADER, docstring

_TOP = '''\
"""The events of the feed and of webhooks, one class for each type: `match` on them, or ask `isinstance`.

An event of a type that this version does not know is a plain `Event`, with its data as it came.
"""
# ruff: noqa: E501 - descriptions are lines of the contract

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway_sdk._events import Event
from citizen_gateway_sdk._model import Model
from citizen_gateway_sdk.models import EventReport

'''


def events_source(catalogue: Schema) -> str:
    """Return the module; `catalogue` is the AsyncAPI document."""
    components = catalogue["components"]
    if not isinstance(components, dict):
        raise TypeError("events.json has no components")
    contract = Contract({"paths": {}, "components": components})
    messages = components["messages"]
    names = sorted(["BY_TYPE", "Event", "EventReport", *messages, *(f"{name}Data" for name in messages)])
    listed = "".join(f'    "{name}",\n' for name in names)
    classes = "\n\n".join(
        f"{body_of(contract, data, contract.schemas[data], data)}\n\n{_class(name, message)}"
        for name, message in messages.items()
        for data in (f"{name}Data",)
    )
    table = "".join(f'    "{message["name"]}": ({name}, {name}Data),\n' for name, message in messages.items())
    return (
        f"{HEADER.format(origin='openapi/events.json')}{_TOP}__all__ = [\n{listed}]\n\n{classes}\n\n"
        f"BY_TYPE: dict[str, tuple[type[Event], type[Model]]] = {{\n{table}}}\n"
        '"""The class of each type, and of its data."""\n'
    )


def _class(name: str, message: Schema) -> str:
    seen = "" if message.get("x-public") else " Citizens do not see it"
    text = docstring(f"{str(message['summary']).rstrip('.')}.{seen}")
    return f"class {name}(Event, frozen=True, kw_only=True):\n    {text}\n\n    data: {name}Data\n"

"""The event feed, and the same events as webhooks send them."""

import secrets

import msgspec

from citizen_gateway_sdk import models
from citizen_gateway_sdk.events import BY_TYPE
from citizen_gateway_sdk.testing.refusing import Refused
from citizen_gateway_sdk.testing.serving import Asked, Part
from citizen_gateway_sdk.testing.world import Who, World, decode_place, encode_place
from citizen_gateway_sdk.webhooks import sign

_PRIVATE = {"ticket.answered": ("answer",), "ticket.remarked": ("words",)}


class SignedMessage(msgspec.Struct, frozen=True):
    """A webhook's message as it arrives at a receiver."""

    headers: dict[str, str]
    body: bytes


def feed(asked: Asked) -> models.EventBatch:
    """List the events behind a cursor; the fake never waits."""
    who, world = asked.caller(), asked.world
    wanted = frozenset(filter(None, asked.query.get("types", "").split(",")))
    if unknown := wanted - set(BY_TYPE):
        raise Refused("unknown_event_type", type=min(unknown))
    after, limit = asked.query.get("after"), int(asked.query.get("limit", "100"))
    start = len(world.log) if after == "latest" else decode_place(who.id, after) if after else 0
    items: list[models.Event] = []
    for place, event in enumerate(world.log[start:], start + 1):
        if shown := _shown(world, who, event, place):
            items += [shown] if not wanted or event.type in wanted else []
        if len(items) == limit:
            return models.EventBatch(items=items, cursor=encode_place(who.id, place), more=place < len(world.log))
    return models.EventBatch(items=items, cursor=encode_place(who.id, len(world.log)), more=False)


def messages(world: World, who: Who, secret: str) -> list[SignedMessage]:
    """Return everything one partner would be sent, signed."""
    told = [event for place, one in enumerate(world.log, 1) if (event := _shown(world, who, one, place))]
    return [_signed(world, event, secret) for event in told]


def _shown(world: World, who: Who, event: models.Event, place: int) -> models.Event | None:
    case = world.cases[event.ticket]
    reports = [world.reports[one] for one in case.reports]
    own = [one for one in reports if who.id in {one.by, one.citizen}]
    office = who.center or case.department in who.departments
    if not office and not (event.public and own):
        return None
    numbers = {identity: reference for (owner, reference), identity in world.references.items() if owner == who.id}
    client = who.kind == models.ActorKind.CLIENT
    mine = [
        models.EventReport(
            report_id=one.id,
            subject=one.subject,
            external_ref=numbers.get(one.id),
            status=case.state.value if client else None,
        )
        for one in own
    ]
    data = {name: value for name, value in event.data.items() if name not in _PRIVATE.get(event.type, ())}
    return msgspec.structs.replace(event, data=data, reports=mine, cursor=encode_place(who.id, place))


def _signed(world: World, event: models.Event, secret: str) -> SignedMessage:
    body, identity, moment = msgspec.json.encode(event), f"msg_{secrets.token_hex(8)}", str(int(world.now.timestamp()))
    headers = {
        "content-type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": moment,
        "webhook-signature": sign(identity, moment, body, secret),
    }
    return SignedMessage(headers, body)


FEEDING: dict[str, Part] = {"listEvents": Part(feed)}

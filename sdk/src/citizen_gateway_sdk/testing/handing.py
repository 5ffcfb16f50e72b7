"""Hand-overs between channels."""

from datetime import timedelta
from typing import cast

import msgspec

from citizen_gateway_sdk import models
from citizen_gateway_sdk._model import Page
from citizen_gateway_sdk.models import ActorKind, Channel, HandoverState, Scope
from citizen_gateway_sdk.testing.refusing import Refused
from citizen_gateway_sdk.testing.reporting import page, plain
from citizen_gateway_sdk.testing.serving import Asked, Part
from citizen_gateway_sdk.testing.viewing import report_view
from citizen_gateway_sdk.testing.world import Who, World


def offer(asked: Asked) -> models.Handover:
    """Offer a case to another channel."""
    who, world, said = _client(asked), asked.world, cast("models.OfferHandover", asked.body)
    report = world.reports.get(said.report_id)
    if report is None:
        raise Refused("not_found")
    before = [one for one in world.handovers.values() if one.report_id == report.id]
    signed = next((one for one in reversed(before) if one.state == HandoverState.SIGNED), None)
    holder = signed.receiver.channel if signed else report.channel
    if who.channel != holder:
        party = who.id == report.by or any(who.channel == one.sender.channel for one in before)
        raise Refused("not_responsible" if party else "not_found")
    if any(one.state == HandoverState.OFFERED for one in before):
        raise Refused("handover_open")
    if said.to_channel == who.channel or not _connected(world, said.to_channel):
        raise Refused("channel_not_connected")
    case = world.cases[report.number]
    made = models.Handover(
        id=world.next_id(),
        report_id=report.id,
        state=HandoverState.OFFERED,
        responsible=who.channel,
        sender=_side(world, who, who.channel, report.id),
        receiver=models.HandoverSide(channel=said.to_channel, external_ref=None, status=case.state.value),
        case=_case(world, who, report.id),
        reason=said.reason,
        answer=None,
        offered_at=world.now,
        sign_due=world.now + timedelta(minutes=5 if case.emergency else 30),
        answered_at=None,
    )
    return _keep(asked, made, "ticket.handover_offered", public=False)


def sign(asked: Asked) -> models.Handover:
    """Sign for a case."""
    who, offered = _client(asked), _offered(asked)
    reference = plain(cast("models.SignHandover", asked.body).external_ref, "")
    if reference:
        asked.world.references[who.id, reference] = offered.report_id
    receiver = msgspec.structs.replace(offered.receiver, external_ref=reference or None)
    signed = msgspec.structs.replace(
        offered, state=HandoverState.SIGNED, responsible=who.channel, receiver=receiver, answered_at=asked.world.now
    )
    return _keep(asked, signed, "ticket.handover_signed", public=True)


def refuse(asked: Asked) -> models.Handover:
    """Refuse a case."""
    _client(asked)
    reason = cast("models.RefuseHandover", asked.body).reason
    refused = msgspec.structs.replace(
        _offered(asked), state=HandoverState.REFUSED, answer=reason, answered_at=asked.world.now
    )
    return _keep(asked, refused, "ticket.handover_refused", public=False)


def withdraw(asked: Asked) -> models.Handover:
    """Take an offer back."""
    who, found = _client(asked), show(asked)
    if found.sender.channel != who.channel:
        raise Refused("not_found")
    _still_open(found)
    taken = msgspec.structs.replace(found, state=HandoverState.WITHDRAWN, answered_at=asked.world.now)
    return _keep(asked, taken, "ticket.handover_withdrawn", public=False)


def show(asked: Asked) -> models.Handover:
    """Show a hand-over to its two sides."""
    who, found = _client(asked), asked.world.handovers.get(asked.identity("handover_id"))
    if found is None or who.channel not in {found.sender.channel, found.receiver.channel}:
        raise Refused("not_found")
    return found


def listed(asked: Asked) -> Page[models.Handover]:
    """List hand-overs, newest first."""
    who, outgoing = _client(asked), asked.query.get("direction") == "outgoing"
    found = [
        one
        for one in reversed(asked.world.handovers.values())
        if (one.sender if outgoing else one.receiver).channel == who.channel
        and asked.query.get("state") in {None, one.state.value}
    ]
    return page(asked, found)


def _client(asked: Asked) -> Who:
    who = asked.caller()
    if who.kind != ActorKind.CLIENT:
        raise Refused("forbidden")
    if Scope.HANDOVERS not in who.scopes:
        raise Refused("scope_missing", scope=Scope.HANDOVERS.value)
    return who


def _connected(world: World, channel: Channel) -> bool:
    return any(one.channel == channel and Scope.HANDOVERS in one.scopes for one in world.people.values())


def _offered(asked: Asked) -> models.Handover:
    found = show(asked)
    if found.receiver.channel != asked.caller().channel:
        raise Refused("not_found")
    return _still_open(found)


def _still_open(found: models.Handover) -> models.Handover:
    if found.state != HandoverState.OFFERED:
        raise Refused("handover_answered", state=found.state.value, since=str(found.answered_at))
    return found


def _side(world: World, who: Who, channel: Channel, report: object) -> models.HandoverSide:
    numbers = {identity: reference for (owner, reference), identity in world.references.items() if owner == who.id}
    status = next(world.cases[one.number].state.value for one in world.reports.values() if one.id == report)
    found = next((reference for identity, reference in numbers.items() if identity == report), None)
    return models.HandoverSide(channel=channel, external_ref=found, status=status)


def _case(world: World, who: Who, identity: object) -> models.HandoverCase:
    report = next(one for one in world.reports.values() if one.id == identity)
    shown, case = report_view(world, who, report), world.cases[report.number]
    return models.HandoverCase(
        title=shown.title,
        text=shown.text,
        place=shown.place,
        position=shown.position,
        areas=shown.areas,
        photo_ids=shown.photo_ids,
        emergency=case.emergency,
        reported_at=report.at,
        ticket_number=case.number,
        ticket_state=case.state,
        category=shown.category,
        department=world.city.department(case.department),
    )


def _keep(asked: Asked, handover: models.Handover, kind: str, *, public: bool) -> models.Handover:
    world = asked.world
    world.handovers[handover.id] = handover
    data = {"handover": handover.id, "report": handover.report_id}
    channels = {"from_channel": handover.sender.channel.value, "to_channel": handover.receiver.channel.value}
    case = world.cases[world.reports[handover.report_id].number]
    tell = world.tell if public else world.note
    tell(case, kind, asked.who, **data, **channels)
    return handover


HANDING: dict[str, Part] = {
    "offerHandover": Part(offer, 201, models.OfferHandover),
    "listHandovers": Part(listed),
    "getHandover": Part(show),
    "signHandover": Part(sign, form=models.SignHandover),
    "refuseHandover": Part(refuse, form=models.RefuseHandover),
    "withdrawHandover": Part(withdraw),
}

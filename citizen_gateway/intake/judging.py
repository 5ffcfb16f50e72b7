"""What staff decide about one event: whether two tickets are about it, and whether a report joined by mistake."""

from uuid import UUID

import msgspec

from citizen_gateway.city.model import AreaCode, CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import store, suggestions
from citizen_gateway.intake.errors import AlreadyJudged, JoinedNothing, NotSuggested
from citizen_gateway.intake.model import Report
from citizen_gateway.intake.suggestions import Suggested
from citizen_gateway.kernel.geo import Point
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.errors import NotOpen, NotYours
from citizen_gateway.tickets.events import JoinJudged, Unjoined
from citizen_gateway.tickets.model import Action, Need
from citizen_gateway.tickets.opening import Case, open_ticket
from citizen_gateway.tickets.record import Follower, Ticket
from citizen_gateway.tickets.terms import WHO, Who
from citizen_nlp import Urgency


class Verdict(msgspec.Struct, frozen=True):
    """What a person said of two tickets, and the ticket that answers now; `merged` where a center said the same."""

    same: bool
    merged: bool
    ticket: Ticket


async def suggested(tx: Transaction, ticket: Ticket) -> list[tuple[Suggested, Ticket]]:
    """Return the tickets that may be about the same event, of those the actor may see, the most alike first."""
    _require_judge(tx, ticket)
    found = []
    for one in await suggestions.of_ticket(tx.conn, ticket.id):
        other = await ticket_store.by_id(tx.conn, one.other)
        if other is not None and tickets.is_staff_view(tx.actor, other):
            found.append((one, other))
    return found


async def judge(tx: Transaction, city: City, number: str, like: str, *, same: bool, reason: str) -> Verdict:
    """Say whether two tickets are about one event; where a center says so, the newer is merged into the older.

    A department's word is kept for the center that merges. Raises `NotSuggested`, `AlreadyJudged`, `NotYours`, and what
    merging raises.
    """
    ticket, other = await tickets.find(tx, number), await tickets.find(tx, like)
    _require_judge(tx, ticket)
    await ticket_store.hold(tx.conn, ticket.id, other.id)
    center = all(tx.actor.holds(Role.CENTER, areas=one.area_path) for one in (ticket, other))
    outcome = await suggestions.judge(tx.conn, (ticket.id, other.id), same=same, final=center or not same, now=tx.now)
    if outcome is None:
        raise NotSuggested(number=ticket.number, like=other.number)
    if not outcome:
        raise AlreadyJudged
    for one, another in ((ticket, other), (other, ticket)):
        await tickets.note(tx, one.id, [JoinJudged(another.id, same).as_fact()])
    if not (same and center):
        return Verdict(same, merged=False, ticket=await tickets.find(tx, number))
    newer, older = sorted((ticket, other), key=lambda one: one.id, reverse=True)
    merging = await tickets.find(tx, newer.number)
    await tickets.act(tx, city, merging, Action.MERGE, {Need.INTO: older.number, Need.REASON: reason})
    return Verdict(same, merged=True, ticket=await tickets.find(tx, older.number))


async def unjoin(tx: Transaction, city: City, number: str, report_id: UUID, reason: str) -> Ticket:
    """Give a report that joined by mistake a ticket of its own, dispatched as if it had just been filed; return that.

    Its citizen's receipt opens the new ticket, and goes on opening the old one. Raises `NotYours`, `NotOpen`,
    `JoinedNothing`.
    """
    ticket = await tickets.find(tx, number)
    _require_judge(tx, ticket)
    await ticket_store.hold(tx.conn, ticket.id)
    ticket = await ticket_store.by_id(tx.conn, ticket.id) or ticket
    if not ticket.is_open:
        raise NotOpen(number=ticket.number, state=ticket.state.value)
    report = await store.by_id(tx.conn, report_id)
    if report is None or report_id not in ticket.reports[1:]:
        raise JoinedNothing
    first, *others = await ticket_store.reporters(tx.conn, ticket.id, report_id) or [_nobody(report)]
    new = await open_ticket(tx, city, _case(city, report), first)
    for follower in others:
        ticket_store.add_follower(tx.conn, new.id, follower, tx.now)
    await ticket_store.release_reporters(tx.conn, ticket.id, [report_id])
    await tickets.note(tx, ticket.id, [Unjoined(report_id, new.id, new.number, reason).as_fact()])
    await store.gather(tx.conn, new.id)
    return new


def _require_judge(tx: Transaction, ticket: Ticket) -> None:
    """Raise `NotYours` unless the actor is of a center the ticket lies in, or of the department that holds it."""
    center = tx.actor.holds(Role.CENTER, areas=ticket.area_path)
    holder = ticket.department is not None and tx.actor.holds(
        Role.HANDLER, Role.LEAD, department=ticket.department, areas=ticket.area_path
    )
    if not (center or holder):
        raise NotYours(who=WHO[Who.CENTER])


def _nobody(report: Report) -> Follower:
    """Return the follower of a report whose receipt nobody holds any more."""
    return Follower(b"report:" + report.id.bytes, (report.author,), report.id)


def _case(city: City, report: Report) -> Case:
    """Return a kept report as a new matter."""
    analysis = report.analysis
    known = [guess for guess in analysis.categories if CategoryCode(guess.code) in city.categories]
    best = known[0] if known else None
    chosen = report.category or (best.code if best else None)
    point = None if report.lat is None or report.lon is None else Point(report.lat, report.lon)
    area = AreaCode(report.area) if report.area and AreaCode(report.area) in city.areas else None
    located = city.locate(point) if point else None
    return Case(
        title=report.title,
        report=report.id,
        category=CategoryCode(chosen) if chosen else None,
        confidence=best.confidence if best and not analysis.abstained else 0.0,
        category_given=report.category is not None,
        location=located or (city.location_of(area) if area else None),
        point=point,
        emergency=analysis.emergency_numbers if analysis.urgency is Urgency.EMERGENCY else (),
        with_photo=bool(report.photos),
        channel=report.channel.value,
    )

"""Use cases of tickets: opened and dispatched, acted on by a department or a center, closed."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.city.model import CategoryCode, DepartmentCode, Dispatch, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import TicketId, TicketNumber, read_ticket_number, ticket_number, uuid7
from citizen_gateway.media.store import share
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.db import Connection, Transaction
from citizen_gateway.platform.events import Fact, Head
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets import jobs, rights, store
from citizen_gateway.tickets.errors import BadTicketNumber, Missing, NotYours, Outrun, UnknownDepartment
from citizen_gateway.tickets.events import Accepted, Alerted, Assigned, Closed, Opened, Overdue, Resolved, Started
from citizen_gateway.tickets.model import (
    Action,
    DispatchNote,
    Follower,
    Need,
    Step,
    Suggestion,
    Ticket,
    TicketState,
    Who,
    may,
    overdue,
    step_for,
)

SURE = 0.6
"""The least calibrated confidence in a category at which nobody needs to look before dispatch."""


_WHO = {
    Who.DEPARTMENT: message("the department that holds it"),
    Who.CENTER: message("a city operations center"),
    Who.SYSTEM: message("the system"),
}
UNCLEAR = message("The category is not clear.")
UNSURE = message("The category is not sure enough to dispatch without a look.")


class Case(msgspec.Struct, frozen=True):
    """What intake knows of a new matter.

    `category_given` says that a person chose the category; `emergency` are the numbers to call, if life is in danger.
    """

    title: str
    report: UUID
    category: CategoryCode | None
    confidence: float
    category_given: bool
    location: Location | None
    point: Point | None
    emergency: tuple[str, ...]
    with_photo: bool
    channel: str | None = None


async def open_ticket(tx: Transaction, city: City, case: Case, follower: Follower) -> Ticket:
    """Open a ticket, and dispatch it at once where the category is sure and one duty rule fits."""
    answer = city.dispatch(case.category, case.location) if case.category else None
    note = _note(case, answer, city.settings.language)
    identity = TicketId(uuid7(tx.now))
    areas = case.location.areas if case.location else ()
    across = (case.location.dedicated,) if case.location and case.location.dedicated else ()
    ticket = Ticket(
        id=identity,
        number=ticket_number(city.settings.ticket_prefix, tx.now.astimezone(ZoneInfo(city.timezone)).date()),
        state=TicketState.PENDING,
        version=0,
        head_hash=events.GENESIS,
        title=case.title,
        category=case.category,
        area=areas[0].code if areas else None,
        area_path=tuple(area.code for area in (*areas, *across)),
        lat=case.point.lat if case.point else None,
        lon=case.point.lon if case.point else None,
        department=None,
        emergency=bool(case.emergency),
        with_photo=case.with_photo,
        dispatch=note,
        opened_at=tx.now,
        assisting=city.emergency_departments(case.emergency, case.location),
    )
    opened = Opened(case.report, case.category, ticket.area, ticket.emergency, case.channel)
    facts = [opened.as_fact()]
    if ticket.assisting:
        facts.append(Alerted(ticket.assisting, case.emergency).as_fact(SYSTEM))
    if note.automatic and answer and answer.department:
        ticket = _assigned(tx, city, ticket, answer.department)
        facts.append(_assignment(ticket, note.reason).as_fact(SYSTEM))
    ticket = await _chained(tx, ticket, facts)
    store.insert(tx.conn, ticket, follower)
    if ticket.accept_due:
        await jobs.DUE.enqueue(tx, jobs.Due(ticket.id), ticket.accept_due)
    return ticket


async def find(tx: Transaction, number: str, secret_hash: bytes | None = None) -> Ticket:
    """Return a ticket this actor, or the bearer of this secret, may see.

    Raises `BadTicketNumber` for a mistyped number, `NotFound` for one that is not theirs or does not exist.
    """
    canonical = read_ticket_number(number)
    if canonical is None:
        raise BadTicketNumber
    ticket = await store.by_number(tx.conn, canonical)
    if ticket is None or not await _visible(tx, ticket, secret_hash):
        raise NotFound(what="ticket")
    return ticket


async def _visible(tx: Transaction, ticket: Ticket, secret_hash: bytes | None) -> bool:
    return is_staff_view(tx.actor, ticket) or await store.follows(
        tx.conn, ticket.id, tx.actor.key if tx.actor.kind is not ActorKind.ANONYMOUS else None, secret_hash
    )


def is_staff_view(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor sees the ticket by office; see `rights`."""
    return rights.sees(actor, ticket)


async def act(
    tx: Transaction,
    city: City,
    ticket: Ticket,
    action: Action,
    given: Mapping[Need, object],
) -> Ticket:
    """Take one step of the ticket's life.

    `given` is what the step must bring: a department code, a reason, a reply, ids of after-photos. Raises
    `IllegalAction`, `NotYours`, `Missing`, `UnknownDepartment`, and `Outrun` where somebody else changed the ticket
    meanwhile.
    """
    step = step_for(action, ticket.state)
    if not may(tx.actor, step, ticket.department):
        raise NotYours(who=_who(step))
    _require(step, ticket, given)
    changed = msgspec.structs.replace(ticket, state=step.target)
    reason = given.get(Need.REASON)
    match action:
        case Action.ASSIGN:
            department = str(given[Need.DEPARTMENT])
            changed = _assigned(tx, city, ticket, DepartmentCode(department))
            fact = _assignment(changed, str(reason)).as_fact()
        case Action.RESOLVE:
            photos = _photos(given)
            await share(tx.conn, photos, await store.followers(tx.conn, ticket.id))
            changed = msgspec.structs.replace(
                changed, resolved_at=tx.now, reply=str(given[Need.REPLY]), after_photos=photos
            )
            fact = Resolved(str(changed.reply), photos).as_fact()
        case Action.CLOSE:
            changed = msgspec.structs.replace(changed, closed_at=tx.now)
            fact = Closed(str(reason or "")).as_fact()
        case Action.ACCEPT:
            fact = Accepted().as_fact()
        case Action.START:
            fact = Started().as_fact()
    changed = await _save(tx, ticket, changed, [fact])
    if action is Action.ASSIGN and changed.accept_due:
        await jobs.DUE.enqueue(tx, jobs.Due(changed.id), changed.accept_due)
    return changed


async def note(tx: Transaction, ticket_id: TicketId, facts: Sequence[Fact]) -> Ticket:
    """Add to a ticket's timeline what does not change its state; notes wait for each other. Raises `NotFound`."""
    await store.hold(tx.conn, ticket_id)
    ticket = await store.by_id(tx.conn, ticket_id)
    if ticket is None:
        raise NotFound(what="ticket")
    return await _save(tx, ticket, ticket, facts)


async def altered(conn: Connection, newest: int) -> list[TicketNumber]:
    """Return those of the newest tickets whose timeline was changed after the fact, by its chain of hashes."""
    found = []
    for ticket in await store.newest(conn, newest):
        head = Head(ticket.version, ticket.head_hash)
        if await events.first_broken_link(conn, ticket.id, head) is not None:
            found.append(ticket.number)
    return found


async def check_due(tx: Transaction, due: jobs.Due) -> None:
    """Record each clock that ran out, once, and look again when the next one does."""
    ticket = await store.by_id(tx.conn, due.ticket)
    if ticket is None or ticket.resolve_due is None:
        return
    clocks = overdue(ticket, tx.now)
    recorded = await _recorded(tx, ticket) if clocks else set()
    if facts := [Overdue(clock, due).as_fact() for clock, due in clocks.items() if clock not in recorded]:
        ticket = await _save(tx, ticket, ticket, facts)
    if (
        ticket.resolve_due
        and ticket.resolve_due > tx.now
        and ticket.state not in {TicketState.RESOLVED, TicketState.CLOSED}
    ):
        await jobs.DUE.enqueue(tx, due, ticket.resolve_due)


async def _recorded(tx: Transaction, ticket: Ticket) -> set[object]:
    """Return the clocks recorded since the ticket was last assigned."""
    past = await events.stream_events(tx.conn, ticket.id, public_only=False)
    assigned = max((event.version for event in past if event.type == Assigned.name), default=0)
    return {event.data.get("clock") for event in past if event.type == Overdue.name and event.version > assigned}


def _note(case: Case, answer: Dispatch | None, language: str) -> DispatchNote:
    if answer is None:
        return DispatchNote(automatic=False, reason=translate(UNCLEAR, language))
    sure = case.category_given or case.confidence >= SURE
    return DispatchNote(
        automatic=sure and answer.department is not None,
        reason=answer.reason if sure else translate(UNSURE, language),
        rule=answer.rule,
        confidence=None if case.category_given else round(case.confidence, 4),
        suggestions=_suggestions(answer),
        explanation=answer.explanation,
    )


def _suggestions(answer: Dispatch) -> tuple[Suggestion, ...]:
    if answer.department:
        return (Suggestion(answer.department, answer.reason),)
    return tuple(Suggestion(candidate.department, candidate.reason) for candidate in answer.candidates)


def _assigned(tx: Transaction, city: City, ticket: Ticket, department: DepartmentCode) -> Ticket:
    if department not in city.departments:
        raise UnknownDepartment(department=department)
    if ticket.category is None or ticket.category not in city.categories:
        raise Missing(need="category")
    due = city.deadlines(CategoryCode(ticket.category), tx.now, emergency=ticket.emergency)
    return msgspec.structs.replace(
        ticket,
        state=TicketState.ASSIGNED,
        department=department,
        assigned_at=tx.now,
        accept_due=due.accept_due,
        resolve_due=due.resolve_due,
    )


def _assignment(ticket: Ticket, reason: str) -> Assigned:
    if ticket.department is None or ticket.category is None or ticket.accept_due is None or ticket.resolve_due is None:
        raise RuntimeError("an assigned ticket has a department, a category and its limits")
    return Assigned(ticket.department, ticket.category, reason, ticket.accept_due, ticket.resolve_due)


def _require(step: Step, ticket: Ticket, given: Mapping[Need, object]) -> None:
    for need in step.needs:
        if need is Need.AFTER_PHOTO and not ticket.with_photo:
            continue
        value = given.get(need)
        if not (value.strip() if isinstance(value, str) else value):
            raise Missing(need=need.value)


def _photos(given: Mapping[Need, object]) -> tuple[UUID, ...]:
    found = given.get(Need.AFTER_PHOTO)
    return tuple(found) if isinstance(found, list | tuple) else ()


def _who(step: Step) -> str:
    return next(_WHO[who] for who in (Who.DEPARTMENT, Who.CENTER, Who.SYSTEM) if who in step.who)


async def _chained(tx: Transaction, ticket: Ticket, facts: Sequence[Fact]) -> Ticket:
    head = await events.record(tx, ticket.id, Head(ticket.version, ticket.head_hash), facts)
    return msgspec.structs.replace(ticket, version=head.version, head_hash=head.hash)


async def _save(tx: Transaction, seen: Ticket, changed: Ticket, facts: Sequence[Fact]) -> Ticket:
    changed = await _chained(tx, changed, facts)
    if not await store.update(tx.conn, changed, seen.version):
        raise Outrun
    return changed

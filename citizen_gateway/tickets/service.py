"""Use cases of tickets: found, acted on by departments, centers and citizens, watched by clocks."""

from collections.abc import Sequence
from datetime import datetime, time

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import TicketId, TicketNumber, read_ticket_number
from citizen_gateway.media.store import share
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind, Role
from citizen_gateway.platform.db import Connection, Transaction
from citizen_gateway.platform.events import Event, Fact, Happening, Head
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets import clocks, jobs, merging, rights, steps, store
from citizen_gateway.tickets.actions import EFFECTS, Acting
from citizen_gateway.tickets.actions.together import watched
from citizen_gateway.tickets.clock_events import LongOverdue, Overdue
from citizen_gateway.tickets.errors import BadTicketNumber, UrgedToday
from citizen_gateway.tickets.history import apply_all, meant
from citizen_gateway.tickets.model import actions_of
from citizen_gateway.tickets.opening import SURE, Case, open_ticket
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.steps import Given, check_version, ids, reports_it
from citizen_gateway.tickets.terms import Action, ClockName, Level, Need, PauseCause

__all__ = ["SURE", "Case", "act", "actions_for", "altered", "check_due", "check_version", "find", "is_staff_view",
           "note", "open_ticket", "timeline_of"]  # fmt: skip

NO_ANSWER = message("No answer came in time.")
REVIEW = message("The day of the review has come.")
RAN_OUT = message("A limit has passed.")


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


async def timeline_of(tx: Transaction, ticket: Ticket) -> list[Event]:
    """Return what happened to a ticket as far as the actor may see it, oldest first.

    Citizens see the public part, departments what is not for centers alone (votes), centers and auditors all.
    """
    past = await events.stream_events(tx.conn, ticket.id, public_only=not is_staff_view(tx.actor, ticket))
    if tx.actor.holds(Role.CENTER, Role.AUDITOR, areas=ticket.area_path):
        return past
    hidden = {name for name, kind in Happening.registry.items() if kind.for_centers}
    return [event for event in past if event.type not in hidden]


async def actions_for(tx: Transaction, ticket: Ticket, secret: bytes | None = None) -> list[Action]:
    """Return what the actor, or the bearer of this secret, may do to the ticket now."""
    return actions_of(tx.actor, ticket, tx.now, reporter=await reports_it(tx, ticket, secret))


async def act(
    tx: Transaction, city: City, ticket: Ticket, action: Action, given: Given, *, secret: bytes | None = None
) -> Ticket:
    """Take one step of the ticket's life; `given` is what the step must bring, `secret` the hash of a receipt's.

    Of a merger or a splitting, return the ticket that was acted on. Raises `IllegalAction`, `NotPossible`, `NotYours`,
    `Missing`, what the action itself refuses, and `Outrun` where somebody else changed the ticket meanwhile.
    """
    match action:
        case Action.MERGE:
            into = await find(tx, str(given.get(Need.INTO)))
            return (await merging.merge(tx, city, ticket, into, str(given.get(Need.REASON, ""))))[0]
        case Action.UNMERGE:
            return (await merging.unmerge(tx, city, ticket, str(given.get(Need.REASON, ""))))[0]
        case Action.SPLIT:
            return (await merging.split(tx, city, ticket, ids(given, Need.REPORTS), str(given.get(Need.REASON, ""))))[0]
    await steps.admit(tx, ticket, action, given, secret)
    told = EFFECTS[action](Acting(city, ticket, tx.actor, tx.now, given))
    if action in _SHOWS_PHOTOS:
        photos = [*ids(given, Need.AFTER_PHOTO), *ids(given, Need.PHOTOS)]
        await share(tx.conn, photos, await store.followers(tx.conn, ticket.id))
    if action is Action.URGE:
        await _count_urging(tx, city, ticket, secret)
    return await steps.keep(tx, city, ticket, told)


_SHOWS_PHOTOS = {Action.RESOLVE, Action.VERIFY}


async def _count_urging(tx: Transaction, city: City, ticket: Ticket, secret: bytes | None) -> None:
    local = tx.now.astimezone(city.calendar.timezone)
    today = datetime.combine(local.date(), time(), city.calendar.timezone)
    key = tx.actor.key if tx.actor.kind is not ActorKind.ANONYMOUS else None
    if not await store.urge(tx.conn, ticket.id, (key, secret), tx.now, today):
        raise UrgedToday


async def note(tx: Transaction, ticket_id: TicketId, facts: Sequence[Fact]) -> Ticket:
    """Add to a ticket's timeline what does not change its state; notes wait for each other. Raises `NotFound`."""
    await store.hold(tx.conn, ticket_id)
    ticket = await store.by_id(tx.conn, ticket_id)
    if ticket is None:
        raise NotFound(what="ticket")
    known = [told for fact in facts if (told := meant(fact)) is not None]
    return await steps.save(tx, ticket, apply_all(ticket, known, tx.now), facts)


async def altered(conn: Connection, newest: int) -> list[TicketNumber]:
    """Return those of the newest tickets whose timeline was changed after the fact, by its chain of hashes."""
    found = []
    for ticket in await store.newest(conn, newest):
        head = Head(ticket.version, ticket.head_hash)
        if await events.first_broken_link(conn, ticket.id, head) is not None:
            found.append(ticket.number)
    return found


async def check_due(tx: Transaction, city: City, due: jobs.Due) -> None:
    """Record each warning of a clock once, end a pause whose time is over, and plan the next look.

    The timeline says what was recorded, and one look at a time holds the ticket: looks that come late, twice, side by
    side, or by a clock that is wrong record nothing again.
    """
    await store.hold(tx.conn, due.ticket)
    ticket = await store.by_id(tx.conn, due.ticket)
    if ticket is None or (due.at is not None and ticket.next_check != due.at):
        return
    if ticket.pause is not None:
        await _check_pause(tx, city, ticket, due)
        return
    past = await events.stream_events(tx.conn, ticket.id, public_only=False)
    now = clocks.deadlines(past)
    told = _with_supervision(city, ticket, list(clocks.warnings_due(past, now, city.calendar, tx.now)))
    planned = await steps.plan(tx, ticket, clocks.next_moment(now, city.calendar, tx.now))
    if told:
        after = apply_all(planned, told, tx.now)
        await steps.save(tx, ticket, after, [one.as_fact() for one in told])
    elif planned.next_check != ticket.next_check:
        await store.plan(tx.conn, ticket.id, planned.next_check)


async def _check_pause(tx: Transaction, city: City, ticket: Ticket, due: jobs.Due) -> None:
    pause = ticket.pause
    if pause is None or pause.until > tx.now:
        if pause is not None and due.at is not None:
            await steps.plan(tx, ticket, pause.until)  # this worker's clock is behind: look again
        return
    reason = translate(NO_ANSWER if pause.cause is PauseCause.QUESTION else REVIEW, city.settings.language)
    by_system = Transaction(tx.conn, tx.now, SYSTEM)
    await act(by_system, city, ticket, Action.RESUME, {Need.REASON: reason})


def _with_supervision(city: City, ticket: Ticket, warnings: Sequence[Happening]) -> list[Happening]:
    """Add that the next center watches (督办) where a limit passed, and where resolving is long overdue."""
    told: list[Happening] = []
    level = ticket.supervision
    for warning in warnings:
        told.append(warning)
        rises = isinstance(warning, Overdue) or (
            isinstance(warning, LongOverdue) and warning.clock == ClockName.RESOLVE
        )
        if rises and level is not Level.CITY:
            told.append(step := watched(level, translate(RAN_OUT, city.settings.language)))
            level = Level(step.level)
    return told

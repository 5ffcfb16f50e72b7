"""Several tickets about one thing, and one ticket about several: merged, split, and undone (并单、拆单)."""

from collections.abc import Sequence
from uuid import UUID

from citizen_gateway.city.model import Area, AreaCode, AreaLevel
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import TicketId, ticket_number, uuid7
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import SYSTEM
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets import steps, store
from citizen_gateway.tickets.errors import NotItsReports, NotOpen, NotYours, SameTicket
from citizen_gateway.tickets.events import Absorbed, Joined, Merged, Opened, Split, Unmerged
from citizen_gateway.tickets.model import may
from citizen_gateway.tickets.record import DispatchNote, Ticket
from citizen_gateway.tickets.terms import WHO, Action, Need, TicketState, Who

SPLIT_OFF = message("Split off {number}: {reason}")


async def merge(tx: Transaction, city: City, ticket: Ticket, into: Ticket, reason: str) -> tuple[Ticket, Ticket]:
    """Have another open ticket answer this one's reports; its reporters and followers follow that one too.

    Return both as they are then. Raises what `steps.admit` does, `SameTicket`, `NotOpen`, `NotYours`, `Outrun`.
    """
    step = await steps.admit(tx, ticket, Action.MERGE, {Need.INTO: into.number, Need.REASON: reason})
    if ticket.id == into.id:
        raise SameTicket
    if not may(tx.actor, step, into):
        raise NotYours(who=WHO[Who.CENTER])
    await store.hold(tx.conn, ticket.id, into.id)
    if not into.is_open:
        raise NotOpen(number=into.number, state=into.state.value)
    moved = ticket.reports
    merged = await steps.keep(tx, city, ticket, [Merged(into.id, into.number, reason, moved)])
    target = await steps.keep(tx, city, into, [Absorbed(ticket.id, ticket.number, moved)])
    await store.copy_followers(tx.conn, ticket.id, into.id, None)
    return merged, target


async def unmerge(tx: Transaction, city: City, ticket: Ticket, reason: str) -> tuple[Ticket, Ticket]:
    """Undo a merger: the reports are where they were, and the ticket is in the state in which it was merged.

    Return it and the one it had been merged into. Raises what `steps.admit` does, and `NotOpen` where the other one
    was settled or merged meanwhile, so that the reports have their answer there.
    """
    await steps.admit(tx, ticket, Action.UNMERGE, {Need.REASON: reason})
    merger = ticket.merger
    if merger is None:
        raise RuntimeError("a merged ticket says into which")
    await store.hold(tx.conn, ticket.id, merger.into)
    other = await store.by_id(tx.conn, merger.into)
    if other is None:
        raise NotFound(what="ticket")
    if not other.is_open:
        raise NotOpen(number=other.number, state=other.state.value)
    # A report that was split off the other one meanwhile stays where it is.
    moved = tuple(report for report in merger.reports if report in other.reports)
    back = await steps.keep(tx, city, ticket, [Unmerged(other.id, other.number, reason, moved)])
    target = await steps.keep(tx, city, other, [Unmerged(ticket.id, ticket.number, reason, moved)])
    await store.drop_followers(tx.conn, ticket.id, other.id, moved)
    return back, target


async def split(
    tx: Transaction, city: City, ticket: Ticket, reports: Sequence[UUID], reason: str
) -> tuple[Ticket, Ticket]:
    """Give some of a ticket's reports a ticket of their own, which waits for a center to assign it.

    Return the old and the new ticket; `merge` undoes it. Raises what `steps.admit` does, and `NotItsReports`.
    """
    await steps.admit(tx, ticket, Action.SPLIT, {Need.REPORTS: tuple(reports), Need.REASON: reason})
    moved = tuple(report for report in ticket.reports if report in set(reports))
    if len(moved) != len(set(reports)) or len(moved) == len(ticket.reports):
        raise NotItsReports
    new = await _split_off(tx, city, ticket, moved, reason)
    left = await steps.keep(tx, city, ticket, [Split(new.id, new.number, reason, moved)])
    await store.copy_followers(tx.conn, ticket.id, new.id, moved)
    await store.release_reporters(tx.conn, ticket.id, moved)
    return left, new


async def _split_off(tx: Transaction, city: City, ticket: Ticket, moved: Sequence[UUID], reason: str) -> Ticket:
    note = translate(SPLIT_OFF, city.settings.language, number=ticket.number, reason=reason)
    today = tx.now.astimezone(city.calendar.timezone).date()
    blank = Ticket(
        id=TicketId(uuid7(tx.now)),
        number=ticket_number(city.settings.ticket_prefix, today),
        state=TicketState.PENDING,
        version=0,
        head_hash=events.GENESIS,
        title=ticket.title,
        category=ticket.category,
        area=ticket.area,
        area_path=ticket.area_path,
        lat=ticket.lat,
        lon=ticket.lon,
        department=None,
        emergency=ticket.emergency,
        with_photo=ticket.with_photo,
        dispatch=DispatchNote(automatic=False, reason=note, suggestions=ticket.dispatch.suggestions),
        opened_at=tx.now,
    )
    dedicated = next((one.code for code in ticket.area_path if (one := _dedicated(city, code))), None)
    opened = Opened(moved[0], ticket.category, ticket.area, ticket.emergency, dedicated=dedicated)
    told = [opened, *(Joined(one) for one in moved[1:])]
    new = await steps.opened(tx, city, blank, [(one, one.as_fact(SYSTEM)) for one in told])
    store.insert_ticket(tx.conn, new)
    return new


def _dedicated(city: City, code: str) -> Area | None:
    area = city.areas.get(AreaCode(code))
    return area if area is not None and area.level is AreaLevel.DEDICATED else None

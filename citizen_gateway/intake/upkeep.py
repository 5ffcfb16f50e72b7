"""Follows the event log so that reports stay with the ticket that answers them, and what others may join stays true."""

from uuid import UUID

from citizen_gateway.city.model import AreaCode, CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import joinable, store
from citizen_gateway.intake.joining import Joiner, Spot, Told
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event, Handler, Happening, happening
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.events import (
    Absorbed,
    Assigned,
    Closed,
    Merged,
    Rejected,
    Split,
    Unjoined,
    Unmerged,
    Withdrawn,
)
from citizen_gateway.tickets.record import Ticket

_ENDS = (Closed, Rejected, Withdrawn, Merged)
_GIVES_AWAY = (Split, Unjoined)
_MOVES = (Absorbed, Unmerged, *_GIVES_AWAY)


def reader(city: City, joiner: Joiner | None) -> Handler:
    """Return who follows the events of tickets, by this city's rules of joining where it has some."""

    async def on_event(tx: Transaction, event: Event) -> None:
        said, ticket = happening(event), TicketId(event.stream)
        if isinstance(said, _MOVES):
            await _move(tx, city, joiner, [ticket, *([said.into] if isinstance(said, _GIVES_AWAY) else [])])
        elif joiner and isinstance(said, _ENDS):
            await joinable.forget(tx.conn, ticket)
        elif joiner and event.actor_kind is not ActorKind.SYSTEM and await _regrouped(tx, joiner, ticket, said):
            await _learn(tx, city, joiner, ticket)

    return on_event


async def _move(tx: Transaction, city: City, joiner: Joiner | None, tickets: list[UUID]) -> None:
    for ticket in tickets:
        await store.gather(tx.conn, ticket)
    for ticket in tickets if joiner else ():
        await _learn(tx, city, joiner, ticket)


async def _learn(tx: Transaction, city: City, joiner: Joiner | None, ticket_id: UUID) -> None:
    ticket = await ticket_store.by_id(tx.conn, TicketId(ticket_id))
    if joiner is not None and ticket is not None:
        reports = await store.of_ticket(tx.conn, ticket.id)
        await joiner.relearn(tx, ticket, [_told(ticket, report) for report in reports], _spot(city, ticket))


async def _regrouped(tx: Transaction, joiner: Joiner, ticket: TicketId, said: Happening | None) -> bool:
    """Whether a ticket was assigned under a category of another family than it is kept under."""
    if not isinstance(said, Assigned):
        return False
    known = await joinable.by_ticket(tx.conn, ticket)
    return (known.family if known else None) != joiner.family_of(said.category)


def _told(ticket: Ticket, report: Report) -> Told:
    category = CategoryCode(ticket.category) if ticket.category else None
    return Told(category, report.text, report.place, report.analysis)


def _spot(city: City, ticket: Ticket) -> Spot:
    point = None if ticket.lat is None or ticket.lon is None else Point(ticket.lat, ticket.lon)
    located = city.locate(point) if point else None
    known = AreaCode(ticket.area) if ticket.area and AreaCode(ticket.area) in city.areas else None
    return Spot(point, located or (city.location_of(known) if known else None))

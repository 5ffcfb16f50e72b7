"""Follows the event log so that what reports may join stays true: tickets end, change their category, their reports."""

from citizen_gateway.city.model import AreaCode, CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import joinable, store
from citizen_gateway.intake.joining import Joiner, Spot, Told
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event, Handler, happening
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
from citizen_gateway.tickets.model import Ticket

_ENDS = (Closed, Rejected, Withdrawn, Merged)
_MOVES = (Absorbed, Unmerged, Split, Unjoined)


def reader(city: City, joiner: Joiner) -> Handler:
    """Return who follows the events of tickets for this city's rules."""

    async def on_event(tx: Transaction, event: Event) -> None:
        said, ticket = happening(event), TicketId(event.stream)
        if isinstance(said, _ENDS):
            await joinable.forget(tx.conn, ticket)
        elif isinstance(said, _MOVES) or (isinstance(said, Assigned) and await _changed(tx, joiner, ticket, said)):
            await learn(tx, city, joiner, ticket)

    return on_event


async def learn(tx: Transaction, city: City, joiner: Joiner, ticket_id: TicketId) -> None:
    """Keep anew what reports may join of a ticket, from its reports as they are now."""
    ticket = await ticket_store.by_id(tx.conn, ticket_id)
    if ticket is not None:
        reports = await store.of_ticket(tx.conn, ticket_id)
        await joiner.relearn(tx, ticket, [_told(ticket, report) for report in reports], _spot(city, ticket))


async def _changed(tx: Transaction, joiner: Joiner, ticket: TicketId, said: Assigned) -> bool:
    """Whether a ticket was assigned under a category of another family than it is kept under."""
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

"""Points for what happened to tickets: a reader of the event log.

A report earns when its ticket is closed as real: the first report of the event most, those that joined it less. Closing
again, or reading an event again, earns nothing more, since causes name the report and not the event.
"""

from uuid import UUID

from citizen_gateway.city.points import Earning
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import store as reports
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event
from citizen_gateway.points import devices, judging, service, store
from citizen_gateway.points.notes import FIRST_REPORT, JOINING, NO_LONGER_JOINED, RATING, VERIFICATION
from citizen_gateway.points.service import Deed
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets.events import Closed, Unjoined, Verified


async def on_event(tx: Transaction, city: City, event: Event) -> None:
    """Give or take the points that follow from an event; a city without points lets it pass."""
    if city.settings.points is None:
        return
    ticket = TicketId(event.stream)
    if event.type == Closed.name:
        await _closed(tx, city, ticket, event)
    elif event.type == Rated.name:
        await _rated(tx, city, ticket, event)
    elif event.type == Verified.name:
        await _verified(tx, city, ticket, event)
    elif event.type == Unjoined.name:
        report = UUID(str(event.data["report"]))
        if earlier := await store.transfer_of(tx.conn, f"joining:{report}"):
            await service.claw_back(tx, city, earlier, NO_LONGER_JOINED)


async def _closed(tx: Transaction, city: City, ticket: TicketId, event: Event) -> None:
    earn = service.rules_of(city).earn
    real = [
        report for report in await reports.of_ticket(tx.conn, ticket) if not await judging.is_false(tx.conn, report.id)
    ]
    for number, report in enumerate(real):
        if number == 0:
            told = (f"first_report:{report.id}", FIRST_REPORT)
            await _pay(tx, city, earn.first_report, _author(report), told=told, event=event)
        elif await store.transfer_of(tx.conn, f"first_report:{report.id}") is None:
            told = (f"joining:{report.id}", JOINING)
            await _pay(tx, city, earn.joining, _author(report), told=told, event=event)


async def _rated(tx: Transaction, city: City, ticket: TicketId, event: Event) -> None:
    """Pay for all ratings of the ticket not yet paid: the event does not say whose it is, and must not."""
    rated = {row[0] for row in await tx.conn.fetch("select report_id from rating where ticket_id = $1", ticket)}
    for report in await reports.of_ticket(tx.conn, ticket):
        if report.id in rated and not await judging.is_false(tx.conn, report.id):
            told = (f"rating:{report.id}", RATING)
            await _pay(tx, city, service.rules_of(city).earn.rating, _author(report), told=told, event=event)


async def _verified(tx: Transaction, city: City, ticket: TicketId, event: Event) -> None:
    """Pay whoever looked, once for a ticket, unless they or a companion on one of their devices reported it."""
    rules = service.rules_of(city)
    holder = f"{event.actor_kind}:{event.actor_id}"
    own = await devices.within(tx, city, holder)
    if any({_author(report), report.author} & own for report in await reports.of_ticket(tx.conn, ticket)):
        return
    told = (f"verification:{ticket}:{holder}", VERIFICATION)
    await _pay(tx, city, rules.earn.verification, holder, told=told, event=event)


async def _pay(
    tx: Transaction, city: City, earning: Earning, holder: str, *, told: tuple[str, str], event: Event
) -> None:
    if holder.partition(":")[0] not in {earner.value for earner in earning.earners} or earning.points == 0:
        return
    await service.earn(tx, city, Deed(holder, earning.points, *told, event.at, event.id))


def _author(report: Report) -> str:
    """Return the key of the citizen who spoke, or of whoever reported without one."""
    return f"{ActorKind.CITIZEN}:{report.citizen_id}" if report.citizen_id else report.author

"""Use cases of calling back (回访): who is drawn, what a center is asked to call about, and what the call told."""

from uuid import UUID

from citizen_gateway.city.read_model import City
from citizen_gateway.intake import store as reports
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import FollowUpId, TicketId, uuid7
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.satisfaction import calls, store
from citizen_gateway.satisfaction.errors import AlreadyFollowedUp, AnswersMissing
from citizen_gateway.satisfaction.events import Revisited
from citizen_gateway.satisfaction.model import CallResult, FollowUp, Reason, drawn
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.record import Ticket


async def draw(tx: Transaction, city: City, ticket_id: TicketId) -> None:
    """Have a center call about a closed ticket on which the lot falls, where there is a citizen to call."""
    ticket = await ticket_store.by_id(tx.conn, ticket_id)
    resolution = await store.newest_resolution(tx.conn, ticket_id)
    if ticket is None or not drawn(ticket_id, resolution, city.settings.satisfaction.follow_up_share):
        return
    if any(report.citizen_id for report in await reports.by_ids(tx.conn, ticket.reports)):
        await ask_for(tx, ticket, resolution, Reason.SAMPLE)


async def ask_for(tx: Transaction, ticket: Ticket, resolution: int, reason: Reason) -> None:
    """Have a center call about a ticket; one call for each resolution."""
    identity = FollowUpId(uuid7(tx.now))
    await calls.insert(tx.conn, FollowUp(identity, ticket.id, resolution, reason, ticket.area_path, tx.now))


async def find(tx: Transaction, call: UUID) -> FollowUp:
    """Return a call of the actor's area. Raises `NotFound` for any other."""
    found = await calls.by_id(tx.conn, call)
    if found is None or not tx.actor.holds(Role.CENTER, areas=found.areas):
        raise NotFound(what="follow-up")
    return found


async def record(tx: Transaction, call: UUID, result: CallResult) -> FollowUp:
    """Keep what a call told, once, also on the ticket's timeline.

    Raises `NotFound`, `AnswersMissing`, `AlreadyFollowedUp`.
    """
    found = await find(tx, call)
    if not result.complete:
        raise AnswersMissing
    if not await calls.finish(tx.conn, call, result, tx.actor.id, tx.now):
        raise AlreadyFollowedUp
    solved = result.solved.value if result.solved else None
    told = Revisited(found.reason.value, result.reached, result.contacted, solved, result.satisfied, result.note)
    await tickets.note(tx, found.ticket_id, [told.as_fact()])
    return await find(tx, call)

"""Leaving a ticket out of the figures after exclusion (剔除), and letting it count again: events with a reason."""

from uuid import UUID

import msgspec

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.errors import AlreadyExcluded, NotExcluded, ReasonMissing
from citizen_gateway.insights.events import Excluded, Included
from citizen_gateway.insights.questions import Conditions, Selection
from citizen_gateway.insights.rights import centered
from citizen_gateway.insights.schema import ExclusionView
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Connection, Transaction, read_all
from citizen_gateway.platform.events import stream_events
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets.model import Ticket


class ExcludedCase(msgspec.Struct, frozen=True):
    """A ticket left out, as it is listed."""

    id: UUID
    view: ExclusionView


async def exclude(tx: Transaction, city: City, number: str, reason: str) -> ExclusionView:
    """Leave a ticket out. Raises `NotFound`, `BadTicketNumber`, `RoleMissing`, `ReasonMissing`, `AlreadyExcluded`."""
    ticket = await _ticket(tx, city, number, reason)
    return await _tell(tx, ticket, Excluded(reason.strip()))


async def include(tx: Transaction, city: City, number: str, reason: str) -> ExclusionView:
    """Let a ticket count again. Raises as `exclude` does, and `NotExcluded`."""
    ticket = await _ticket(tx, city, number, reason)
    return await _tell(tx, ticket, Included(reason.strip()))


async def listed(conn: Connection, selection: Selection, after: UUID | None, limit: int) -> list[ExcludedCase]:
    """Return the tickets of a selection's areas and departments that are left out, those opened last first."""
    conditions = Conditions(selection)
    behind = conditions.value(after, "uuid")
    rows = await conn.fetch(
        f"""
        select c.ticket_id as id, t.number as ticket, c.excluded, c.exclusion as reason, c.excluded_by as by,
               c.excluded_at as at
        from insight_case c join ticket t on t.id = c.ticket_id
        where c.excluded and ({behind} is null or c.ticket_id < {behind}) and {conditions.within("c.department")}
        order by c.ticket_id desc limit {limit}
        """,
        *conditions.values,
    )
    return [ExcludedCase(row["id"], view) for row, view in zip(rows, read_all(ExclusionView, rows), strict=True)]


async def _ticket(tx: Transaction, city: City, number: str, reason: str) -> Ticket:
    """Return a ticket that lies in the actor's area."""
    if not tx.actor.holds(Role.CENTER):
        raise RoleMissing(roles=Role.CENTER.value)
    ticket = await tickets.find(tx, number)
    if not centered(tx.actor, city, ticket.area_path):
        raise RoleMissing(roles=f"{Role.CENTER.value} ({ticket.area or '—'})")
    if not reason.strip():
        raise ReasonMissing
    return ticket


async def _tell(tx: Transaction, ticket: Ticket, said: Excluded | Included) -> ExclusionView:
    """Record it behind all that was told before: who comes second sees what the first did."""
    await tickets.note(tx, ticket.id, [said.as_fact()])
    kinds = {Excluded.name: True, Included.name: False}
    *before, _ = [e for e in await stream_events(tx.conn, ticket.id, public_only=False) if e.type in kinds]
    excluded = isinstance(said, Excluded)
    if excluded is bool(before and kinds[before[-1].type]):
        raise AlreadyExcluded if excluded else NotExcluded
    return ExclusionView(ticket.number, excluded, said.reason, tx.actor.id, tx.now)

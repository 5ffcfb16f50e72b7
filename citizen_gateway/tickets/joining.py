"""More people behind a ticket: reports that join it, and those who only watch."""

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.media.store import share
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import steps, store
from citizen_gateway.tickets.events import Joined
from citizen_gateway.tickets.history import apply
from citizen_gateway.tickets.record import Follower, Ticket


async def join(
    tx: Transaction, ticket_id: TicketId, joined: Joined, follower: Follower, by: Actor, *, with_photo: bool
) -> Ticket | None:
    """Let a ticket answer another report, whose citizen follows it; None, changing nothing, where it is not open now.

    A report with a photo is answered with one, so the ticket then needs an after-photo too.
    """
    await store.hold(tx.conn, ticket_id)
    ticket = await store.by_id(tx.conn, ticket_id)
    if ticket is None or not ticket.is_open:
        return None
    more = msgspec.structs.replace(ticket, with_photo=ticket.with_photo or with_photo)
    kept = await steps.save(tx, ticket, apply(more, joined, tx.now), [joined.as_fact(by)])
    store.add_follower(tx.conn, ticket_id, msgspec.structs.replace(follower, report=joined.report), tx.now)
    return kept


async def watch(tx: Transaction, ticket: Ticket, follower: Follower) -> None:
    """Let somebody watch a ticket who reported nothing; a second time changes nothing."""
    store.add_follower(tx.conn, ticket.id, follower, tx.now)
    if ticket.after_photos:
        await share(tx.conn, ticket.after_photos, follower.actors)

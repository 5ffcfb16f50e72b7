"""More people behind a ticket: reports that join it, and those who only watch."""

from datetime import datetime

import msgspec

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.media.store import share
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Fact, Head
from citizen_gateway.tickets import store
from citizen_gateway.tickets.errors import Outrun
from citizen_gateway.tickets.events import Joined
from citizen_gateway.tickets.model import Follower, Ticket, TicketState

ENDED = frozenset({"resolved", "closed", "rejected", "withdrawn", "merged"})
"""States in which the city's answer is given or somebody else's: a new report is a new matter."""

GONE = ENDED - {"resolved"}
"""States from which a ticket does not come back by itself: what is resolved may be reopened."""

OPEN = frozenset(state for state in TicketState if state.value not in ENDED)
"""States in which a report may still join."""


async def join(
    tx: Transaction, ticket_id: TicketId, joined: Joined, follower: Follower, by: Actor, *, with_photo: bool
) -> Ticket | None:
    """Let a ticket answer another report, whose citizen follows it; None, changing nothing, where it is not open now.

    A report with a photo is answered with one, so the ticket then needs an after-photo too.
    """
    await store.hold(tx.conn, ticket_id)
    ticket = await store.by_id(tx.conn, ticket_id)
    if ticket is None or ticket.state not in OPEN:
        return None
    changed = msgspec.structs.replace(ticket, with_photo=ticket.with_photo or with_photo)
    changed = await told(tx, ticket, changed, joined.as_fact(by))
    store.follow(tx.conn, ticket_id, follower, tx.now)
    return changed


async def told(tx: Transaction, seen: Ticket, changed: Ticket, fact: Fact) -> Ticket:
    """Record one more fact of a ticket held by this transaction. Raises `Outrun` where it was not held."""
    head = await events.record(tx, seen.id, Head(seen.version, seen.head_hash), [fact])
    changed = msgspec.structs.replace(changed, version=head.version, head_hash=head.hash)
    if not await store.update(tx.conn, changed, seen.version):
        raise Outrun
    return changed


async def watch(tx: Transaction, ticket: Ticket, follower: Follower, since: datetime) -> None:
    """Let somebody watch a ticket who reported nothing; a second time changes nothing."""
    store.follow(tx.conn, ticket.id, follower, since)
    if ticket.after_photos:
        await share(tx.conn, ticket.after_photos, follower.actors)

"""The event feed: the log from a place on, as one reader may see it.

Each look takes a stretch of the log, in its order and without gaps, and leaves out what the reader may not see. The
place behind the stretch is what the cursor holds, so that a reader to whom little is visible goes on all the same.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from citizen_gateway.handover.events import (
    HandoverOffered,
    HandoverRefused,
    HandoverSigned,
    HandoverUnsigned,
    HandoverWithdrawn,
)
from citizen_gateway.partners import store
from citizen_gateway.partners.audience import TELLING, Audience, concerned
from citizen_gateway.partners.catalogue import kinds
from citizen_gateway.partners.cursors import KEPT, Place
from citizen_gateway.partners.model import Batch, OwnReport, Sight, Told
from citizen_gateway.partners.store import TicketRow
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import ERASED, Event, happening
from citizen_gateway.platform.vault import Vault

STRETCH = 500
"""How many events of the log are looked at in one step."""


async def oldest(tx: Transaction) -> Place:
    """Return where the feed begins."""
    return await store.first_since(tx.conn, tx.now - KEPT)


async def look(
    tx: Transaction, vault: Vault, sight: Sight, place: Place, *, limit: int, types: frozenset[str] | None = None
) -> Batch:
    """Look at the next stretch of the log; `types` are those wanted, None means all."""
    stretch = await events.feed(tx.conn, (place.xid, place.seq), STRETCH)
    wanted = types if types is not None else frozenset(kinds())
    told = await _told(tx, vault, sight, stretch, wanted) if any(event.type in wanted for event in stretch) else []
    if len(told) > limit:
        told = told[:limit]
        return Batch(told, told[-1].place, more=True, at=tx.now)
    end = Place(stretch[-1].xid, stretch[-1].seq) if stretch else place
    return Batch(told, end, more=len(stretch) == STRETCH, at=tx.now)


async def _told(
    tx: Transaction, vault: Vault, sight: Sight, stretch: Sequence[Event], wanted: frozenset[str]
) -> list[Told]:
    tickets = await store.tickets(tx.conn, {event.stream for event in stretch if event.type in wanted})
    ours = [event for event in stretch if event.stream in tickets]
    audiences = await _audiences(tx, ours)
    asked = [event for event in ours if event.type in wanted]
    named = {report for event in asked for report in audiences[event.id].reports}
    own = await _own(tx, vault, sight, named) if sight.by_report and named else {}
    found = (_as_told(sight, event, tickets[event.stream], audiences[event.id], own) for event in asked)
    return [told for told in found if told is not None]


async def _audiences(tx: Transaction, stretch: Sequence[Event]) -> dict[UUID, Audience]:
    """Return whom each event concerns, by what its ticket's past says up to it."""
    first: dict[UUID, int] = {}
    for event in stretch:
        first.setdefault(event.stream, event.version)
    standing: dict[UUID, Audience] = {}
    earlier = {stream: version for stream, version in first.items() if version > 1}
    for past in await store.past(tx.conn, earlier, TELLING) if earlier else ():
        standing[past.stream] = standing.get(past.stream, Audience()).after(past.type, past.data)
    found: dict[UUID, Audience] = {}
    for event in stretch:
        before = standing.get(event.stream, Audience())
        found[event.id] = concerned(before, event.type, event.data)
        standing[event.stream] = before.after(event.type, event.data)
    return found


async def _own(tx: Transaction, vault: Vault, sight: Sight, named: Collection[UUID]) -> dict[UUID, OwnReport]:
    rows = await store.own_reports(tx.conn, sight, named)
    shown = sight.actor.kind is ActorKind.CLIENT
    if not shown:
        return {row.id: OwnReport(row.id) for row in rows}
    return {
        row.id: OwnReport(
            row.id,
            vault.open(row.subject) if row.subject else None,
            row.external_ref,
            sight.words.get(row.state.value),
        )
        for row in rows
    }


def _as_told(
    sight: Sight, event: Event, ticket: TicketRow, audience: Audience, own: dict[UUID, OwnReport]
) -> Told | None:
    mine = tuple(own[report] for report in sorted(audience.reports) if report in own) if own else ()
    own_affair = (event.public and mine) or _handed(sight, event)
    if not (sight.office(audience.departments, ticket.area_path) or own_affair):
        return None
    private = kinds()[event.type].private
    hidden = {*private, ERASED} if private else set[str]()
    data = {name: value for name, value in event.data.items() if name not in hidden} if hidden else event.data
    return Told(event, ticket.number, data, mine)


def _handed(sight: Sight, event: Event) -> bool:
    """Whether an event tells of a hand-over between the reader's channel and another."""
    told = happening(event)
    if not isinstance(told, HandoverOffered | HandoverSigned | HandoverRefused | HandoverWithdrawn | HandoverUnsigned):
        return False
    actor = sight.actor
    return Scope.HANDOVERS in actor.scopes and actor.channel in {told.from_channel, told.to_channel}

"""The figures as they grow with each event, and as they are made anew from all of them."""

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import store
from citizen_gateway.insights.folding import counts, fold
from citizen_gateway.insights.model import Case
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event

_BATCH = 5000


class Recount(msgspec.Struct, frozen=True):
    """What was read to make the figures anew."""

    events: int
    tickets: int
    turns: int
    votes: int


async def on_event(tx: Transaction, city: City, event: Event) -> None:
    """Count one event."""
    if not counts(event):
        return
    before = await store.load(tx.conn, event.stream)
    after = fold(before, event, city)
    if after is not None and after != before:
        await store.save(tx.conn, before, after)


async def recompute(tx: Transaction, city: City) -> Recount:
    """Make the read model anew from the event log; the live reader waits, and goes on where this ended."""
    place = await store.horizon(tx)
    await store.clear(tx.conn)
    read = tickets = turns = votes = 0
    batch: list[Case] = []
    async for events in store.streams(tx, place):
        read += len(events)
        case: Case | None = None
        for event in events:
            case = fold(case, event, city)
        if case is None:
            continue
        batch.append(case)
        tickets, turns, votes = tickets + 1, turns + len(case.turns), votes + len(case.votes)
        if len(batch) == _BATCH:
            await store.add_all(tx, batch)
            batch.clear()
    await store.add_all(tx, batch)
    return Recount(read, tickets, turns, votes)

"""Reports that go with their ticket: where tickets are merged or split, the report's own record follows."""

from citizen_gateway.intake import store
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Event, happening
from citizen_gateway.tickets.events import Merged, Split, Unmerged
from citizen_gateway.tickets.store import by_id


async def on_event(tx: Transaction, event: Event) -> None:
    """Have reports name the ticket that answers them now; the ticket's own list of reports decides.

    An old event read late moves nothing back: what counts is where the report is today.
    """
    told = happening(event)
    if not isinstance(told, Merged | Unmerged | Split):
        return
    others = (told.other,) if isinstance(told, Unmerged) else (told.into,)
    for identity in (event.stream, *others):
        ticket = await by_id(tx.conn, identity)
        if ticket is not None:
            await store.move(tx.conn, [report for report in ticket.reports if report in told.reports], ticket.id)

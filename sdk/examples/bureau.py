#!/usr/bin/env python3
"""A bureau: sign for what was assigned, do it, and settle it with a photo.

CITIZEN_GATEWAY_URL=https://… CITIZEN_GATEWAY_TOKEN=cgk_… python bureau.py after.jpg

The key has the scopes tickets:read and tickets:handle, and the department's code.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from citizen_gateway_sdk import Gateway, TicketState, errors, models


def sign_for(gateway: Gateway) -> list[models.Ticket]:
    """Take on all that is assigned to the department and return it; what somebody else took is left out."""
    taken = []
    for ticket in gateway.tickets.list(state=TicketState.ASSIGNED):
        try:
            taken.append(gateway.tickets.accept(ticket.number, version=ticket.version))
        except (errors.IllegalAction, errors.TicketChanged) as late:
            print("left alone:", late)
    return taken


def settle(gateway: Gateway, ticket: models.Ticket, work: Callable[[models.Ticket], tuple[str, Path]]) -> models.Ticket:
    """Do the work, which returns the reply to the citizen and a photo of the result; say so to the gateway."""
    gateway.tickets.start(ticket.number)
    reply, photo = work(ticket)
    after = gateway.photos.upload(photo, progress=lambda sent, total: print(f"{sent}/{total} bytes"))
    return gateway.tickets.resolve(ticket.number, reply=reply, photo_ids=[after.id])


def main(gateway: Gateway, photo: Path) -> None:
    """Settle everything."""
    for ticket in sign_for(gateway):
        done = settle(gateway, ticket, lambda one: (f"已处理：{one.title}", photo))
        print(done.number, done.state)


if __name__ == "__main__":
    with Gateway() as opened:
        main(opened, Path(sys.argv[1]))

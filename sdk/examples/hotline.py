#!/usr/bin/env python3
"""A hotline: file what a caller says, and later know whom to call back with which answer.

CITIZEN_GATEWAY_URL=https://… CITIZEN_GATEWAY_TOKEN=cgk_… python hotline.py cursor.txt

The key has the scopes reports:write and reports:read. Calls are read from standard input, one a line: its number in
your system, the caller, the words, the place, with tabs between. Then the program follows what happens, without end.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from citizen_gateway_sdk import APIError, Gateway, OnBehalfOf, Position, events


def file(gateway: Gateway, call: str, caller: str, words: str, place: str | Position) -> str:
    """File a call and return its ticket's number; the same call twice is one report."""
    receipt = gateway.reports.submit(
        words,
        place=place if isinstance(place, str) else None,
        position=place if isinstance(place, Position) else None,
        on_behalf_of=OnBehalfOf(subject=caller),
        external_ref=call,
        idempotency_key=call,
    )
    if receipt.emergency is not None:
        print("say at once:", receipt.emergency.message)
    return receipt.ticket.number


def callbacks(gateway: Gateway, kept: Path) -> Iterator[tuple[str, str]]:
    """Yield callers and what to tell them, for ever; begins where it ended, which it keeps in a file."""
    cursor = kept.read_text() if kept.exists() else None
    for event in gateway.events.follow(cursor, types=["ticket.resolved", "ticket.asked"]):
        match event:
            case events.TicketResolved(data=events.TicketResolvedData(reply=words)):
                pass
            case events.TicketAsked(data=events.TicketAskedData(question=words)):
                pass
            case _:
                continue
        for report in event.reports:
            if report.subject is not None:
                yield report.subject, words
        if event.cursor:
            kept.write_text(event.cursor)  # only now: what was not dealt with comes again


def main(gateway: Gateway, kept: Path) -> None:
    """File the calls of standard input, then follow."""
    for line in sys.stdin:
        call, caller, words, place = line.rstrip("\n").split("\t")
        try:
            print(call, file(gateway, call, caller, words, place))
        except APIError as refused:
            print(call, "was not filed:", refused)
    for caller, words in callbacks(gateway, kept):
        print("call", caller, "and say:", words, flush=True)


if __name__ == "__main__":
    with Gateway() as opened:
        main(opened, Path(sys.argv[1]))

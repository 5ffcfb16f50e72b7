"""What people corrected: reports whose category the analyser guessed and somebody decided otherwise, to learn from."""

import csv
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import msgspec

from citizen_gateway.kernel.ids import floor_uuid7
from citizen_gateway.platform.db import Connection
from citizen_gateway.tickets.events import Arbitrated, Assigned, Reopened, Transferred
from citizen_nlp import mask

_DECISIONS = [kind.name for kind in (Assigned, Arbitrated, Transferred, Reopened)]
_BATCH = 500


class Correction(msgspec.Struct, frozen=True):
    """One report as the analyser learns from it: personal data masked; `code` was guessed, `operator_code` is right."""

    title: str
    text: str
    code: str
    operator_code: str


async def corrections(conn: Connection, since: datetime) -> AsyncIterator[Correction]:
    """Go through what people corrected of the reports since then, oldest first; a ticket's last decision counts."""
    after = floor_uuid7(since)
    while True:
        rows = await conn.fetch(
            """
            select r.id, r.title, r.text, r.analysis->'categories'->0->>'code' as guess, given.code
            from report r cross join lateral (
                select e.data->>'category' as code from event e
                where e.stream = r.ticket_id and e.type = any($2) and e.actor_kind in ('staff', 'client')
                order by e.version desc limit 1
            ) given
            where r.id > $1 and r.analysis->'categories'->0->>'code' is distinct from given.code
            order by r.id limit $3
            """,
            after,
            _DECISIONS,
            _BATCH,
        )
        for row in rows:
            yield _masked(row["title"], row["text"], row["guess"] or "", row["code"])
        if len(rows) < _BATCH:
            return
        after = rows[-1]["id"]


async def write(conn: Connection, since: datetime, path: Path) -> int:
    """Write what people corrected as the CSV that `python -m citizen_nlp train --tickets` reads; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(Correction.__struct_fields__)
        async for one in corrections(conn, since):
            table.writerow(msgspec.structs.astuple(one))
            count += 1
    return count


def _masked(title: str, text: str, guess: str, decided: str) -> Correction:
    """Hide personal data; a title that is only the beginning of the text says nothing more."""
    only_beginning = text.strip().startswith(title.rstrip("…"))
    return Correction("" if only_beginning else mask(title).text, mask(text).text, guess, decided)

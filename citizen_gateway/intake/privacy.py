"""What intake keeps of a citizen: their reports, which stay without the person when the person goes."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from citizen_gateway.intake import store
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.ids import CitizenId, TicketId
from citizen_gateway.platform.db import Transaction
from citizen_nlp import mask
from citizen_nlp.privacy import MASK

NOBODY = "citizen:erased"
"""The author of a report whose citizen is gone."""


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the citizen's reports in their own words, with the number and state of each ticket."""
    rows = await tx.conn.fetch(
        """
        select r.id, t.number as ticket, t.state, r.title, r.text, r.place, r.lat, r.lon, r.area, r.category, r.channel,
               r.photos, r.created_at
        from report r join ticket t on t.id = r.ticket_id where r.citizen_id = $1 order by r.id
        """,
        citizen,
    )
    return {"reports": [dict(row) for row in rows]}


async def erase(tx: Transaction, citizen: CitizenId) -> tuple[set[TicketId], set[UUID]]:
    """Take the citizen out of their reports: no id, no author, personal data in the words masked.

    Returns the tickets of the reports, and the photos that those still need.
    """
    reports = await store.of_citizen(tx.conn, citizen)
    for report in reports:
        await store.save_words(tx.conn, without_person(report))
    return {report.ticket_id for report in reports}, {photo for report in reports for photo in report.photos}


async def move(tx: Transaction, source: CitizenId, target: CitizenId) -> set[TicketId]:
    """Make one citizen's reports another's, and return their tickets."""
    rows = await tx.conn.fetch(
        """
        update report set citizen_id = $2, author = case author when $3 then $4 else author end
        where citizen_id = $1 returning ticket_id
        """,
        source,
        target,
        f"citizen:{source}",
        f"citizen:{target}",
    )
    return {TicketId(row["ticket_id"]) for row in rows}


def without_person(report: Report) -> Report:
    """Return a report with what tells of the person hidden, sign for sign, also in what the analyser quoted.

    Places stay: without them nobody could settle the matter.
    """
    private = {item.span.text for item in (*report.analysis.private, *mask(report.text).private)}
    told: dict[str, object] = msgspec.to_builtins(report.analysis)
    hidden = {name: _hidden(value, private) for name, value in told.items()}
    return msgspec.structs.replace(
        report,
        citizen_id=None,
        author=NOBODY if report.author == f"citizen:{report.citizen_id}" else report.author,
        title=str(_hidden(report.title, private)),
        text=str(_hidden(report.text, private)),
        place=str(_hidden(report.place, private)),
        analysis=msgspec.convert(hidden | {"private": []}, type(report.analysis)),
    )


def _hidden(value: object, private: Collection[str]) -> object:
    """Mask every text in a value, by its own form and by what is known to be private."""
    if isinstance(value, str):
        shown = mask(value).text
        for known in private:
            shown = shown.replace(known, MASK * len(known))
        return shown
    if isinstance(value, Mapping):
        return {name: _hidden(inner, private) for name, inner in value.items()}
    return [_hidden(inner, private) for inner in value] if isinstance(value, list | tuple) else value

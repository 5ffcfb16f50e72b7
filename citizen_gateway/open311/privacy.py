"""What Open311 keeps of a citizen: what they answered to a service's questions."""

from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.db import Transaction
from citizen_nlp import mask


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the citizen's answers, by report."""
    rows = await tx.conn.fetch(
        """
        select o.report_id, o.media_url, o.attributes from open311_request o join report r on r.id = o.report_id
        where r.citizen_id = $1 order by o.report_id
        """,
        citizen,
    )
    return {"open311": [dict(row) for row in rows]}


async def erase(tx: Transaction, citizen: CitizenId) -> None:
    """Mask personal data in the citizen's answers, and forget where their picture lies. Comes before their reports."""
    rows = await tx.conn.fetch(
        """
        select o.report_id, o.attributes from open311_request o join report r on r.id = o.report_id
        where r.citizen_id = $1
        """,
        citizen,
    )
    for row in rows:
        answers: dict[str, list[str]] = row["attributes"]
        masked = {name: [mask(value).text for value in values] for name, values in answers.items()}
        await tx.conn.execute(
            "update open311_request set attributes = $2, media_url = '' where report_id = $1", row["report_id"], masked
        )

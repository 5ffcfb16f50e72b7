"""What satisfaction keeps of a citizen: invitations and ratings of their reports."""

from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.platform.db import Transaction
from citizen_nlp import mask


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the citizen's ratings."""
    rows = await tx.conn.fetch(
        """
        select v.report_id, v.contacted, v.solved, v.satisfied, v.tags, v.comment, v.rated_at
        from rating v join invitation i on i.id = v.invitation_id where i.citizen_id = $1 order by v.rated_at
        """,
        citizen,
    )
    return {"ratings": [dict(row) for row in rows]}


async def erase(tx: Transaction, citizen: CitizenId) -> None:
    """Keep the marks the citizen gave, since the city's figures rest on them, without the person."""
    rows = await tx.conn.fetch(
        """
        select v.invitation_id, v.comment, v.tags from rating v join invitation i on i.id = v.invitation_id
        where i.citizen_id = $1
        """,
        citizen,
    )
    for row in rows:
        await tx.conn.execute(
            "update rating set comment = $2, tags = $3 where invitation_id = $1",
            row["invitation_id"],
            mask(row["comment"]).text,
            [mask(tag).text for tag in row["tags"]],
        )
    await tx.conn.execute("update invitation set citizen_id = null where citizen_id = $1", citizen)


async def move(tx: Transaction, source: CitizenId, target: CitizenId) -> None:
    """Make one citizen's invitations another's."""
    await tx.conn.execute("update invitation set citizen_id = $2 where citizen_id = $1", source, target)

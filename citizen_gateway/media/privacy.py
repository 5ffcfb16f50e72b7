"""What media keep of a citizen: the photos they uploaded, and which others they may see."""

from collections.abc import Collection
from uuid import UUID

from citizen_gateway.kernel.ids import CitizenId
from citizen_gateway.media.jobs import FORGET, ForgetBlob
from citizen_gateway.platform.db import Transaction


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the photos the citizen uploaded: ids, times, and where they were taken."""
    rows = await tx.conn.fetch(
        "select id, created_at, taken_at, lat, lon from photo where owner = $1 order by id", _key(citizen)
    )
    return {"photos": [dict(row) for row in rows]}


async def erase(tx: Transaction, citizen: CitizenId, needed: Collection[UUID]) -> None:
    """Delete the citizen's photos; those that a ticket needs stay without owner, place and time."""
    gone = await tx.conn.fetch(
        "delete from photo where owner = $1 and not id = any($2) returning sha256", _key(citizen), list(needed)
    )
    for row in gone:
        await FORGET.enqueue(tx, ForgetBlob(row["sha256"]))
    await tx.conn.execute(
        "update photo set owner = 'erased:' || id, lat = null, lon = null, taken_at = null where owner = $1",
        _key(citizen),
    )
    await _see_no_more(tx, citizen)


async def move(tx: Transaction, source: CitizenId, target: CitizenId) -> None:
    """Make one citizen's photos another's; what both uploaded stays with a name of its own, seen by the other."""
    await tx.conn.execute(
        """
        update photo p set
            owner = case when exists (select from photo o where o.owner = $2 and o.sha256 = p.sha256)
                         then 'twin:' || p.id else $2 end,
            viewers = array_append(viewers, $2)
        where owner = $1
        """,
        _key(source),
        _key(target),
    )
    await tx.conn.execute(
        "update photo set viewers = array_replace(viewers, $1, $2) where $1 = any(viewers)", _key(source), _key(target)
    )


async def _see_no_more(tx: Transaction, citizen: CitizenId) -> None:
    await tx.conn.execute(
        "update photo set viewers = array_remove(viewers, $1) where viewers @> array[$1::text]", _key(citizen)
    )


def _key(citizen: CitizenId) -> str:
    return f"citizen:{citizen}"

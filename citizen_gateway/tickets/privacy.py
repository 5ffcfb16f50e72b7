"""What tickets keep of a citizen: that they follow them, and their words in titles and replies."""

from collections.abc import Collection

from citizen_gateway.kernel.ids import CitizenId, TicketId
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Happening, erase_words
from citizen_nlp import mask


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return the numbers of the tickets the citizen follows."""
    rows = await tx.conn.fetch(
        """
        select t.number, f.since from ticket_follower f join ticket t on t.id = f.ticket_id
        where f.actors @> array[$1::text] order by f.since
        """,
        _key(citizen),
    )
    return {"follows": [dict(row) for row in rows]}


async def erase(tx: Transaction, citizen: CitizenId, tickets: Collection[TicketId]) -> None:
    """Let the citizen follow nothing, by session or by receipt, and mask personal data in their tickets' texts."""
    key = _key(citizen)
    await tx.conn.execute("delete from ticket_follower where actors = array[$1::text]", key)
    await tx.conn.execute(
        "update ticket_follower set actors = array_remove(actors, $1) where actors @> array[$1::text]", key
    )
    for ticket in tickets:
        await _erase_answers(tx, citizen, ticket)
    for row in await tx.conn.fetch("select id, title, reply from ticket where id = any($1)", list(tickets)):
        await tx.conn.execute(
            "update ticket set title = $2, reply = $3 where id = $1",
            row["id"],
            mask(row["title"]).text,
            None if row["reply"] is None else mask(row["reply"]).text,
        )


async def _erase_answers(tx: Transaction, citizen: CitizenId, ticket: TicketId) -> None:
    """Take what the citizen wrote out of a ticket's timeline; with a receipt's secret only a sole reporter wrote it."""
    rows = await tx.conn.fetch(
        """
        select e.version from event e join ticket t on t.id = e.stream
        where e.stream = $1 and e.type = any($2)
          and (e.actor_id = $3 or (e.actor_kind = $4 and cardinality(t.reports) = 1))
        """,
        ticket,
        [kind.name for kind in Happening.registry.values() if kind.private],
        citizen,
        ActorKind.ANONYMOUS.value,
    )
    await erase_words(tx.conn, ticket, [row["version"] for row in rows])


async def move(tx: Transaction, source: CitizenId, target: CitizenId) -> None:
    """Let one citizen follow what another followed."""
    await tx.conn.execute(
        "update ticket_follower set actors = array_replace(actors, $1, $2) where actors @> array[$1::text]",
        _key(source),
        _key(target),
    )


def _key(citizen: CitizenId) -> str:
    return f"citizen:{citizen}"

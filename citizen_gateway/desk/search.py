"""Finding tickets: by words, by number, by phone and by person, within the caller's rights, the newest first."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.desk import queues, words
from citizen_gateway.desk.indexing import phone_mark
from citizen_gateway.desk.model import Conditions
from citizen_gateway.kernel.ids import TicketId, read_ticket_number
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Connection, read_all
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.model import Ticket

_NAMES = ", ".join(f"t.{field.name}" for field in msgspec.structs.fields(Ticket))
_MOST_BY_PERSON = 1000


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for; several things at once must all fit."""

    words: str = ""
    phone: str = ""
    same_person_as: TicketId | None = None
    conditions: Conditions = Conditions()


async def search(
    conn: Connection, actor: Actor, vault: Vault, wanted: Wanted, page: tuple[UUID | None, int]
) -> list[Ticket]:
    """Return the tickets that fit and that the actor sees, newest first, before a ticket's id, at most so many."""
    before, limit = page
    values: list[object] = []
    parts = [rights.seen_by(actor, values)]
    number = read_ticket_number(wanted.words)
    by_words = bool(wanted.words) and number is None
    key = "w.ticket_id" if by_words else "t.id"
    if number:
        values.append(number)
        parts.append(f"t.number = ${len(values)}")
    if by_words:
        values.append(_asked(actor, wanted.words))
        parts.append(f"w.words @@ ${len(values)}::text::tsquery")
    if wanted.phone:
        values.append(await _tickets_of_phone(conn, vault, wanted.phone))
        parts.append(f"{key} = any(${len(values)}::uuid[])")
    if wanted.same_person_as:
        values.append(await _tickets_of_person(conn, wanted.same_person_as))
        parts.append(f"{key} = any(${len(values)}::uuid[])")
    if before:
        values.append(before)
        parts.append(f"{key} < ${len(values)}")
    where = " and ".join(parts) + queues.narrowed(wanted.conditions, values)
    source = "ticket_words w join ticket t on t.id = w.ticket_id" if by_words else "ticket t"
    values.append(limit)
    rows = await conn.fetch(
        f"select {_NAMES} from {source} where {where} order by {key} desc limit ${len(values)}", *values
    )
    return read_all(Ticket, rows)


def _asked(actor: Actor, text: str) -> str:
    """Return the query for words; the caller's areas or departments narrow it in the index, rights decide."""
    asked = words.query(text) or ""
    for mark, limits in ((words.AREA, rights.areas_of(actor)), (words.DEPARTMENT, rights.departments_of(actor))):
        if limits and asked:
            asked += f" & {words.any_mark(mark + limit for limit in sorted(limits))}"
    return asked


async def _tickets_of_phone(conn: Connection, vault: Vault, phone: str) -> Sequence[UUID]:
    """Return the tickets of whom a channel knows by this number, and those in which the number was written."""
    rows = await conn.fetch(
        """
        select i.citizen_id from unnest($1::text[], $2::bytea[]) as known (channel, hash)
        join identity i on i.channel = known.channel and i.subject_hash = known.hash
        """,
        [channel.value for channel in Channel],
        [vault.index(f"{channel}:{phone}") for channel in Channel],
    )
    theirs = await _tickets_of_citizens(conn, [row["citizen_id"] for row in rows])
    written = await conn.fetch(
        "select ticket_id from ticket_words where words @@ $1::text::tsquery order by ticket_id desc limit $2",
        words.any_mark([phone_mark(vault, phone)]),
        _MOST_BY_PERSON,
    )
    return [*theirs, *(row["ticket_id"] for row in written)]


async def _tickets_of_person(conn: Connection, ticket: TicketId) -> Sequence[UUID]:
    """Return the tickets of those who reported this one."""
    rows = await conn.fetch(
        "select distinct citizen_id from report where ticket_id = $1 and citizen_id is not null", ticket
    )
    return await _tickets_of_citizens(conn, [row["citizen_id"] for row in rows])


async def _tickets_of_citizens(conn: Connection, citizens: Collection[UUID]) -> list[UUID]:
    rows = await conn.fetch(
        "select ticket_id from report where citizen_id = any($1) order by id desc limit $2",
        list(citizens),
        _MOST_BY_PERSON,
    )
    return [row["ticket_id"] for row in rows]

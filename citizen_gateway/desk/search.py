"""Finding tickets: by words, by number, by phone and by person, within the caller's rights, the newest first."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway.accounts.model import Channel
from citizen_gateway.desk import queues, words
from citizen_gateway.desk.indexing import phone_mark
from citizen_gateway.desk.model import Conditions
from citizen_gateway.kernel.ids import TicketId, floor_uuid7, moment_of, read_ticket_number
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Connection, read_all
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.model import Ticket

_NAMES = ", ".join(f"t.{field.name}" for field in msgspec.structs.fields(Ticket))
_MOST_BY_PERSON = 1000
_NEWEST_DAYS = (2, 16)
_DAY = timedelta(days=1)


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for; several things at once must all fit."""

    words: str = ""
    phone: str = ""
    same_person_as: TicketId | None = None
    conditions: Conditions = Conditions()


class Page(msgspec.Struct, frozen=True):
    """So many tickets, before the one with this id; `now` is when they are asked for."""

    limit: int
    before: UUID | None
    now: datetime


async def search(conn: Connection, actor: Actor, vault: Vault, wanted: Wanted, page: Page) -> list[Ticket]:
    """Return the tickets that fit and that the actor sees, newest first.

    Words are looked for in the newest days first: a common one is found there at once, and one that is not is rare
    enough to be looked for everywhere.
    """
    people = await _people(conn, vault, wanted)
    found: list[Ticket] = []
    before = page.before
    if before is None:
        before = floor_uuid7(page.now + _DAY)
    for since in _spans(wanted, page):
        rows = await _find(conn, actor, wanted, people, Span(before, since, page.limit - len(found)))
        found += rows
        if len(found) >= page.limit or since is None:
            break
        before = floor_uuid7(since)
    return found


class Span(msgspec.Struct, frozen=True):
    """Tickets before an id, opened since a moment, at most so many."""

    before: UUID | None
    since: datetime | None
    limit: int


def _spans(wanted: Wanted, page: Page) -> list[datetime | None]:
    """Return since when to look, one after the other; None is for ever."""
    if not wanted.words or wanted.phone or wanted.same_person_as or read_ticket_number(wanted.words):
        return [None]
    newest = moment_of(page.before) if page.before else page.now
    return [*(newest - timedelta(days=days) for days in _NEWEST_DAYS), None]


async def _people(conn: Connection, vault: Vault, wanted: Wanted) -> list[Sequence[UUID]]:
    """Return the tickets of each person that is looked for."""
    found = [await _tickets_of_phone(conn, vault, wanted.phone)] if wanted.phone else []
    return [*found, *([await _tickets_of_person(conn, wanted.same_person_as)] if wanted.same_person_as else [])]


async def _find(
    conn: Connection, actor: Actor, wanted: Wanted, people: Sequence[Sequence[UUID]], span: Span
) -> list[Ticket]:
    values: list[object] = []
    parts = [rights.seen_by(actor, values)]

    def add(condition: str, value: object) -> None:
        values.append(value)
        parts.append(condition.format(f"${len(values)}"))

    if number := read_ticket_number(wanted.words):
        add("t.number = {}", number)
    for tickets in people:
        add("t.id = any({}::uuid[])", tickets)
    if wanted.words and not number:
        parts.append(f"t.id = any(array({_hits(actor, wanted.words, span, values)}))")
    if span.before:
        add("t.id < {}", span.before)
    where = " and ".join(parts) + queues.narrowed(wanted.conditions, values)
    values.append(span.limit)
    rows = await conn.fetch(
        f"select {_NAMES} from ticket t where {where} order by t.id desc limit ${len(values)}", *values
    )
    return read_all(Ticket, rows)


def _hits(actor: Actor, text: str, span: Span, values: list[object]) -> str:
    """Return the query for the ids of the tickets with these words, asked of the index before anything is sorted."""
    values += [_asked(actor, text, span), span.before, floor_uuid7(span.since) if span.since else None]
    asked, before, since = (f"${len(values) - 2 + i}" for i in range(3))
    return f"""
        select ticket_id from ticket_words where words @@ {asked}::text::tsquery
        and ticket_id < {before}::uuid and ({since}::uuid is null or ticket_id >= {since}::uuid)
    """


def _asked(actor: Actor, text: str, span: Span) -> str:
    """Return the query for words; the caller's areas or departments and days narrow it in the index, rights decide."""
    asked = words.query(text)
    if not asked:
        return ""
    for mark, limits in ((words.AREA, rights.areas_of(actor)), (words.DEPARTMENT, rights.departments_of(actor))):
        if limits:
            asked += f" & {words.any_mark(mark + limit for limit in sorted(limits))}"
    return f"{asked} & {words.any_mark(_days(span))}" if span.since and span.before else asked


def _days(span: Span) -> list[str]:
    """Return the days of a span as they stand in tickets' numbers, whatever the city's time zone."""
    if span.since is None or span.before is None:
        return []
    first, last = (span.since - _DAY).date(), (moment_of(span.before) + _DAY).date()
    return [f"{first + timedelta(days=n):%Y%m%d}" for n in range((last - first).days + 1)]


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

"""A reader of the event log that keeps what is found and who has it in hand: words of each ticket, and its handler.

Words are written behind the transaction that changed a ticket, so that citizens do not wait for an index; a ticket is
found some tenths of a second later.
"""

import re
from collections.abc import Iterable, Sequence

from citizen_gateway.city.model import AreaCode
from citizen_gateway.city.read_model import City
from citizen_gateway.desk import words
from citizen_gateway.intake import store as reports
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Connection, Transaction
from citizen_gateway.platform.events import Event, Handler
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import events, rights
from citizen_gateway.tickets import store as tickets
from citizen_gateway.tickets.model import Ticket
from citizen_nlp import PrivateKind, mask

_TAKES = {events.Accepted.name, events.Started.name}
_LETS_GO = {
    kind.name for kind in (events.Assigned, events.Arbitrated, events.Transferred, events.Returned, events.Merged)
}
_NOT_DIGITS = re.compile(r"\D")
_PHONE_DIGITS = 11


def reader(city: City, vault: Vault) -> Handler:
    """Return what follows the event log for the desk."""

    async def on_event(tx: Transaction, event: Event) -> None:
        if event.type.startswith("ticket."):
            await _hand(tx.conn, event)
            await index(tx.conn, city, vault, TicketId(event.stream), event.version)

    return on_event


async def index(conn: Connection, city: City, vault: Vault, ticket_id: TicketId, version: int | None = None) -> None:
    """Keep the words of a ticket as it stands; those of this version or a later one are kept already."""
    known = await conn.fetchval("select version from ticket_words where ticket_id = $1", ticket_id)
    if version is not None and known is not None and known >= version:
        return
    ticket = await tickets.by_id(conn, ticket_id)
    if ticket is None:
        return
    said = await reports.of_reports(conn, ticket.reports)
    await conn.execute(
        """
        insert into ticket_words (ticket_id, version, words) values ($1, $2, $3::text::tsvector)
        on conflict (ticket_id) do update set version = excluded.version, words = excluded.words
        """,
        ticket_id,
        ticket.version,
        vector_of(city, vault, ticket, said),
    )


def vector_of(city: City, vault: Vault, ticket: Ticket, said: Sequence[Report]) -> str:
    """Return the words of a ticket with its reports, personal data masked and phone numbers as keyed hashes."""
    areas = city.area_path(AreaCode(ticket.area)) if ticket.area and AreaCode(ticket.area) in city.areas else ()
    texts = [ticket.number.replace("-", " "), ticket.title, " ".join(area.name for area in areas)]
    texts += [text for report in said for text in (report.place, report.text)]
    texts.append(ticket.reply or "")
    return words.vector((mask(text).text for text in texts), _marks(vault, ticket, said))


def phone_mark(vault: Vault, phone: str) -> str:
    """Return the mark of a phone number; nothing of the number itself is in it."""
    digits = _NOT_DIGITS.sub("", phone)
    national = digits.removeprefix("86") if len(digits) > _PHONE_DIGITS else digits
    return f"{words.PHONE}{vault.index(f'phone:{national}').hex()}"


def _marks(vault: Vault, ticket: Ticket, said: Iterable[Report]) -> list[str]:
    phones = {p.span.text for one in said for p in one.analysis.private if p.kind is PrivateKind.PHONE}
    return [
        *(words.AREA + area for area in ticket.area_path),
        *(words.DEPARTMENT + department for department in sorted(rights.concerned_departments(ticket))),
        *sorted(phone_mark(vault, phone) for phone in phones),
    ]


async def _hand(conn: Connection, event: Event) -> None:
    """Note who has the ticket in hand: who signed or began, until it goes elsewhere."""
    if event.type in _TAKES and event.actor_kind in {ActorKind.STAFF, ActorKind.CLIENT}:
        await conn.execute(
            """
            insert into ticket_hand (ticket_id, actor, since) values ($1, $2, $3)
            on conflict (ticket_id) do update set actor = excluded.actor, since = excluded.since
            """,
            event.stream,
            Actor(event.actor_kind, event.actor_id).key,
            event.at,
        )
    elif event.type in _LETS_GO:
        await conn.execute("delete from ticket_hand where ticket_id = $1", event.stream)

"""What staff see of the reports a ticket answers: masked, and with a purpose unmasked, which is written down."""

from collections.abc import Sequence

import msgspec

from citizen_gateway.accounts import audit
from citizen_gateway.accounts import store as accounts
from citizen_gateway.accounts.audit import Concern
from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.accounts.privacy import masked_subject
from citizen_gateway.desk.errors import PurposeMissing
from citizen_gateway.intake import store as reports
from citizen_gateway.intake.model import Report
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.platform.actor import Actor, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import rights
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets.model import Ticket
from citizen_nlp import mask

_REVEALING = (Role.CENTER, Role.HANDLER, Role.LEAD, Role.AUDITOR)


class Contact(msgspec.Struct, frozen=True):
    """How a channel knows whoever reported."""

    channel: str
    subject: str


class Said(msgspec.Struct, frozen=True):
    """A report as staff see it, with how to reach whoever said it."""

    report: Report
    contacts: tuple[Contact, ...]


async def said_of(tx: Transaction, vault: Vault, number: str) -> tuple[Ticket, list[Said]]:
    """Return the reports of a ticket that the actor sees by office, masked. Raises `NotFound`, `BadTicketNumber`."""
    ticket = await _seen(tx, number)
    return ticket, [_masked(one) for one in await _read(tx, vault, ticket)]


async def reveal(tx: Transaction, vault: Vault, number: str, purpose: str) -> tuple[Ticket, list[Said]]:
    """Return the reports of a ticket unmasked, and write down who looked and what for.

    Raises `PurposeMissing`, `NotFound`, `BadTicketNumber`, and `RoleMissing` for who only reads or patrols.
    """
    if not purpose.strip():
        raise PurposeMissing
    ticket = await _seen(tx, number)
    if not may_reveal(tx.actor, ticket):
        raise RoleMissing(roles=", ".join(_REVEALING))
    said = await _read(tx, vault, ticket)
    concern = Concern(ticket.id, ticket.area_path)
    shown = [str(one.report.id) for one in said]
    await audit.write(tx, "personal_data.revealed", purpose.strip(), concern, ticket=ticket.number, reports=shown)
    return ticket, said


def may_reveal(actor: Actor, ticket: Ticket) -> bool:
    """Whether a role that may reveal personal data is held for this ticket."""
    grants = tuple(grant for grant in actor.grants if grant.role in _REVEALING)
    return rights.sees(msgspec.structs.replace(actor, grants=grants), ticket)


async def _seen(tx: Transaction, number: str) -> Ticket:
    ticket = await tickets.find(tx, number)
    if not rights.sees(tx.actor, ticket):
        raise NotFound(what="ticket")
    return ticket


async def _read(tx: Transaction, vault: Vault, ticket: Ticket) -> list[Said]:
    said: Sequence[Report] = await reports.of_reports(tx.conn, ticket.reports)
    known = {one.citizen_id for one in said if one.citizen_id}
    contacts: dict[object, list[Contact]] = {}
    for identity in await accounts.identities_of(tx.conn, known):
        contact = Contact(identity.channel, vault.open(identity.subject_sealed))
        contacts.setdefault(identity.citizen_id, []).append(contact)
    return [Said(one, tuple(contacts.get(one.citizen_id, ()))) for one in said]


def _masked(said: Said) -> Said:
    report = said.report
    hidden = {name: mask(getattr(report, name)).text for name in ("title", "text", "place")}
    contacts = tuple(Contact(one.channel, masked_subject(one.subject)) for one in said.contacts)
    return Said(msgspec.structs.replace(report, **hidden), contacts)

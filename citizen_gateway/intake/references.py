"""What partners' own systems call a report: kept under each client's number, and found again by it."""

from uuid import UUID

from citizen_gateway.intake.errors import ReferencesOnlyByClients, ReferenceTaken
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.db import Connection, Transaction


async def keep(tx: Transaction, reference: str, report: UUID) -> None:
    """Keep a client's number for a report; said twice it is kept once.

    Raises `ReferencesOnlyByClients` for people, `ReferenceTaken` where the number names another report, or the report
    has another number of this client's.
    """
    if tx.actor.kind is not ActorKind.CLIENT or tx.actor.id is None:
        raise ReferencesOnlyByClients
    status = await tx.conn.execute(
        "insert into external_reference (client_id, reference, report_id) values ($1, $2, $3) on conflict do nothing",
        tx.actor.id,
        reference,
        report,
    )
    if status != "INSERT 0 1" and await report_of(tx.conn, tx.actor.id, reference) != report:
        raise ReferenceTaken(reference=reference)


async def report_of(conn: Connection, client: UUID, reference: str) -> UUID | None:
    """Return the report that a client's number names."""
    found: UUID | None = await conn.fetchval(
        "select report_id from external_reference where client_id = $1 and reference = $2", client, reference
    )
    return found


async def of_report(conn: Connection, client: UUID, report: UUID) -> str | None:
    """Return a client's number for a report."""
    found: str | None = await conn.fetchval(
        "select reference from external_reference where client_id = $1 and report_id = $2", client, report
    )
    return found

"""Reports in PostgreSQL, one function per question."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from citizen_gateway.intake.model import ListedReport, Report
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session

_FIELDS = [field.name for field in msgspec.structs.fields(Report)]
_NAMES = ", ".join(_FIELDS)
_INSERT = f"insert into report ({_NAMES}) values ({', '.join(f'${i + 1}' for i in range(len(_FIELDS)))})"


def insert(session: Session, report: Report) -> None:
    """Keep a report, when the session sends its rows."""
    session.later(_INSERT, *(getattr(report, name) for name in _FIELDS))


async def by_id(conn: Connection, report: UUID) -> Report | None:
    """Return the report with this id."""
    row = await conn.fetchrow(f"select {_NAMES} from report where id = $1", report)
    return read(Report, row) if row else None


async def by_ids(conn: Connection, reports: Collection[UUID]) -> list[Report]:
    """Return the reports with these ids, oldest first."""
    return read_all(
        Report, await conn.fetch(f"select {_NAMES} from report where id = any($1) order by id", list(reports))
    )


async def of_ticket(conn: Connection, ticket: TicketId) -> list[Report]:
    """Return the reports a ticket answers, oldest first."""
    rows = await conn.fetch(
        f"""
        select {_NAMES} from report
        where id = any(array(select unnest(reports) from ticket where id = $1)) order by id
        """,
        ticket,
    )
    return read_all(Report, rows)


async def of_reports(conn: Connection, reports: Collection[UUID]) -> list[Report]:
    """Return these reports, oldest first: those a ticket answers by its timeline, wherever they are kept."""
    rows = await conn.fetch(f"select {_NAMES} from report where id = any($1) order by id", list(reports))
    return read_all(Report, rows)


async def of_citizen(conn: Connection, citizen: UUID) -> list[Report]:
    """Return all reports of a citizen, oldest first."""
    return read_all(Report, await conn.fetch(f"select {_NAMES} from report where citizen_id = $1 order by id", citizen))


async def save_words(conn: Connection, report: Report) -> None:
    """Keep a report whose person is gone; nothing else ever changes what was said."""
    await conn.execute(
        """
        update report set citizen_id = $2, author = $3, title = $4, text = $5, place = $6, analysis = $7 where id = $1
        """,
        report.id,
        report.citizen_id,
        report.author,
        report.title,
        report.text,
        report.place,
        report.analysis,
    )


async def gather(conn: Connection, ticket: UUID) -> None:
    """Put the reports that a ticket answers by its timeline with it, wherever they were before."""
    await conn.execute(
        """
        update report set ticket_id = $1
        where id = any(array(select unnest(reports) from ticket where id = $1)) and ticket_id <> $1
        """,
        ticket,
    )


async def of_actor(
    conn: Connection, actor: Actor, before: UUID | None, limit: int, reference: str | None = None
) -> list[ListedReport]:
    """Return what a citizen reported or had reported, or what staff or a partner's client sent, newest first.

    With a `reference`, only the report of a client that has this number in the client's own system.
    """
    citizen = actor.kind is ActorKind.CITIZEN
    whose = "r.citizen_id = $1" if citizen else "r.author = $1 and r.author not like 'citizen:%'"
    rows = await conn.fetch(
        f"""
        select r.id, r.title, r.created_at, t.number as ticket_number, t.state as ticket_state
        from report r join ticket t on t.id = r.ticket_id
        where {whose} and ($2::uuid is null or r.id < $2)
          and ($4::text is null
               or r.id = (select report_id from external_reference where client_id = $5 and reference = $4))
        order by r.id desc limit $3
        """,
        actor.id if citizen else actor.key,
        before,
        limit,
        reference,
        actor.id,
    )
    return read_all(ListedReport, rows)

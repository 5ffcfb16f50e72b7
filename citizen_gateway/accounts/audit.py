"""The audit log (使用可追溯): who looked at personal data or changed somebody's rights, when, what and why.

Rows are only ever added; the database refuses to change or delete one.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Role
from citizen_gateway.platform.db import Connection, Transaction, read_all


class Entry(msgspec.Struct, frozen=True):
    """One line of the log; `subject` is the ticket, member of staff or citizen concerned."""

    id: UUID
    at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None
    what: str
    purpose: str
    subject: UUID | None
    details: dict[str, object]


class Concern(msgspec.Struct, frozen=True):
    """What a line is about, and where that lies, so that an auditor of an area finds it."""

    subject: UUID | None = None
    areas: Sequence[str] = ()


async def write(tx: Transaction, what: str, purpose: str = "", concern: Concern = Concern(), **details: object) -> None:  # noqa: B008 - an immutable value
    """Add a line: what the actor did and what for. Details never hold what was revealed."""
    await tx.conn.execute(
        """
        insert into audit (id, at, actor_kind, actor_id, what, purpose, subject, area_path, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        uuid7(tx.now),
        tx.now,
        tx.actor.kind.value,
        tx.actor.id,
        what,
        purpose,
        concern.subject,
        list(concern.areas),
        details,
    )


class Sought(msgspec.Struct, frozen=True):
    """Which lines are wanted: about somebody or something, by somebody, of one kind."""

    subject: UUID | None = None
    actor: UUID | None = None
    what: str | None = None


async def listed(conn: Connection, auditor: Actor, sought: Sought, before: UUID | None, limit: int) -> list[Entry]:
    """Return lines that an auditor may read, newest first: all of them, or those of their areas."""
    areas = [grant.area for grant in auditor.grants if grant.role in {Role.AUDITOR, Role.ADMINISTRATOR}]
    rows = await conn.fetch(
        """
        select id, at, actor_kind, actor_id, what, purpose, subject, details from audit
        where ($1::text[] is null or area_path && $1) and ($2::uuid is null or subject = $2)
          and ($3::uuid is null or actor_id = $3) and ($4::text is null or what = $4)
          and ($5::uuid is null or id < $5)
        order by id desc limit $6
        """,
        None if None in areas else areas,
        sought.subject,
        sought.actor,
        sought.what,
        before,
        limit,
    )
    return read_all(Entry, rows)

"""What people decide about points: awards, by two of them, and that a report was false."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from citizen_gateway.accounts.guards import require_role
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import store as reports
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Connection, Transaction, read, read_all
from citizen_gateway.points import service, store
from citizen_gateway.points.errors import AwardDecided, AwardTooLarge, DeclaredFalse, SecondPersonNeeded
from citizen_gateway.points.notes import AWARD, FALSE_REPORT
from citizen_gateway.points.service import Deed
from citizen_gateway.points.volunteers import service as volunteers

AwardId = NewType("AwardId", UUID)

_DECIDING = (Role.CENTER, Role.ADMINISTRATOR)
_EARNED_BY_REPORT = ("first_report", "joining", "rating")


class AwardState(StrEnum):
    """How far an award is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class Award(msgspec.Struct, frozen=True):
    """Points that somebody proposes to give by hand, and what a second person said."""

    id: AwardId
    holder: str
    code: str
    nickname: str
    amount: int
    reason: str
    state: AwardState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


_SELECT = """
    select a.id, a.holder, v.code, v.nickname, a.amount, a.reason, a.state, a.proposed_by, a.proposed_at, a.decided_by,
           a.decided_at
    from points_award a join volunteer v on v.holder = a.holder
"""


async def propose(tx: Transaction, city: City, code: str, amount: int, reason: str) -> Award:
    """Propose to award points. Raises `RoleMissing`, `AwardTooLarge`, `UnknownVolunteer`."""
    require_role(tx.actor, *_DECIDING)
    most = service.rules_of(city).most_award
    if amount > most:
        raise AwardTooLarge(most=most)
    volunteer = await volunteers.by_code(tx, code)
    identity = AwardId(uuid7(tx.now))
    await tx.conn.execute(
        """
        insert into points_award (id, holder, amount, reason, state, proposed_by, proposed_at)
        values ($1, $2, $3, $4, 'proposed', $5, $6)
        """,
        identity,
        volunteer.holder,
        amount,
        reason,
        tx.actor.key,
        tx.now,
    )
    return await award(tx, identity)


async def award(tx: Transaction, identity: UUID) -> Award:
    """Return an award. Raises `RoleMissing`, `NotFound`."""
    require_role(tx.actor, *_DECIDING, Role.AUDITOR)
    row = await tx.conn.fetchrow(f"{_SELECT} where a.id = $1", identity)
    if row is None:
        raise NotFound(what="award")
    return read(Award, row)


async def awards(tx: Transaction, state: AwardState | None, before: UUID | None, limit: int) -> list[Award]:
    """Return awards, the newest first. Raises `RoleMissing`."""
    require_role(tx.actor, *_DECIDING, Role.AUDITOR)
    rows = await tx.conn.fetch(
        f"""
        {_SELECT} where ($1::text is null or a.state = $1) and ($2::uuid is null or a.id < $2)
        order by a.id desc limit $3
        """,
        state.value if state else None,
        before,
        limit,
    )
    return read_all(Award, rows)


async def decide(tx: Transaction, city: City, identity: UUID, *, approve: bool) -> Award:
    """Approve or refuse an award, as somebody who neither proposed nor receives it.

    Raises `RoleMissing`, `NotFound`, `SecondPersonNeeded`, `AwardDecided`.
    """
    require_role(tx.actor, *_DECIDING)
    await tx.conn.execute("select from points_award where id = $1 for update", identity)
    found = await award(tx, identity)
    if tx.actor.key in {found.proposed_by, found.holder}:
        raise SecondPersonNeeded
    if found.state is not AwardState.PROPOSED:
        raise AwardDecided(state=found.state.value)
    state = AwardState.APPROVED if approve else AwardState.REFUSED
    await tx.conn.execute(
        "update points_award set state = $2, decided_by = $3, decided_at = $4 where id = $1",
        identity,
        state.value,
        tx.actor.key,
        tx.now,
    )
    if approve:
        deed = Deed(found.holder, found.amount, f"award:{found.id}", AWARD, tx.now, award=True)
        await service.earn(tx, city, deed)
    return await award(tx, identity)


async def declare_false(tx: Transaction, city: City, report: UUID, reason: str) -> int:
    """Declare a report false and take back what it earned; return how much. It earns nothing afterwards either.

    Raises `RoleMissing`, `NotFound`, `DeclaredFalse`.
    """
    require_role(tx.actor, *_DECIDING)
    if await reports.by_id(tx.conn, report) is None:
        raise NotFound(what="report")
    status = await tx.conn.execute(
        """
        insert into points_false_report (report_id, reason, declared_by, at) values ($1, $2, $3, $4)
        on conflict do nothing
        """,
        report,
        reason,
        tx.actor.key,
        tx.now,
    )
    if status != "INSERT 0 1":
        raise DeclaredFalse
    taken = 0
    for deed in _EARNED_BY_REPORT:
        if earlier := await store.transfer_of(tx.conn, f"{deed}:{report}"):
            taken += await service.claw_back(tx, city, earlier, FALSE_REPORT)
    return taken


async def is_false(conn: Connection, report: UUID) -> bool:
    """Whether a report was declared false."""
    found: bool = await conn.fetchval("select exists (select from points_false_report where report_id = $1)", report)
    return found

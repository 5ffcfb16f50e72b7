"""What points keep of a citizen: their profile, their statement, their tasks and codes.

The ledger itself is never changed: it knows people by a key that says nothing once their account is gone, and holds no
words of theirs.
"""

from uuid import UUID

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import CitizenId, uuid7
from citizen_gateway.platform.db import Transaction
from citizen_gateway.points import service, store
from citizen_gateway.points.codes import new_code
from citizen_gateway.points.model import AccountKind, Line, Lot, LotId, Purse, TransferKind, put_back
from citizen_gateway.points.notes import LINKED
from citizen_gateway.points.rewards import service as rewards
from citizen_gateway.points.volunteers import store as volunteers
from citizen_gateway.points.volunteers.model import Volunteer

_KEPT = {
    "volunteer": "select code, nickname, listed, skills, joined_at from volunteer where holder = $1",
    "relatives": """
        select v.code, v.nickname, r.at from volunteer_relative r join volunteer v on v.holder = r.relative
        where r.holder = $1 order by r.at
    """,
    "groups": """
        select g.name, m.at from volunteer_group_member m join volunteer_group g on g.id = m.group_id
        where m.holder = $1 order by m.at
    """,
    "tasks": """
        select t.title, t.place, t.starts_at, a.state, a.checked_in_at, a.checked_out_at, a.minutes, a.reason
        from volunteer_attendance a join volunteer_task t on t.id = a.task_id where a.holder = $1 order by a.id
    """,
    "redemptions": """
        select r.title, d.price, d.state, d.created_at, d.valid_until, d.ended_at
        from points_redemption d join points_reward r on r.id = d.reward_id where d.holder = $1 order by d.id
    """,
    "devices": "select seen_at from points_device where holder = $1 order by seen_at",
    "certificates": "select document, issued_at from volunteer_certificate where holder = $1 order by issued_at",
}
_STATEMENT_LINES = 100_000


async def export(tx: Transaction, citizen: CitizenId) -> dict[str, object]:
    """Return what moved the citizen's points, and what they did to earn and to spend them."""
    holder = _key(citizen)
    kept: dict[str, object] = {
        name: [dict(row) for row in await tx.conn.fetch(query, holder)] for name, query in _KEPT.items()
    }
    lines = await store.statement(tx.conn, service.person(holder), None, _STATEMENT_LINES)
    return kept | {"points": [msgspec.to_builtins(line) for line in lines]}


async def erase(tx: Transaction, citizen: CitizenId) -> None:
    """Forget who the volunteer was; hours and points stay, since what others hold rests on them."""
    holder = _key(citizen)
    await tx.conn.execute("update volunteer set nickname = '', listed = false, skills = '{}' where holder = $1", holder)
    await tx.conn.execute("delete from volunteer_relative where $1 in (holder, relative)", holder)
    for table in ("volunteer_group_member", "volunteer_certificate", "points_device"):
        await tx.conn.execute(f"delete from {table} where holder = $1", holder)
    await tx.conn.execute("update points_award set reason = '' where holder = $1", holder)
    await tx.conn.execute("update volunteer_attendance set reason = '' where holder = $1", holder)
    await tx.conn.execute(
        """
        update points_false_report set reason = '' where report_id::text in (
            select split_part(t.cause, ':', 2) from points_lot l join points_transfer t on t.id = l.transfer_id
            where l.account_id = $1
        )
        """,
        service.person(holder),
    )


async def move(tx: Transaction, city: City, source: CitizenId, target: CitizenId) -> None:
    """Make one citizen's points and service another's; codes not yet fetched are given back first."""
    old, new = _key(source), _key(target)
    waiting = await tx.conn.fetch("select id from points_redemption where holder = $1 and state = 'reserved'", old)
    for row in waiting:
        await rewards.give_up(tx, city, row["id"])
    await _move_points(tx, city, old, new)
    await _move_profile(tx, old, new)
    for table in ("points_redemption", "points_award"):
        await tx.conn.execute(f"update {table} set holder = $2 where holder = $1", old, new)
    await tx.conn.execute(
        """
        update points_device set holder = $2
        where holder = $1 and device not in (select device from points_device where holder = $2)
        """,
        old,
        new,
    )


async def _move_points(tx: Transaction, city: City, old: str, new: str) -> None:
    """Move lots with their ends and what caps count of them; what is owed goes along."""
    giver, taker = service.person(old), service.person(new)
    await store.open_account(tx.conn, taker, AccountKind.PERSON, new)
    purses = await service.fresh(tx, city, [giver, taker])
    theirs = purses.get(giver)
    if theirs is None or theirs.balance == 0:
        return
    if theirs.debt:
        _move_debt(tx, city, theirs, purses[taker])
        return
    names = sorted(LotId(uuid7(tx.now)) for _ in theirs.lots)
    transfer = service.new_transfer(tx, city, TransferKind.SENT, f"linked:{uuid7(tx.now)}", LINKED)
    lots = [
        msgspec.structs.replace(
            lot, id=name, account_id=taker, transfer_id=transfer.id, amount=lot.remaining, remaining=0, expired=0
        )
        for name, lot in zip(names, theirs.lots, strict=True)
    ]
    lines = [Line(giver, -lot.remaining, lot.id) for lot in theirs.lots]
    store.write(tx.conn, transfer, [*lines, *put_back(taker, purses[taker].debt, _parts(lots))], lots)


def _parts(lots: list[Lot]) -> list[tuple[LotId, int]]:
    return [(lot.id, lot.amount) for lot in lots]


def _move_debt(tx: Transaction, city: City, owing: Purse, other: Purse) -> None:
    lines = [Line(owing.account, owing.debt)]
    missing = owing.debt
    for lot in other.lots:
        part = min(lot.remaining, missing)
        missing -= part
        lines += [Line(other.account, -part, lot.id)] * (part > 0)
    lines += [Line(other.account, -missing)] * (missing > 0)
    transfer = service.new_transfer(tx, city, TransferKind.CLAWED_BACK, f"linked:{uuid7(tx.now)}", LINKED)
    store.write(tx.conn, transfer, lines)


async def _move_profile(tx: Transaction, old: str, new: str) -> None:
    profile = await volunteers.by_holder(tx.conn, old)
    if profile is None:
        return
    while await volunteers.by_holder(tx.conn, new) is None:
        fresh = Volunteer(new, new_code(), profile.nickname, profile.listed, profile.skills, profile.joined_at)
        await volunteers.add(tx.conn, fresh)
    for table, kept in (("volunteer_attendance", "task_id"), ("volunteer_group_member", "group_id")):
        await tx.conn.execute(
            f"""
            update {table} set holder = $2
            where holder = $1 and {kept} not in (select {kept} from {table} where holder = $2)
            """,
            old,
            new,
        )
    await tx.conn.execute("update volunteer_certificate set holder = $2 where holder = $1", old, new)
    await tx.conn.execute("delete from volunteer_relative where $1 in (holder, relative)", old)
    await tx.conn.execute("delete from volunteer_group_member where holder = $1", old)
    await tx.conn.execute("update volunteer set nickname = '', listed = false, skills = '{}' where holder = $1", old)


def _key(citizen: UUID) -> str:
    return f"citizen:{citizen}"

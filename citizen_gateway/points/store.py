"""The ledger in PostgreSQL, one function per question. The database itself keeps balances and refuses changed lines."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.platform.session import Session
from citizen_gateway.points.model import AccountId, AccountKind, Line, Lot, LotId, Purse, TransferId, TransferKind

_LOT = ", ".join(field.name for field in msgspec.structs.fields(Lot))


class Transfer(msgspec.Struct, frozen=True):
    """What moved points and why."""

    id: TransferId
    kind: TransferKind
    cause: str
    event: UUID | None
    actor: str
    note: str
    asked: int
    day: date
    at: datetime


class StatementRow(msgspec.Struct, frozen=True):
    """One transfer as the holder of an account sees it."""

    id: UUID
    kind: TransferKind
    note: str
    asked: int
    amount: int
    balance: int
    at: datetime


_TRANSFER = [field.name for field in msgspec.structs.fields(Transfer)]
_INSERT = f"insert into points_transfer ({', '.join(_TRANSFER)}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_ENTRIES = """
    insert into points_entry (transfer_id, line, account_id, lot_id, amount)
    select $1::uuid, t.line, t.account, t.lot, t.amount
    from unnest($2::uuid[], $3::uuid[], $4::bigint[]) with ordinality as t (account, lot, amount, line)
"""
_NEW_LOT = """
    insert into points_lot (id, account_id, transfer_id, amount, counted, day, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)
"""


async def open_account(conn: Connection, account: AccountId, kind: AccountKind, holder: str) -> None:
    """Open an account where it does not exist yet."""
    await conn.execute(
        "insert into points_account (id, kind, holder) values ($1, $2, $3) on conflict do nothing",
        account,
        kind.value,
        holder,
    )


async def lock(conn: Connection, accounts: Collection[AccountId]) -> dict[AccountId, Purse]:
    """Let nobody else move the points of these people until the transaction ends, always in the same order."""
    rows = await conn.fetch(
        "select id, holder, balance from points_account where id = any($1) order by id for no key update",
        list(accounts),
    )
    lots: dict[AccountId, list[Lot]] = {AccountId(row["id"]): [] for row in rows}
    for lot in await lots_of(conn, list(lots)):  # an account opened since then is not locked
        lots[lot.account_id].append(lot)
    return {row["id"]: Purse(row["id"], row["holder"], row["balance"], tuple(lots[row["id"]])) for row in rows}


async def purse(conn: Connection, account: AccountId) -> Purse | None:
    """Return a person's points as they are, without a lock."""
    row = await conn.fetchrow("select id, holder, balance from points_account where id = $1", account)
    if row is None:
        return None
    return Purse(row["id"], row["holder"], row["balance"], tuple(await lots_of(conn, [account])))


async def lots_of(conn: Connection, accounts: Collection[AccountId]) -> list[Lot]:
    """Return the lots of these people that have something left, the one that expires first in front."""
    rows = await conn.fetch(
        f"select {_LOT} from points_lot where account_id = any($1) and remaining > 0 order by expires_at, id",
        list(accounts),
    )
    return read_all(Lot, rows)


async def balance_of(conn: Connection, account: AccountId) -> int:
    """Return an account's balance; an account never opened has none."""
    return int(await conn.fetchval("select balance from points_account where id = $1", account) or 0)


def write(session: Session, transfer: Transfer, lines: Sequence[Line], lots: Sequence[Lot] = ()) -> None:
    """Write a transfer with all its lines and the lots it opens, when the session sends its rows."""
    session.later(_INSERT, *(getattr(transfer, name) for name in _TRANSFER))
    for lot in lots:
        session.later(
            _NEW_LOT, lot.id, lot.account_id, lot.transfer_id, lot.amount, lot.counted, lot.day, lot.expires_at
        )
    if lines:
        columns = [line.account for line in lines], [line.lot for line in lines], [line.amount for line in lines]
        session.later(_ENTRIES, transfer.id, *columns)


async def transfer_of(conn: Connection, cause: str) -> Transfer | None:
    """Return what a cause did, if it did anything yet."""
    row = await conn.fetchrow(f"select {', '.join(_TRANSFER)} from points_transfer where cause = $1", cause)
    return read(Transfer, row) if row else None


async def lines_of(conn: Connection, transfer: TransferId) -> list[Line]:
    """Return the lines of a transfer in their order."""
    rows = await conn.fetch(
        "select account_id as account, amount, lot_id as lot from points_entry where transfer_id = $1 order by line",
        transfer,
    )
    return read_all(Line, rows)


async def lots_from(conn: Connection, transfer: TransferId) -> list[Lot]:
    """Return the lots that a transfer opened, emptied ones too."""
    rows = await conn.fetch(f"select {_LOT} from points_lot where transfer_id = $1 order by id", transfer)
    return read_all(Lot, rows)


async def lots_by_id(conn: Connection, lots: Collection[LotId]) -> dict[LotId, Lot]:
    """Return lots by their ids."""
    rows = await conn.fetch(f"select {_LOT} from points_lot where id = any($1)", list(lots))
    return {lot.id: lot for lot in read_all(Lot, rows)}


async def earned(conn: Connection, accounts: Collection[AccountId], day: date) -> tuple[int, int]:
    """Return what these people together earned on a day, and in its year, as far as caps count it."""
    row = await conn.fetchrow(
        """
        select coalesce(sum(amount) filter (where day = $2), 0)::bigint, coalesce(sum(amount), 0)::bigint
        from points_lot where account_id = any($1) and counted and day between $3 and $4
        """,
        list(accounts),
        day,
        date(day.year, 1, 1),
        date(day.year, 12, 31),
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


async def expiring(conn: Connection, now: datetime, limit: int) -> list[AccountId]:
    """Return people who have points that have expired; those whom somebody else deals with are left to them."""
    rows = await conn.fetch(
        """
        select id from points_account
        where id in (select account_id from points_lot where remaining > 0 and expires_at <= $1 limit $2)
        order by id for no key update skip locked
        """,
        now,
        limit,
    )
    return [row["id"] for row in rows]


async def sent_since(conn: Connection, account: AccountId, first: date) -> int:
    """Return how many points a person has sent to relatives since a day."""
    total = await conn.fetchval(
        """
        select -sum(e.amount) from points_transfer t join points_entry e on e.transfer_id = t.id
        where e.account_id = $1 and t.kind = 'sent' and t.day >= $2 and e.amount < 0
        """,
        account,
        first,
    )
    return int(total or 0)


async def statement(conn: Connection, account: AccountId, before: UUID | None, limit: int) -> list[StatementRow]:
    """Return what moved a person's points, the newest first, each with the balance behind it.

    The reasons people wrote are kept beside the ledger, where they can be erased.
    """
    rows = await conn.fetch(
        """
        with mine as (
            select transfer_id, sum(amount)::bigint as amount from points_entry
            where account_id = $1 group by transfer_id
        ), told as (
            select transfer_id, amount, (sum(amount) over (order by transfer_id))::bigint as balance from mine
        )
        select t.id, t.kind, coalesce(nullif(a.reason, ''), nullif(f.reason, ''), t.note) as note, t.asked, m.amount,
               m.balance, t.at
        from told m join points_transfer t on t.id = m.transfer_id
        left join points_award a on t.kind = 'awarded' and t.cause = 'award:' || a.id
        left join points_transfer deed on t.kind = 'clawed_back' and t.cause = 'clawback:' || deed.id
        left join points_false_report f on split_part(deed.cause, ':', 2) = f.report_id::text
        where $2::uuid is null or t.id < $2 order by t.id desc limit $3
        """,
        account,
        before,
        limit,
    )
    return read_all(StatementRow, rows)

"""The ledger's use cases: earn within caps, reserve and settle or return, send, expire, claw back.

Each locks the people it concerns first (in the order of their accounts), writes off what has expired, and then writes
whole transfers; the database adds them to the balances. Whatever names its cause has its effect once.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec

from citizen_gateway.city.points import PointsRules
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.db import Transaction
from citizen_gateway.points import devices, store
from citizen_gateway.points.errors import NoPoints, NotEnoughPoints, SpendingBlocked
from citizen_gateway.points.model import (
    AccountId,
    AccountKind,
    Line,
    Lot,
    LotId,
    Purse,
    TransferId,
    TransferKind,
    account_id,
    drawer,
    expires_at,
    local_day,
    put_back,
    take,
    within_caps,
)
from citizen_gateway.points.notes import EXPIRED
from citizen_gateway.points.store import Transfer


class Deed(msgspec.Struct, frozen=True):
    """Something somebody did that earns points; `cause` names it once for ever, `at` is when it was done."""

    holder: str
    points: int
    cause: str
    note: str
    at: datetime
    event: UUID | None = None
    award: bool = False


def rules_of(city: City) -> PointsRules:
    """Return the city's rules of points. Raises `NoPoints` where it offers none."""
    if city.settings.points is None:
        raise NoPoints
    return city.settings.points


def person(holder: str) -> AccountId:
    """Return the account of a person by their actor's key."""
    return account_id(AccountKind.PERSON, holder)


async def earn(tx: Transaction, city: City, deed: Deed) -> int:
    """Give points for a deed, as many as the caps leave; return how many, 0 for a deed that earned before.

    Accounts seen on one device share one person's caps. An award is outside the caps.
    """
    rules = rules_of(city)
    account = person(deed.holder)
    group = {person(holder): holder for holder in await devices.within(tx, city, deed.holder)}
    for one in sorted(group):  # so that all of them are there to be locked
        await store.open_account(tx.conn, one, AccountKind.PERSON, group[one])
    purse = (await fresh(tx, city, group))[account]
    if await store.transfer_of(tx.conn, deed.cause):
        return 0
    day = local_day(deed.at, city.timezone)
    amount = deed.points
    if not deed.award:
        amount = within_caps(deed.points, rules.caps, *await store.earned(tx.conn, group, day))
    kind = TransferKind.AWARDED if deed.award else TransferKind.EARNED
    transfer = msgspec.structs.replace(
        new_transfer(tx, city, kind, deed.cause, deed.note), event=deed.event, asked=deed.points, day=day
    )
    if amount == 0:
        store.write(tx.conn, transfer, [])
        return 0
    lot = _lot(tx, transfer, account, amount, counted=not deed.award)
    lot = msgspec.structs.replace(lot, expires_at=expires_at(day, rules.expiry, city.timezone))
    lines = [Line(drawer(AccountKind.ISSUANCE, account), -amount), *put_back(account, purse.debt, [(lot.id, amount)])]
    store.write(tx.conn, transfer, lines, [lot])
    return amount


async def reserve(tx: Transaction, city: City, holder: str, price: int, told: tuple[str, str]) -> TransferId:
    """Put points aside for a redemption; `told` are cause and note. Raises `NotEnoughPoints`, `SpendingBlocked`."""
    account = person(holder)
    found = (await fresh(tx, city, [account])).get(account)
    taken = _taken(found, price, tx.now)
    reserved = account_id(AccountKind.RESERVED, holder)
    tx.conn.later(
        "insert into points_account (id, kind, holder) values ($1, $2, $3) on conflict do nothing",
        reserved,
        AccountKind.RESERVED.value,
        holder,
    )
    transfer = new_transfer(tx, city, TransferKind.RESERVED, *told)
    lines = [*(Line(account, -part, lot.id) for lot, part in taken), Line(reserved, price)]
    store.write(tx.conn, transfer, lines)
    return transfer.id


async def give_back(tx: Transaction, city: City, holder: str, reserving: str, *, told: tuple[str, str]) -> None:
    """Return reserved points to the lots they came from, which keep their ends; what is owed is paid first.

    `reserving` is the cause of the reservation, `told` are cause and note of the return.
    """
    account = person(holder)
    purse = (await fresh(tx, city, [account]))[account]
    earlier = await store.transfer_of(tx.conn, reserving)
    if earlier is None:
        raise LookupError(reserving)
    parts = [
        (line.lot, -line.amount)
        for line in await store.lines_of(tx.conn, earlier.id)
        if line.account == account and line.lot is not None
    ]
    price = sum(amount for _, amount in parts)
    lines = [Line(account_id(AccountKind.RESERVED, holder), -price), *put_back(account, purse.debt, parts)]
    store.write(tx.conn, new_transfer(tx, city, TransferKind.RETURNED, *told), lines)
    await fresh(tx, city, [account])  # what came back too late is written off at once


def settle(tx: Transaction, city: City, holder: str, merchant: AccountId, price: int, *, told: tuple[str, str]) -> None:
    """Give reserved points to the merchant who handed the goods out (核销)."""
    lines = [Line(account_id(AccountKind.RESERVED, holder), -price), Line(merchant, price)]
    store.write(tx.conn, new_transfer(tx, city, TransferKind.SETTLED, *told), lines)


async def send(tx: Transaction, city: City, to: str, amount: int, told: tuple[str, str]) -> None:
    """Send points of the actor to somebody; they expire when they would have.

    Raises `NotEnoughPoints`, `SpendingBlocked`.
    """
    sender, receiver = person(tx.actor.key), person(to)
    await store.open_account(tx.conn, receiver, AccountKind.PERSON, to)
    purses = await fresh(tx, city, [sender, receiver])
    taken = _taken(purses.get(sender), amount, tx.now)
    transfer = new_transfer(tx, city, TransferKind.SENT, *told)
    names = sorted(LotId(uuid7(tx.now)) for _ in taken)  # lots that expire together keep their order
    lots = [
        msgspec.structs.replace(_lot(tx, transfer, receiver, part, counted=False), id=name, expires_at=lot.expires_at)
        for name, (lot, part) in zip(names, taken, strict=True)
    ]
    lines = [Line(sender, -part, lot.id) for lot, part in taken]
    lines += put_back(receiver, purses[receiver].debt, [(lot.id, lot.amount) for lot in lots])
    store.write(tx.conn, transfer, lines, lots)


async def claw_back(tx: Transaction, city: City, earlier: Transfer, note: str) -> int:
    """Take back what a transfer gave, apart from what has expired of it; return how much, 0 for a second time.

    It is taken from the same lot, then from the person's others; what is not there is owed.
    """
    opened = await store.lots_from(tx.conn, earlier.id)
    cause = f"clawback:{earlier.id}"
    if not opened:
        return 0
    account = opened[0].account_id
    purse = (await fresh(tx, city, [account]))[account]
    if await store.transfer_of(tx.conn, cause):
        return 0
    own = {lot.id: lot for lot in await store.lots_from(tx.conn, earlier.id)}
    due = sum(lot.amount - lot.expired for lot in own.values())
    transfer = new_transfer(tx, city, TransferKind.CLAWED_BACK, cause, note)
    taken, missing = take([*own.values(), *(lot for lot in purse.lots if lot.id not in own)], due)
    lines = [Line(account, -part, lot.id) for lot, part in taken]
    lines += [Line(account, -missing)] * (missing > 0)
    store.write(tx.conn, transfer, [*lines, Line(drawer(AccountKind.CLAWED_BACK, account), due)] if due else [])
    return due


async def fresh(tx: Transaction, city: City, accounts: Collection[AccountId]) -> Mapping[AccountId, Purse]:
    """Lock people's points and write off what has expired of them; who has no account is left out."""
    purses = await store.lock(tx.conn, accounts)
    return {account: _written_off(tx, city, purse) for account, purse in purses.items()}


async def write_off(tx: Transaction, city: City, limit: int) -> int:
    """Write off the expired points of so many people; return how many there were."""
    people = await store.expiring(tx.conn, tx.now, limit)
    await fresh(tx, city, people)
    return len(people)


def _written_off(tx: Transaction, city: City, purse: Purse) -> Purse:
    over = [lot for lot in purse.lots if lot.expires_at <= tx.now]
    if not over:
        return purse
    gone = sum(lot.remaining for lot in over)
    transfer = new_transfer(tx, city, TransferKind.EXPIRED, f"expiry:{uuid7(tx.now)}", EXPIRED)
    lines = [Line(purse.account, -lot.remaining, lot.id) for lot in over]
    store.write(tx.conn, transfer, [*lines, Line(drawer(AccountKind.EXPIRED, purse.account), gone)])
    left = tuple(lot for lot in purse.lots if lot.expires_at > tx.now)
    return Purse(purse.account, purse.holder, purse.balance - gone, left)


def _taken(purse: Purse | None, amount: int, now: datetime) -> list[tuple[Lot, int]]:
    if purse is not None and purse.debt:
        raise SpendingBlocked(debt=purse.debt)
    available = purse.spendable(now) if purse else 0
    if purse is None or available < amount:
        raise NotEnoughPoints(needed=amount, available=available)
    taken, _ = take(purse.lots, amount)
    return taken


def new_transfer(tx: Transaction, city: City, kind: TransferKind, cause: str, note: str) -> Transfer:
    """Begin a transfer of the actor's; `note` is a text of ours or a title, never a person's own words."""
    day: date = local_day(tx.now, city.timezone)
    return Transfer(TransferId(uuid7(tx.now)), kind, cause, None, tx.actor.key, note, 0, day, tx.now)


def _lot(tx: Transaction, transfer: Transfer, account: AccountId, amount: int, *, counted: bool) -> Lot:
    return Lot(LotId(uuid7(tx.now)), account, transfer.id, amount, 0, 0, counted, transfer.day, tx.now)

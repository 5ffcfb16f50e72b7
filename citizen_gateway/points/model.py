"""Points as plain values: accounts, lots and lines, and the arithmetic that turns a wish into lines of the book.

A person's points lie in lots, each with the moment at which it expires. What a clawback takes and no lot has is debt: a
line on the person's account that names no lot. While there is debt, no lot has anything left.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.city.points import Caps, Expiry, ExpiryMode

AccountId = NewType("AccountId", UUID)
LotId = NewType("LotId", UUID)
TransferId = NewType("TransferId", UUID)

DRAWERS = 32
"""The city's own accounts are kept in so many parts, chosen by the person, so that nobody waits for a stranger."""

HUGE = 100_000
"""More points than anybody may move at once."""


class AccountKind(StrEnum):
    """Whose points an account holds."""

    ISSUANCE = "issuance"  # what the city has given out, as a negative balance
    PERSON = "person"
    RESERVED = "reserved"  # of one person, behind codes not yet confirmed
    MERCHANT = "merchant"
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"


class TransferKind(StrEnum):
    """Why points moved."""

    EARNED = "earned"
    AWARDED = "awarded"
    SENT = "sent"
    RESERVED = "reserved"
    RETURNED = "returned"
    SETTLED = "settled"  # 核销
    EXPIRED = "expired"
    CLAWED_BACK = "clawed_back"


class Line(msgspec.Struct, frozen=True):
    """One line of a transfer: so many points onto an account, or off it, in one of its lots."""

    account: AccountId
    amount: int
    lot: LotId | None = None


class Lot(msgspec.Struct, frozen=True):
    """Points that came together and expire together."""

    id: LotId
    account_id: AccountId
    transfer_id: TransferId
    amount: int
    remaining: int
    expired: int
    counted: bool
    day: date
    expires_at: datetime


class Purse(msgspec.Struct, frozen=True):
    """A person's account with those of its lots that have something left, the one that expires first in front."""

    account: AccountId
    holder: str
    balance: int
    lots: tuple[Lot, ...] = ()

    @property
    def debt(self) -> int:
        """What a clawback took that was not there."""
        return sum(lot.remaining for lot in self.lots) - self.balance

    def spendable(self, now: datetime) -> int:
        """Return what may be spent now; expired points do not wait for the clerk who writes them off."""
        return 0 if self.debt else sum(lot.remaining for lot in self.lots if lot.expires_at > now)


def account_id(kind: AccountKind, holder: str) -> AccountId:
    """Return the id of an account; it follows from whose it is, so that nobody need look it up."""
    return AccountId(UUID(bytes=hashlib.sha256(f"{kind}:{holder}".encode()).digest()[:16]))


def drawer(kind: AccountKind, person: AccountId) -> AccountId:
    """Return the part of one of the city's own accounts that deals with this person."""
    return account_id(kind, str(person.int % DRAWERS))


def take(lots: Iterable[Lot], amount: int) -> tuple[list[tuple[Lot, int]], int]:
    """Take points out of lots in their order; return how many out of each, and how many were not there."""
    taken = []
    for lot in lots:
        part = min(lot.remaining, amount)
        if part > 0:
            taken.append((lot, part))
            amount -= part
    return taken, amount


def put_back(account: AccountId, debt: int, parts: Sequence[tuple[LotId, int]]) -> list[Line]:
    """Return the lines that bring points into lots, after they have paid what is owed."""
    lines = []
    for lot, amount in parts:
        paid = min(debt, amount)
        debt -= paid
        lines += [Line(account, paid)] * (paid > 0) + [Line(account, amount - paid, lot)] * (amount > paid)
    return lines


def local_day(moment: datetime, timezone: str) -> date:
    """Return the date at that moment in the city."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def expires_at(day: date, rule: Expiry, timezone: str) -> datetime:
    """Return when points earned on a day end: the midnight behind the last day on which they can be spent."""
    if rule.mode is ExpiryMode.CALENDAR_YEAR:
        last = date(day.year + rule.after, 12, 31)
    else:
        last = _months_later(day, rule.after)
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(timezone))


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of its month where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def within_caps(asked: int, caps: Caps, on_day: int, in_year: int) -> int:
    """Return how many of the points asked for may still be earned."""
    return max(0, min(asked, caps.day - on_day, caps.year - in_year))

"""A model of points so simple that it must be right: lists of lots, one thing after the other."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

ZONE = ZoneInfo("Asia/Shanghai")
CAP_DAY, CAP_YEAR, MONTHS = 50, 1500, 36


class Refused(Exception):  # noqa: N818 - what happened
    """The model does not allow it."""


class Lot(msgspec.Struct):
    """Points that expire together."""

    left: int
    ends: datetime
    earned: int
    expired: int = 0


class Redemption(msgspec.Struct):
    """Points behind a code."""

    holder: str
    reward: UUID
    price: int
    parts: list[tuple[Lot, int]]
    state: str = "reserved"


class Book:
    """Who has what."""

    def __init__(self) -> None:
        self.lots: dict[str, list[Lot]] = defaultdict(list)
        self.owed: dict[str, int] = defaultdict(int)
        self.deeds: dict[str, tuple[str, Lot | None]] = {}
        self.earned: dict[str, list[tuple[date, int]]] = defaultdict(list)
        self.clawed: set[str] = set()
        self.redemptions: dict[UUID, Redemption] = {}
        self.stock: dict[UUID, int] = {}
        self.till = 0

    def worth(self, holder: str, now: datetime) -> int:
        """Return what somebody can spend, or owes as a negative number."""
        self._expire(holder, now)
        return sum(lot.left for lot in self.lots[holder]) - self.owed[holder]

    def held(self, holder: str, reward: UUID) -> int:
        """Return how many pieces of a reward somebody has."""
        states = ("reserved", "settled")
        ours = [one for one in self.redemptions.values() if (one.holder, one.reward) == (holder, reward)]
        return sum(one.state in states for one in ours)

    def earn(self, holder: str, points: int, cause: str, now: datetime) -> int:
        """Give points within the caps, paying what is owed first."""
        self._expire(holder, now)
        day = now.astimezone(ZONE).date()
        today = sum(n for when, n in self.earned[holder] if when == day)
        year = sum(n for when, n in self.earned[holder] if when.year == day.year)
        points = max(0, min(points, CAP_DAY - today, CAP_YEAR - year))
        lot = Lot(0, _end(day), points)
        self.deeds[cause] = (holder, lot)
        if points:
            self.earned[holder].append((day, points))
            self._put(holder, lot, points)
        return points

    def reserve(self, holder: str, reward: UUID, price: int, identity: UUID, now: datetime) -> None:
        """Put points and a piece aside."""
        parts = self._spend(holder, price, now)
        self.stock[reward] -= 1
        self.redemptions[identity] = Redemption(holder, reward, price, parts)

    def end(self, identity: UUID, state: str, now: datetime) -> None:
        """Let a redemption be what the database says it is; a second end is none."""
        one = self.redemptions[identity]
        if one.state == state:
            return
        assert one.state == "reserved"
        one.state = state
        if state == "settled":
            self.till += one.price
            return
        self.stock[one.reward] += 1
        self._expire(one.holder, now)
        for lot, amount in one.parts:
            self._put(one.holder, lot, amount)
        self._expire(one.holder, now)

    def claw_back(self, cause: str, now: datetime) -> int:
        """Take back what a deed earned and has not expired; what is not there is owed."""
        holder, own = self.deeds[cause]
        if cause in self.clawed or own is None:
            return 0
        self.clawed.add(cause)
        self._expire(holder, now)
        due = rest = own.earned - own.expired
        others = [lot for lot in self.lots[holder] if lot is not own]
        for lot in [own, *sorted(others, key=lambda lot: lot.ends)]:
            part = min(lot.left, rest)
            lot.left -= part
            rest -= part
        self.owed[holder] += rest
        return due

    def send(self, giver: str, taker: str, amount: int, now: datetime) -> None:
        """Move points that keep their ends."""
        parts = self._spend(giver, amount, now)
        self._expire(taker, now)
        for lot, part in parts:
            self._put(taker, Lot(0, lot.ends, part), part)

    def _spend(self, holder: str, amount: int, now: datetime) -> list[tuple[Lot, int]]:
        if self.owed[holder] or self.worth(holder, now) < amount:
            raise Refused
        parts = []
        for lot in sorted(self.lots[holder], key=lambda lot: lot.ends):
            part = min(lot.left, amount)
            if part:
                lot.left -= part
                amount -= part
                parts.append((lot, part))
        return parts

    def _put(self, holder: str, lot: Lot, amount: int) -> None:
        paid = min(self.owed[holder], amount)
        self.owed[holder] -= paid
        lot.left += amount - paid
        if not any(known is lot for known in self.lots[holder]):
            self.lots[holder].append(lot)

    def _expire(self, holder: str, now: datetime) -> None:
        for lot in self.lots[holder]:
            if lot.ends <= now:
                lot.expired += lot.left
                lot.left = 0


def _end(day: date) -> datetime:
    last = day.replace(year=day.year + MONTHS // 12)
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), ZONE)

"""The arithmetic of points."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.city.pack import Pack
from citizen_gateway.city.points import Caps, Expiry, ExpiryMode
from citizen_gateway.points.model import (
    AccountId,
    Line,
    Lot,
    LotId,
    Purse,
    TransferId,
    expires_at,
    local_day,
    put_back,
    take,
    within_caps,
)

CHINA = "Asia/Shanghai"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ME = AccountId(UUID(int=1))


def lot(remaining: int, ends: datetime = NOW + timedelta(days=1)) -> Lot:
    """Make a lot."""
    return Lot(
        LotId(uuid4()), ME, TransferId(uuid4()), 100, remaining, 0, counted=True, day=NOW.date(), expires_at=ends
    )


class TestTake:
    """Taking points out of lots."""

    @given(st.lists(st.integers(0, 50), max_size=6), st.integers(0, 200))
    def test_takes_what_there_is_in_order(self, amounts: list[int], wanted: int) -> None:
        """All that was asked for, or all there is; a later lot only when the earlier ones are empty."""
        lots = [lot(amount) for amount in amounts]
        taken, missing = take(lots, wanted)
        assert sum(part for _, part in taken) + missing == wanted
        assert missing == max(0, wanted - sum(amounts))
        assert all(part == one.remaining for one, part in taken[:-1])
        assert [one for one, _ in taken] == [one for one in lots if one.remaining][: len(taken)]


class TestPutBack:
    """Points that come while some are owed."""

    @given(st.integers(0, 60), st.lists(st.integers(1, 30), min_size=1, max_size=5))
    def test_pay_first(self, debt: int, amounts: list[int]) -> None:
        """What is owed is paid before anything comes into a lot; nothing is lost."""
        lines = put_back(ME, debt, [(LotId(uuid4()), amount) for amount in amounts])
        paid = sum(line.amount for line in lines if line.lot is None)
        assert paid == min(debt, sum(amounts))
        assert sum(line.amount for line in lines) == sum(amounts)
        assert all(line.amount > 0 for line in lines)

    def test_nothing_owed_is_one_line_a_lot(self) -> None:
        """No line of nothing."""
        name = LotId(uuid4())
        assert put_back(ME, 0, [(name, 5)]) == [Line(ME, 5, name)]


class TestPurse:
    """What somebody has."""

    def test_expired_points_cannot_be_spent_though_nobody_wrote_them_off(self) -> None:
        """Nor any while some are owed."""
        purse = Purse(ME, "me", 12, (lot(5, NOW), lot(7)))
        assert (purse.spendable(NOW), purse.debt) == (7, 0)
        owing = Purse(ME, "me", -3)
        assert (owing.spendable(NOW), owing.debt) == (0, 3)


class TestExpiry:
    """The end of points."""

    @pytest.mark.parametrize(
        ("day", "mode", "after", "end"),
        [
            (date(2026, 1, 31), ExpiryMode.MONTHS, 1, "2026-02-28T16:00:00+00:00"),
            (date(2024, 2, 29), ExpiryMode.MONTHS, 12, "2025-02-28T16:00:00+00:00"),
            (date(2026, 12, 1), ExpiryMode.MONTHS, 36, "2029-12-01T16:00:00+00:00"),
            (date(2026, 12, 31), ExpiryMode.MONTHS, 2, "2027-02-28T16:00:00+00:00"),
            (date(2026, 5, 5), ExpiryMode.CALENDAR_YEAR, 0, "2026-12-31T16:00:00+00:00"),
            (date(2026, 5, 5), ExpiryMode.CALENDAR_YEAR, 1, "2027-12-31T16:00:00+00:00"),
        ],
    )
    def test_is_the_midnight_behind_the_last_day(self, day: date, mode: ExpiryMode, after: int, end: str) -> None:
        """So many months on, or the end of a year; in a shorter month its last day."""
        assert expires_at(day, Expiry(mode, after), CHINA) == datetime.fromisoformat(end)

    def test_the_day_is_the_citys(self) -> None:
        """Sixteen hours before midnight UTC it is tomorrow there."""
        assert local_day(datetime(2026, 5, 5, 16, tzinfo=UTC), CHINA) == date(2026, 5, 6)


class TestCaps:
    """The most one may earn."""

    @given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999))
    def test_whichever_is_nearer(self, asked: int, today: int, year: int) -> None:
        """Never negative, never over either cap."""
        given_points = within_caps(asked, Caps(50, 500), today, year)
        assert 0 <= given_points <= asked
        assert given_points == 0 or (today + given_points <= 50 and year + given_points <= 500)


class TestPacks:
    """Rules are data."""

    def test_the_tiny_city_has_rules_of_its_own(self, tinytown: Pack) -> None:
        """Other points, a calendar year, no family; what its file leaves out has its default."""
        rules = tinytown.directory.settings.points
        assert rules is not None
        assert (rules.earn.first_report.points, rules.caps.day, rules.expiry.mode) == (3, 8, ExpiryMode.CALENDAR_YEAR)
        assert (rules.family.allowed, rules.devices.days, rules.most_award) == (False, 90, 40)

    def test_the_citys_are_those_of_its_plan(self, pack: Pack) -> None:
        """Ten, two, two, five, ten an hour; fifty a day, fifteen hundred a year, thirty-six months."""
        rules = pack.directory.settings.points
        assert rules is not None
        earn = rules.earn
        deeds = (earn.first_report, earn.joining, earn.rating, earn.verification, earn.task_hour)
        assert [deed.points for deed in deeds] == [10, 2, 2, 5, 10]
        assert (rules.caps, rules.expiry) == (Caps(50, 1500), Expiry(ExpiryMode.MONTHS, 36))

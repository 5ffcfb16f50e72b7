"""Days as people name them."""

from datetime import date

import pytest

from citizen_gateway.insights.errors import PeriodReversed, PeriodTooWide, UnknownPeriod
from citizen_gateway.insights.periods import chosen_days, read_period

TODAY = date(2026, 11, 22)


class TestNamed:
    """A period by its name."""

    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2026-11-22", "2026-11-22", "2026-11-22"),
            ("2026-W47", "2026-11-16", "2026-11-22"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
        ],
    )
    def test_is_its_days(self, text: str, first: str, last: str) -> None:
        """Both ends are in."""
        assert read_period(text) == (date.fromisoformat(first), date.fromisoformat(last))

    @pytest.mark.parametrize(
        "text", ["", "today", "2026-13", "2026-W54", "2026-Q5", "2026-02-30", "0000", "9999", "2026-1", "26", "٢٠٢٦"]
    )
    def test_is_none(self, text: str) -> None:
        """What names no days is refused."""
        with pytest.raises(UnknownPeriod):
            read_period(text)


class TestChosen:
    """A name, or two days, or nothing."""

    def test_nothing_is_the_last_thirty_days(self) -> None:
        """Today included."""
        assert chosen_days(None, None, None, TODAY) == (date(2026, 10, 24), TODAY)

    def test_one_end(self) -> None:
        """The other is today, or thirty days before."""
        assert chosen_days(None, date(2026, 11, 1), None, TODAY) == (date(2026, 11, 1), TODAY)
        assert chosen_days(None, None, date(2026, 3, 30), TODAY) == (date(2026, 3, 1), date(2026, 3, 30))

    def test_reversed(self) -> None:
        """The end comes first."""
        with pytest.raises(PeriodReversed):
            chosen_days(None, date(2026, 11, 2), date(2026, 11, 1), TODAY)

    def test_too_wide(self) -> None:
        """Four hundred days are, one more is not."""
        assert chosen_days(None, date(2025, 1, 1), date(2026, 2, 4), TODAY)
        with pytest.raises(PeriodTooWide):
            chosen_days(None, date(2025, 1, 1), date(2026, 2, 5), TODAY)

    def test_both_ways_at_once(self) -> None:
        """A name and days contradict each other."""
        with pytest.raises(UnknownPeriod):
            chosen_days("2026", date(2026, 1, 1), None, TODAY)

    @pytest.mark.parametrize(("first", "last"), [(None, date.min), (date.max, date.max), (date.min, date.min)])
    def test_the_ends_of_time(self, first: date | None, last: date) -> None:
        """Days that no clock reaches are refused."""
        with pytest.raises(UnknownPeriod):
            chosen_days(None, first, last, TODAY)

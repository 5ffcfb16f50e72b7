"""The shipped city's calendar against cases worked out by hand from the official notice and the wall clock."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.working_time import Calendar

ZONE = ZoneInfo("Asia/Shanghai")


class Case(NamedTuple):
    """One line of the table; a case without a pause has none of its two instants."""

    what: str
    start: str
    hours: str
    pause: str
    resume: str
    end: str


with (Path(__file__).parent / "calendar_cases.csv").open(encoding="utf-8", newline="") as stream:
    CASES = [Case(**row) for row in csv.DictReader(stream)]


def at(text: str) -> datetime:
    """Read a wall-clock time of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class TestCases:
    """The table calendar_cases.csv: from when, how many hours, perhaps a pause, and when they have passed."""

    def test_are_enough(self) -> None:
        """Festivals, make-up days, nights, lunches, pauses and years nobody knows."""
        assert len(CASES) >= 50

    @pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
    def test_hours_pass(self, city: City, case: Case) -> None:
        """What was worked before a pause need not be worked again after it."""
        calendar, begun, left = city.calendar, at(case.start), float(case.hours)
        if case.pause:
            left -= calendar.working_hours_between(begun, at(case.pause))
            begun = at(case.resume)
        assert calendar.add_working_hours(begun, left) == at(case.end)

    @pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
    def test_are_counted_back(self, city: City, case: Case) -> None:
        """Between start and end lie just those hours, where no pause lies between."""
        if not case.pause:
            assert city.calendar.working_hours_between(at(case.start), at(case.end)) == float(case.hours)


class TestRoundTheClock:
    """Emergencies: 24 hours, 7 days (24 × 7)."""

    @pytest.mark.parametrize("start", ["2026-02-17 03:00", "2026-03-07 23:30", "2026-10-01 12:15", "2028-01-01 00:00"])
    def test_an_emergency_knows_no_holiday(self, city: City, start: str) -> None:
        """By its category, or by its report: hours of the wall clock, also in an unknown year."""
        for code, emergency in (("404", False), ("101", True)):
            category = city.categories[CategoryCode(code)]
            due = city.deadlines(category.code, at(start), emergency=emergency)
            assert due.resolve_due == at(start) + timedelta(hours=category.resolve_working_hours)
            assert due.accept_due == at(start) + timedelta(minutes=category.accept_minutes)
            assert due.unannounced == ()

    def test_accepting_runs_at_night(self, city: City) -> None:
        """The acceptance clock never stops, though resolving waits for the morning."""
        due = city.deadlines(CategoryCode("101"), at("2026-02-16 02:00"))
        assert due.accept_due == at("2026-02-16 02:30")
        assert due.resolve_due == at("2026-02-24 18:00")


class TestUnknownYear:
    """A year that the pack does not have."""

    def test_is_told_once(self, city: City) -> None:
        """However often it is counted, one warning for each such year."""
        told: list[int] = []
        calendar = Calendar(city.settings.calendar, told.append)
        for _ in range(3):
            calendar.add_working_hours(at("2027-12-31 17:00"), 2)
            calendar.is_working(at("2030-05-06 10:00"))
        assert told == [2028, 2030]

    def test_of_the_next_year_is_missing(self, city: City) -> None:
        """What a doctor asks: this year and the next."""
        missing = city.calendar.missing_years
        assert missing(datetime(2026, 11, 22, tzinfo=UTC).date()) == ()
        assert missing(datetime(2027, 1, 1, tzinfo=UTC).date()) == (2028,)
        assert missing(datetime(2028, 1, 1, tzinfo=UTC).date()) == (2028, 2029)

"""Working time: shifts, holidays, make-up days and years nobody has announced yet."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.city.working_time import WEEK, Calendar, WorkCalendar, WorkYear, YearStatus

ZONE = ZoneInfo("Asia/Shanghai")
DAY = ((time(9), time(12)), (time(13), time(18)))
SPRING = {date(2026, 2, day): "spring" for day in range(15, 24)}
MADE_UP = {date(2026, 2, 14): "for spring", date(2026, 2, 28): "for spring"}
OFFICE = Calendar(
    WorkCalendar(
        timezone=ZONE.key,
        hours=dict.fromkeys(WEEK[:5], DAY),
        make_up=((time(9), time(12)),),
        years={
            2026: WorkYear(YearStatus.ANNOUNCED, SPRING, MADE_UP),
            2027: WorkYear(YearStatus.PROVISIONAL, {date(2027, 1, 1): "new year"}),
        },
    )
)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
quarters = st.integers(1, 400).map(lambda quarter: quarter / 4)


def at(text: str) -> datetime:
    """Read a wall-clock time of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


class TestAdd:
    """Hand-checked additions: (start, hours, when they have passed)."""

    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            ("2026-03-02 09:00", 1, "2026-03-02 10:00"),
            ("2026-03-02 09:00", 3, "2026-03-02 12:00"),  # ends with the shift, not when the next begins
            ("2026-03-02 09:00", 3.5, "2026-03-02 13:30"),  # over lunch
            ("2026-03-02 12:30", 1, "2026-03-02 14:00"),  # from lunch
            ("2026-03-02 06:00", 8, "2026-03-02 18:00"),  # from before opening
            ("2026-03-02 17:00", 2, "2026-03-03 10:00"),  # overnight
            ("2026-03-02 23:59", 1, "2026-03-03 10:00"),
            ("2026-03-06 17:00", 2, "2026-03-09 10:00"),  # over a weekend
            ("2026-03-07 11:00", 1, "2026-03-09 10:00"),  # from a Saturday
            ("2026-03-02 09:00", 40, "2026-03-06 18:00"),  # a week
            ("2026-03-02 09:00", 40.25, "2026-03-09 09:15"),
            ("2026-02-13 17:00", 2, "2026-02-14 10:00"),  # into a make-up Saturday
            ("2026-02-14 11:00", 2, "2026-02-24 10:00"),  # which is short, then over the Spring Festival
            ("2026-02-18 10:00", 1, "2026-02-24 10:00"),  # from within the festival
            ("2026-02-27 17:00", 4, "2026-02-28 12:00"),  # a make-up Saturday to its end
            ("2026-02-27 17:00", 5, "2026-03-02 10:00"),
            ("2026-12-31 17:00", 2, "2027-01-04 10:00"),  # a holiday of the next year, then a weekend
            ("2027-12-31 17:00", 2, "2028-01-03 10:00"),  # a year nobody knows: Monday to Friday
        ],
    )
    def test_hours_pass(self, start: str, hours: float, end: str) -> None:
        """Only shifts count."""
        assert OFFICE.add_working_hours(at(start), hours) == at(end)

    def test_no_hours(self) -> None:
        """Adding nothing stays where it is, even at night."""
        assert OFFICE.add_working_hours(at("2026-03-02 03:00"), 0) == at("2026-03-02 03:00")

    def test_result_is_utc(self) -> None:
        """What is stored is UTC."""
        assert OFFICE.add_working_hours(at("2026-03-02 09:00"), 1).tzinfo is UTC

    @given(start=moments, x=quarters, y=quarters)
    def test_additive(self, start: datetime, x: float, y: float) -> None:
        """Two steps arrive where one does."""
        step = OFFICE.add_working_hours
        assert step(step(start, x), y) == step(start, x + y)

    @given(start=moments, hours=quarters)
    def test_between_is_the_inverse(self, start: datetime, hours: float) -> None:
        """What was added is counted."""
        end = OFFICE.add_working_hours(start, hours)
        assert OFFICE.working_hours_between(start, end) == pytest.approx(hours)
        assert OFFICE.working_hours_between(end, start) == pytest.approx(-hours)


class TestBetween:
    """Counting."""

    @pytest.mark.parametrize(
        ("a", "b", "hours"),
        [
            ("2026-03-02 09:00", "2026-03-02 18:00", 8),
            ("2026-03-02 12:00", "2026-03-02 13:00", 0),
            ("2026-02-14 00:00", "2026-02-24 00:00", 3),  # nine days off and one short Saturday
            ("2026-03-06 17:30", "2026-03-09 09:30", 1),
        ],
    )
    def test_hours(self, a: str, b: str, hours: float) -> None:
        """Nights, lunches, weekends and holidays do not count."""
        assert OFFICE.working_hours_between(at(a), at(b)) == hours

    def test_is_working(self) -> None:
        """A shift includes its first moment and not its last."""
        assert OFFICE.is_working(at("2026-03-02 09:00"))
        assert not OFFICE.is_working(at("2026-03-02 12:00"))
        assert OFFICE.is_working(at("2026-02-28 11:59"))


class TestYears:
    """How far the holidays are known."""

    def test_status(self) -> None:
        """A year is announced, provisional, or unknown."""
        assert [OFFICE.year_status(year) for year in (2026, 2027, 2028)] == [
            YearStatus.ANNOUNCED,
            YearStatus.PROVISIONAL,
            YearStatus.UNKNOWN,
        ]

    def test_a_count_into_an_unannounced_year_says_so(self) -> None:
        """The caller can warn that a due time may change."""
        assert OFFICE.unannounced(at("2026-03-01 00:00"), at("2026-12-31 23:00")) == ()
        assert OFFICE.unannounced(at("2026-12-31 00:00"), at("2028-01-02 00:00")) == (2027, 2028)


class TestBadInput:
    """What cannot be counted."""

    def test_naive(self) -> None:
        """An instant without a zone is refused."""
        with pytest.raises(ValueError, match="aware"):
            OFFICE.add_working_hours(datetime(2026, 3, 2, 9), 1)  # noqa: DTZ001

    def test_negative(self) -> None:
        """Time is not taken back."""
        with pytest.raises(ValueError, match="cannot add"):
            OFFICE.add_working_hours(at("2026-03-02 09:00"), -1)

    def test_nobody_ever_works(self) -> None:
        """A calendar without hours ends instead of searching for ever."""
        idle = Calendar(WorkCalendar(timezone=ZONE.key, hours={}, make_up=()))
        with pytest.raises(ValueError, match="no working time"):
            idle.add_working_hours(at("2026-03-02 09:00"), 1)


class TestDaylightSaving:
    """A city whose clock jumps."""

    def test_hours_are_wall_clock_hours(self) -> None:
        """A working day has its hours on the day the clock changes too."""
        zone = ZoneInfo("Europe/Berlin")
        shop = Calendar(
            WorkCalendar(zone.key, {"sunday": ((time(0), time(12)),)}, (), {2026: WorkYear(YearStatus.ANNOUNCED)})
        )
        assert shop.add_working_hours(datetime(2026, 3, 29, tzinfo=zone), 12) == datetime(2026, 3, 29, 12, tzinfo=zone)

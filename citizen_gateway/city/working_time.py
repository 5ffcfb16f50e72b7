"""The city's working time: hours per weekday, public holidays, make-up workdays (调休)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec
import structlog

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = time(0)
_DAY = timedelta(days=1)

Shift = tuple[time, time]

_log = structlog.get_logger(__name__)


class YearStatus(StrEnum):
    """How far a year's holidays can be relied on."""

    ANNOUNCED = "announced"
    PROVISIONAL = "provisional"  # the days the law names; make-up days not yet announced
    UNKNOWN = "unknown"  # counted Monday to Friday


class WorkYear(msgspec.Struct, frozen=True):
    """One year's exceptions from the week."""

    status: YearStatus
    holidays: dict[date, str] = {}
    workdays: dict[date, str] = {}


class WorkCalendar(msgspec.Struct, frozen=True):
    """What the pack says: `hours` are the shifts of each weekday, `make_up` those of a day worked instead (调休)."""

    timezone: str
    hours: dict[str, tuple[Shift, ...]]
    make_up: tuple[Shift, ...]
    years: dict[int, WorkYear] = {}


def log_unknown_year(year: int) -> None:
    """Warn that a year's holidays are not in the pack."""
    _log.warning("calendar_lacks_year", year=year, counted="Monday to Friday")


class Calendar:
    """Counts working time in wall-clock hours of the city; all instants in and out are aware.

    `warn` is told once of each year that was counted without being known.
    """

    def __init__(self, rules: WorkCalendar, warn: Callable[[int], None] = log_unknown_year) -> None:
        self.rules = rules
        self._warn, self._warned = warn, set[int]()
        self.timezone = ZoneInfo(rules.timezone)
        self._week = tuple(rules.hours.get(day, ()) for day in WEEK)
        self._office = (*self._week[:5], (), ())

    def year_status(self, year: int) -> YearStatus:
        """Say whether the year's holidays are announced, provisional or unknown."""
        known = self.rules.years.get(year)
        return known.status if known else YearStatus.UNKNOWN

    def unannounced(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Return the years between two instants whose holidays are not announced: what was counted may change."""
        first, last = self._local(start).year, self._local(end).year
        return tuple(y for y in range(first, last + 1) if self.year_status(y) is not YearStatus.ANNOUNCED)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the working shifts of a day, empty on a day off; an unknown year works Monday to Friday."""
        year = self.rules.years.get(day.year)
        if year is None:
            self._note_unknown(day.year)
            return self._office[day.weekday()]
        if day in year.workdays:
            return self.rules.make_up
        return () if day in year.holidays else self._week[day.weekday()]

    def missing_years(self, today: date) -> tuple[int, ...]:
        """Return which of the present and the next year the pack does not have."""
        return tuple(y for y in (today.year, today.year + 1) if self.year_status(y) is YearStatus.UNKNOWN)

    def is_working(self, moment: datetime) -> bool:
        """Say whether someone is at work at that instant."""
        local = self._local(moment)
        return any(start <= local < end for start, end in self._spans(local.date()))

    def add_working_hours(self, start: datetime, hours: float) -> datetime:
        """Return the instant at which `hours` of working time have passed since `start`, in UTC.

        Time that ends with a shift ends there, not when the next one begins; no hours return `start` itself.
        Raises ValueError for negative hours, or where no working time comes within ten years.
        """
        left, now = timedelta(hours=hours), self._local(start)
        if left < timedelta(0):
            raise ValueError(f"cannot add {hours} working hours")
        if not left:
            return start.astimezone(UTC)
        for opens, closes in self._spans_from(now):
            begin = max(opens, now)
            if closes - begin >= left:
                return self._instant(begin + left)
            left -= max(closes - begin, timedelta(0))
        raise ValueError("no working time within ten years of the start")

    def working_hours_between(self, a: datetime, b: datetime) -> float:
        """Return the working hours from `a` to `b`, negative where `b` comes first."""
        if b < a:
            return -self.working_hours_between(b, a)
        start, end, total = self._local(a), self._local(b), timedelta(0)
        for opens, closes in self._spans_from(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total / timedelta(hours=1)

    def _note_unknown(self, year: int) -> None:
        if year not in self._warned:
            self._warned.add(year)
            self._warn(year)

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = moment.date()
        for _ in range(3660):
            yield from self._spans(day)
            day += _DAY

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for start, end in self.shifts(day):
            closing = datetime.combine(day + _DAY, _MIDNIGHT) if end == _MIDNIGHT else datetime.combine(day, end)
            yield datetime.combine(day, start), closing

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("working time needs an aware instant")
        return moment.astimezone(self.timezone).replace(tzinfo=None)

    def _instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.timezone).astimezone(UTC)

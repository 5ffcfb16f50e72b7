"""Days to count, as people name them: a day, a week (ISO 8601), a month, a quarter, a year, or one day to another."""

import re
from calendar import monthrange
from datetime import date, timedelta

from citizen_gateway.insights.errors import PeriodReversed, PeriodTooWide, UnknownPeriod

MOST_DAYS = 400
DEFAULT_DAYS = 30

Days = tuple[date, date]

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def chosen_days(period: str | None, first: date | None, last: date | None, today: date) -> Days:
    """Return the first and the last day that are meant; the last thirty days where nothing is named.

    Raises `UnknownPeriod` (also for a period and days together), `PeriodReversed`, `PeriodTooWide`.
    """
    if period is not None:
        if first is not None or last is not None:
            raise UnknownPeriod(period=f"{period}, {first or '…'}, {last or '…'}")
        return read_period(period)
    end = last or today
    try:
        start = first or end - timedelta(days=DEFAULT_DAYS - 1)
    except OverflowError as error:
        raise UnknownPeriod(period=end.isoformat()) from error
    return checked(start, end)


def checked(first: date, last: date) -> Days:
    """Return the days. Raises `PeriodReversed` or `PeriodTooWide`."""
    if first > last:
        raise PeriodReversed(first=first.isoformat(), last=last.isoformat())
    if (days := (last - first).days + 1) > MOST_DAYS:
        raise PeriodTooWide(first=first.isoformat(), last=last.isoformat(), days=days, most=MOST_DAYS)
    if last >= date.max - timedelta(days=1) or first <= date.min + timedelta(days=1):
        raise UnknownPeriod(period=f"{first}/{last}")
    return first, last


def read_period(text: str) -> Days:
    """Return the first and the last day of a named period. Raises `UnknownPeriod`."""
    try:
        return checked(*_read(text))
    except (ValueError, OverflowError) as error:
        raise UnknownPeriod(period=text) from error


def _read(text: str) -> Days:
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return day, day
    if found := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=6)
    if found := _QUARTER.fullmatch(text):
        year, month = int(found[1]), 3 * int(found[2])
        return date(year, month - 2, 1), date(year, month, monthrange(year, month)[1])
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    raise ValueError(text)

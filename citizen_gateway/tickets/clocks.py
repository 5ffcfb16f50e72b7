"""A ticket's clocks: every deadline computed from its timeline alone, and when each of its warnings is due.

Accepting runs around the clock from dispatch, resolving in working time (around the clock for emergencies); both stand
still on hold. A warning is due when four fifths of a clock's length have run, when all of it has, and when three times
its length has. What a clock's length is follows from where it began, its recorded end and the pauses between.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta

import msgspec

from citizen_gateway.city.working_time import Calendar
from citizen_gateway.platform.events import Event, Happening, happening
from citizen_gateway.tickets import events as ev
from citizen_gateway.tickets.clock_events import DueSoon, LongOverdue, Overdue
from citizen_gateway.tickets.model import RATING_WINDOW
from citizen_gateway.tickets.terms import ClockName

SOON = 0.8
LONG = 3.0
ANSWER_DAYS = 5
"""Working days that a citizen has to answer a question."""

_SHARES: Mapping[type[DueSoon | Overdue | LongOverdue], float] = {
    DueSoon: SOON,
    Overdue: 1.0,
    LongOverdue: LONG,
}

Span = tuple[datetime, datetime]


class Clock(msgspec.Struct, frozen=True):
    """One clock that runs or stands still: from `start` to `due`, less the finished `pauses`."""

    name: ClockName
    start: datetime
    due: datetime
    around: bool
    pauses: tuple[Span, ...] = ()

    def hours(self, calendar: Calendar) -> float:
        """Return the clock's length in hours."""
        paused = sum(self._between(calendar, *pause) for pause in self.pauses)
        return max(self._between(calendar, self.start, self.due) - paused, 0.0)

    def at_share(self, calendar: Calendar, share: float) -> datetime:
        """Return when that share of its length has run (1 is the end), as far as the pauses are known."""
        if share == 1.0:
            return self.due
        left, begin = self.hours(calendar) * share, self.start
        for since, until in self.pauses:
            run = self._between(calendar, begin, since)
            if left <= run:
                break
            left, begin = left - run, until
        return self._after(calendar, begin, left)

    def resumed(self, calendar: Calendar, since: datetime, now: datetime) -> datetime:
        """Return its end after a pause: what was left of it when the pause began is left now."""
        return self._after(calendar, now, self._between(calendar, since, self.due)) if self.due > since else self.due

    def warnings(self, calendar: Calendar) -> list[tuple[datetime, DueSoon | Overdue | LongOverdue]]:
        """Return what it has to tell, and when."""
        return [(self.at_share(calendar, share), kind(self.name.value, self.due)) for kind, share in _SHARES.items()]

    def _between(self, calendar: Calendar, start: datetime, end: datetime) -> float:
        if end <= start:
            return 0.0
        return (end - start) / timedelta(hours=1) if self.around else calendar.working_hours_between(start, end)

    def _after(self, calendar: Calendar, start: datetime, hours: float) -> datetime:
        # Hours are fractions; what they round off is less than any clock can show.
        hours = round(hours, 9)
        return start + timedelta(hours=hours) if self.around else calendar.add_working_hours(start, hours)


class Deadlines(msgspec.Struct, frozen=True):
    """Every deadline of a ticket at the end of its timeline.

    `accept_due` and `resolve_due` are the last promised ones; `running` are the clocks that go on; `answer_due`,
    `review_on` and `rating_until` are there while somebody waits for them.
    """

    accept_due: datetime | None = None
    resolve_due: datetime | None = None
    answer_due: datetime | None = None
    review_on: datetime | None = None
    rating_until: datetime | None = None
    paused_since: datetime | None = None
    clocks: tuple[Clock, ...] = ()

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that run now."""
        return () if self.paused_since else self.clocks

    @property
    def pause_ends(self) -> datetime | None:
        """When the pause ends of itself."""
        return self.answer_due or self.review_on


def deadlines(past: Iterable[Event]) -> Deadlines:
    """Compute every deadline from a ticket's events, oldest first."""
    now: Deadlines = Deadlines()
    before_merger: Deadlines | None = None
    for event in past:
        told = happening(event)
        if isinstance(told, ev.Merged):
            before_merger, now = now, Deadlines(now.accept_due, now.resolve_due)
        elif isinstance(told, ev.Unmerged) and before_merger is not None:
            # It goes on where it stopped, as if there had been no merger; the other ticket never stopped.
            now = before_merger
            before_merger = None
        elif told is not None:
            now = _after(now, told, event.at)
    return now


def started(given: ev.Assigned, at: datetime) -> Deadlines:
    """Return the deadlines of a ticket that was given to a department at that moment."""
    accept = Clock(ClockName.ACCEPT, at, given.accept_due, around=True)
    resolve = Clock(ClockName.RESOLVE, at, given.resolve_due, given.around_the_clock)
    return Deadlines(given.accept_due, given.resolve_due, clocks=(accept, resolve))


def warnings_due(
    past: Iterable[Event], now: Deadlines, calendar: Calendar, moment: datetime
) -> Iterator[DueSoon | Overdue | LongOverdue]:
    """Give the warnings that are due and that the timeline does not hold yet, the earliest first."""
    told = {happening(event) for event in past if event.type in _TYPES}
    due = [pair for clock in now.running for pair in clock.warnings(calendar)]
    for at, warning in sorted(due, key=lambda pair: pair[0]):
        if at <= moment and warning not in told:
            yield warning


def next_moment(now: Deadlines, calendar: Calendar, moment: datetime) -> datetime | None:
    """Return when the clocks must be looked at next, after that moment."""
    if now.paused_since:
        return now.pause_ends
    ahead = [at for clock in now.running for at, _ in clock.warnings(calendar) if at > moment]
    return min(ahead, default=None)


def answer_due(calendar: Calendar, asked_at: datetime) -> datetime:
    """Return the end of the fifth working day after the one on which it was asked."""
    asked_on = asked_at.astimezone(calendar.timezone).date()
    days = (asked_on + timedelta(days=number) for number in range(1, _LONGEST_WAIT))
    working = [day for day in days if calendar.shifts(day)][:ANSWER_DAYS]
    last = working[-1] if len(working) == ANSWER_DAYS else asked_on + timedelta(days=ANSWER_DAYS)
    midnight = datetime.combine(last + timedelta(days=1), time(), calendar.timezone)
    return midnight.astimezone(UTC)


_LONGEST_WAIT = 60  # days within which any city works five
_TYPES = frozenset(kind.name for kind in _SHARES)


def _after(now: Deadlines, told: Happening, at: datetime) -> Deadlines:
    after = now
    match told:
        case ev.Assigned():
            after = started(told, at)
        case ev.Accepted():
            after = msgspec.structs.replace(now, clocks=_only(now.clocks, ClockName.RESOLVE))
        case ev.Asked():
            after = msgspec.structs.replace(now, answer_due=told.answer_due, paused_since=at)
        case ev.Held():
            after = msgspec.structs.replace(now, review_on=told.review_on, paused_since=at)
        case ev.Resumed():
            after = _resumed(now, told, at)
        case ev.Extended():
            after = msgspec.structs.replace(now, resolve_due=told.resolve_due, clocks=_extended(now.clocks, told))
        case ev.Resolved():
            after = Deadlines(now.accept_due, now.resolve_due, rating_until=at + RATING_WINDOW)
        case ev.Returned():
            after = Deadlines()
        case ev.Closed() | ev.Withdrawn() | ev.Rejected():
            after = Deadlines(now.accept_due, now.resolve_due)
    return after


def _extended(clocks: Iterable[Clock], told: ev.Extended) -> tuple[Clock, ...]:
    return tuple(
        msgspec.structs.replace(clock, due=told.resolve_due) if clock.name is ClockName.RESOLVE else clock
        for clock in clocks
    )


def _resumed(now: Deadlines, told: ev.Resumed, at: datetime) -> Deadlines:
    since = now.paused_since or at
    ends = {ClockName.ACCEPT: told.accept_due or now.accept_due, ClockName.RESOLVE: told.resolve_due}
    clocks = tuple(
        msgspec.structs.replace(
            clock, due=ends[clock.name] or clock.due, pauses=(*clock.pauses, (since, max(since, at)))
        )
        for clock in now.clocks
    )
    return Deadlines(ends[ClockName.ACCEPT], told.resolve_due, clocks=clocks)


def _only(clocks: Iterable[Clock], name: ClockName) -> tuple[Clock, ...]:
    return tuple(clock for clock in clocks if clock.name is name)

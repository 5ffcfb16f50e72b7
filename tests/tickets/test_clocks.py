"""Clocks: deadlines from the timeline alone, and when warnings are due."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.ids import EventId
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.events import Event, Happening
from citizen_gateway.tickets import events as ev
from citizen_gateway.tickets.clock_events import DueSoon, Overdue
from citizen_gateway.tickets.clocks import Clock, answer_due, deadlines, next_moment, warnings_due
from citizen_gateway.tickets.model import RATING_WINDOW
from citizen_gateway.tickets.terms import ClockName

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in the city
HOUR = timedelta(hours=1)


def timeline(*told: tuple[datetime, Happening]) -> list[Event]:
    """Return events as the log gives them back."""
    return [
        Event(
            EventId(UUID(int=number)), 1, number, UUID(int=1), number, happened.name, at, ActorKind.SYSTEM, None,
            public=True, data=msgspec.to_builtins(happened),
        )
        for number, (at, happened) in enumerate(told, 1)
    ]  # fmt: skip


def assigned(city: City, at: datetime, category: str = "101", *, emergency: bool = False) -> ev.Assigned:
    """Return that a department got it then."""
    due = city.deadlines(category, at, emergency=emergency)
    return ev.Assigned("d", category, "r", due.accept_due, due.resolve_due, emergency)


class TestClock:
    """One clock."""

    def test_without_pauses_it_ends_when_it_was_promised(self, city: City) -> None:
        """Eight working hours from Monday nine end at six; four fifths have run at 16:24, three times on Wednesday."""
        clock = Clock(ClockName.RESOLVE, MONDAY, MONDAY + 9 * HOUR, around=False)
        assert clock.hours(city.calendar) == 8
        assert clock.at_share(city.calendar, 0.8) == MONDAY + timedelta(hours=7, minutes=24)
        assert clock.at_share(city.calendar, 3.0) == MONDAY + timedelta(days=2, hours=9)

    def test_around_the_clock_counts_every_hour(self, city: City) -> None:
        """An emergency of eight hours on Sunday night is due in the morning."""
        night = MONDAY - timedelta(hours=12)
        clock = Clock(ClockName.RESOLVE, night, night + 8 * HOUR, around=True)
        assert clock.hours(city.calendar) == 8
        assert clock.at_share(city.calendar, 3.0) == night + 24 * HOUR

    def test_a_pause_moves_what_comes_after_it(self, city: City) -> None:
        """Asked at ten, answered on Tuesday at ten: seven hours are left then, and warnings move along."""
        clock = Clock(ClockName.RESOLVE, MONDAY, MONDAY + 9 * HOUR, around=False)
        asked, answered = MONDAY + HOUR, MONDAY + timedelta(days=1, hours=1)
        due = clock.resumed(city.calendar, asked, answered)
        assert due == MONDAY + timedelta(days=1, hours=9)
        after = Clock(ClockName.RESOLVE, MONDAY, due, around=False, pauses=((asked, answered),))
        assert after.hours(city.calendar) == 8
        assert after.at_share(city.calendar, 0.8) == MONDAY + timedelta(days=1, hours=7, minutes=24)

    def test_a_pause_over_a_holiday_costs_no_working_time(self, city: City) -> None:
        """Held before the National Day, resumed after it: what was left on 30 September is left on 8 October."""
        start = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
        clock = Clock(ClockName.RESOLVE, start, start + 9 * HOUR, around=False)
        back = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
        assert clock.resumed(city.calendar, start + 2 * HOUR, back) == back + timedelta(hours=7)

    def test_what_was_late_before_the_pause_stays_late(self, city: City) -> None:
        """A question asked after the limit gives no time back."""
        clock = Clock(ClockName.RESOLVE, MONDAY, MONDAY + HOUR, around=False)
        assert clock.resumed(city.calendar, MONDAY + 2 * HOUR, MONDAY + 9 * HOUR) == MONDAY + HOUR


class TestAnswerDue:
    """How long a citizen has to answer."""

    @pytest.mark.parametrize(
        ("asked", "last_day"),
        [
            ("2026-11-23T01:00", "2026-11-30"),  # Monday: the next Monday
            ("2026-11-20T15:59", "2026-11-27"),  # Friday night
            ("2026-11-21T04:00", "2026-11-27"),  # Saturday
            ("2026-09-30T04:00", "2026-10-13"),  # the National Day and a Saturday that is worked lie between
        ],
    )
    def test_ends_with_the_fifth_working_day(self, asked: str, last_day: str, city: City) -> None:
        """Days on which the city works, counted from the one after; the last one counts whole."""
        due = answer_due(city.calendar, datetime.fromisoformat(asked).replace(tzinfo=UTC))
        last = due.astimezone(city.calendar.timezone) - timedelta(seconds=1)
        assert last.date().isoformat() == last_day
        assert due.astimezone(city.calendar.timezone).hour == 0


class TestDeadlines:
    """Every deadline from events."""

    def test_of_each_stage(self, city: City) -> None:
        """Nothing before dispatch; both clocks after it; one after signing; the rating window once it is resolved."""
        given = assigned(city, MONDAY)
        opened = (MONDAY, ev.Opened(UUID(int=2), "101", None, emergency=False))
        assert deadlines(timeline(opened)).clocks == ()
        past = timeline(opened, (MONDAY, given))
        assert [clock.name for clock in deadlines(past).running] == [ClockName.ACCEPT, ClockName.RESOLVE]
        signed = timeline(opened, (MONDAY, given), (MONDAY + HOUR, ev.Accepted()))
        assert [clock.name for clock in deadlines(signed).running] == [ClockName.RESOLVE]
        settled = deadlines(
            timeline(opened, (MONDAY, given), (MONDAY + HOUR, ev.Accepted()), (MONDAY + 2 * HOUR, ev.Resolved("r", ())))
        )
        assert settled.running == ()
        assert settled.rating_until == MONDAY + 2 * HOUR + RATING_WINDOW
        assert (settled.accept_due, settled.resolve_due) == (given.accept_due, given.resolve_due)

    def test_a_return_ends_them_and_a_transfer_begins_them_anew(self, city: City) -> None:
        """Without a department there is no limit; another department gets its own."""
        given = assigned(city, MONDAY)
        back = ev.Returned("d", "not_our_duty", "e", (), 1)
        assert deadlines(timeline((MONDAY, given), (MONDAY + HOUR, back))).accept_due is None
        later = assigned(city, MONDAY + HOUR)
        moved = ev.Transferred(**msgspec.structs.asdict(later), from_department="d")
        now = deadlines(timeline((MONDAY, given), (MONDAY + HOUR, moved)))
        assert (now.accept_due, now.resolve_due) == (later.accept_due, later.resolve_due)

    def test_on_hold_nothing_runs(self, city: City) -> None:
        """A hold has a review, a question an end of waiting; no warning comes meanwhile."""
        review = MONDAY + timedelta(days=9)
        past = timeline((MONDAY, assigned(city, MONDAY)), (MONDAY + HOUR, ev.Held("r", review)))
        now = deadlines(past)
        assert (now.review_on, now.running, now.pause_ends) == (review, (), review)
        assert list(warnings_due(past, now, city.calendar, MONDAY + timedelta(days=99))) == []
        assert next_moment(now, city.calendar, MONDAY + HOUR) == review

    def test_a_merger_that_is_undone_leaves_no_trace(self, city: City) -> None:
        """Clocks stop with a merger and go on as if there had been none; who absorbed the other never stopped."""
        other = UUID(int=9)
        start = (MONDAY, assigned(city, MONDAY))
        merged = (MONDAY + HOUR, ev.Merged(other, "n", "r", ()))
        undone = (MONDAY + 2 * HOUR, ev.Unmerged(other, "n", "r", ()))
        assert deadlines(timeline(start, merged)).running == ()
        assert deadlines(timeline(start, merged, undone)) == deadlines(timeline(start))
        assert deadlines(timeline(start, undone)) == deadlines(timeline(start))


class TestWarnings:
    """Which warnings are due."""

    def test_each_once_the_earliest_first(self, city: City) -> None:
        """After days without a look all six come, in the order of their moments; told once, never again."""
        start = (MONDAY, assigned(city, MONDAY))
        late = MONDAY + timedelta(days=30)
        past = timeline(start)
        told = list(warnings_due(past, deadlines(past), city.calendar, late))
        assert [(type(one).__name__, one.clock) for one in told] == [
            ("DueSoon", "accept"), ("Overdue", "accept"), ("LongOverdue", "accept"),
            ("DueSoon", "resolve"), ("Overdue", "resolve"), ("LongOverdue", "resolve"),
        ]  # fmt: skip
        after = timeline(start, *((late, one) for one in told))
        assert list(warnings_due(after, deadlines(after), city.calendar, late + timedelta(days=99))) == []

    def test_a_new_limit_is_warned_of_anew(self, city: City) -> None:
        """An extension makes a new due time; what was told of the old one does not count for it."""
        given = assigned(city, MONDAY)
        until = MONDAY + timedelta(days=10)
        old = DueSoon("resolve", given.resolve_due)
        past = timeline((MONDAY, given), (MONDAY, ev.Accepted()), (MONDAY + 8 * HOUR, old))
        extended = [*past, *timeline((MONDAY + 8 * HOUR, ev.Extended("r", until)))]
        told = list(warnings_due(extended, deadlines(extended), city.calendar, until))
        assert told == [DueSoon("resolve", until), Overdue("resolve", until)]

    def test_nothing_before_its_time(self, city: City) -> None:
        """A look one second early finds nothing, and knows when to look again."""
        past = timeline((MONDAY, assigned(city, MONDAY)))
        now = deadlines(past)
        soon = MONDAY + timedelta(minutes=24)
        assert next_moment(now, city.calendar, MONDAY) == soon
        assert list(warnings_due(past, now, city.calendar, soon - timedelta(seconds=1))) == []
        assert list(warnings_due(past, now, city.calendar, soon)) == [DueSoon("accept", MONDAY + HOUR / 2)]


class TestLaw:
    """What must be true of any history of pauses."""

    @settings(max_examples=60, deadline=None)
    @given(
        start=st.datetimes(datetime(2026, 1, 5), datetime(2027, 2, 1)),  # noqa: DTZ001 - made aware below
        pauses=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 20_000)), max_size=4),
        emergency=st.booleans(),
    )
    def test_working_time_outside_pauses_is_the_promised_time(
        self, start: datetime, pauses: Sequence[tuple[int, int]], city: City, *, emergency: bool
    ) -> None:
        """From dispatch to the end, less the pauses, exactly the category's hours pass, whatever lies between."""
        at = start.replace(tzinfo=UTC)
        given = assigned(city, at, "102", emergency=emergency)
        told: list[tuple[datetime, Happening]] = [(at, given), (at, ev.Accepted())]
        spans = []
        for minutes_on, minutes_off in pauses:
            now = deadlines(timeline(*told))
            clock, since = now.clocks[0], told[-1][0] + timedelta(minutes=minutes_on)
            if since >= clock.due:
                break
            until = since + timedelta(minutes=minutes_off)
            told.append((since, ev.Held("r", until)))
            told.append((until, ev.Resumed("r", clock.resumed(city.calendar, since, until))))
            spans.append((since, until))
        now = deadlines(timeline(*told))
        assert now.resolve_due is not None
        run = passed(city, at, now.resolve_due, around=emergency)
        run -= sum(passed(city, *span, around=emergency) for span in spans)
        assert run == pytest.approx(24, abs=1e-6)
        assert now.clocks[0].hours(city.calendar) == pytest.approx(24, abs=1e-6)


def passed(city: City, start: datetime, end: datetime, *, around: bool) -> float:
    """Return how many hours count between two moments."""
    return (end - start) / HOUR if around else city.calendar.working_hours_between(start, end)

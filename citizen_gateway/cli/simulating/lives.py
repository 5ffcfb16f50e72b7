"""The life of a simulated ticket, as events in the order of time; what lies after the last moment has not happened."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway.city.model import DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.cli.simulating.habits import Chances, Habits, drawn, hours, pick
from citizen_gateway.cli.simulating.matters import Matter
from citizen_gateway.platform.actor import SYSTEM, Actor, ActorKind
from citizen_gateway.platform.events import Happening
from citizen_gateway.satisfaction.events import Invited, Rated
from citizen_gateway.satisfaction.model import Solved, Vote
from citizen_gateway.tickets import clocks
from citizen_gateway.tickets import events as ev
from citizen_gateway.tickets.clock_events import DueSoon, LongOverdue, Overdue
from citizen_gateway.tickets.model import RATING_WINDOW
from citizen_gateway.tickets.terms import ClockName, Level, ReopenCause, ReturnCode

_SHARES = ((0.8, DueSoon), (1.0, Overdue), (3.0, LongOverdue))
_NAMELESS = Actor(ActorKind.CITIZEN)
_CLOSED = "All who reported it are satisfied."
_OVER = "The time to rate is over."


class Told(msgspec.Struct, frozen=True):
    """One event about to be written: when, by whom, what."""

    at: datetime
    by: Actor
    what: Happening


class Voted(msgspec.Struct, frozen=True):
    """A rating of one report."""

    report: UUID
    at: datetime
    vote: Vote


class People(msgspec.Struct, frozen=True):
    """Who acts in a simulated city."""

    staff: tuple[Actor, ...]

    def any(self, rng: random.Random) -> Actor:
        """Draw a member of staff."""
        return self.staff[int(rng.random() * len(self.staff))]


class Life:
    """One ticket from its opening on. `told` and `votes` grow as it is lived; `cut` ends it at a moment."""

    def __init__(self, city: City, habits: Habits, people: People, rng: random.Random) -> None:
        self._city, self._habits, self._people, self._rng = city, habits, people, rng
        self.told: list[Told] = []
        self.votes: list[Voted] = []
        self.invited: list[datetime] = []
        self._emergency = False

    @property
    def _chances(self) -> Chances:
        return self._habits.life

    def live(self, matter: Matter, reports: Sequence[UUID], reporter: Actor, *, emergency: bool) -> None:
        """Live it to the end."""
        self._emergency = emergency
        self._open(matter, reports, reporter)
        given = self._first_given(matter)
        if given is None:
            return
        at, department = given
        if self._happens(self._chances.returned):
            at, department = self._given_back(matter, at, department)
        self._settle(matter, at, department, reports)

    def cut(self, now: datetime) -> None:
        """Leave out what lies after a moment."""
        self.told = sorted((one for one in self.told if one.at <= now), key=lambda one: one.at)
        self.votes = [one for one in self.votes if one.at <= now]
        self.invited = [at for at in self.invited if at <= now]

    def _open(self, matter: Matter, reports: Sequence[UUID], reporter: Actor) -> None:
        areas, dedicated = matter.location.areas, matter.location.dedicated
        opened = ev.Opened(
            report=reports[0],
            category=matter.category.code,
            area=areas[0].code if areas else None,
            emergency=self._emergency,
            channel=matter.channel.value,
            dedicated=dedicated.code if dedicated else None,
        )
        self._tell(matter.at, reporter, opened)
        numbers = ("110", "119")
        if self._emergency and (alerted := self._city.emergency_departments(numbers, matter.location)):
            self._tell(matter.at, SYSTEM, ev.Alerted(alerted, numbers))
        for number, report in enumerate(reports[1:], 1):
            self._tell(matter.at + timedelta(hours=number * self._rng.random()), reporter, ev.Joined(report, 0.9))

    def _first_given(self, matter: Matter) -> tuple[datetime, DepartmentCode] | None:
        """Give it to a department at once, or after a person's look; None where it is refused or taken back."""
        answer, rng = matter.dispatch, self._rng
        if answer.department and (self._emergency or self._happens(self._chances.clear)):
            return self._assign(matter, matter.at, answer.department, (SYSTEM, answer.reason)), answer.department
        at = matter.at + hours(rng, self._chances.triage)
        if self._happens(self._chances.rejected):
            self._tell(at, self._people.any(rng), ev.Rejected(pick(rng, self._habits.words.evidence)))
            return None
        if self._happens(self._chances.withdrawn):
            self._tell(at, _NAMELESS, ev.Withdrawn(""))
            return None
        department = answer.department or answer.candidates[0].department
        reason = pick(rng, self._habits.words.reasons)
        return self._assign(matter, at, department, (self._people.any(rng), reason)), department

    def _given_back(self, matter: Matter, at: datetime, department: DepartmentCode) -> tuple[datetime, DepartmentCode]:
        rng, words = self._rng, self._habits.words
        back = at + hours(rng, self._chances.accept)
        code = rng.choice(list(ReturnCode)).value
        evidence = pick(rng, words.evidence)
        self._warn(ClockName.ACCEPT, at, self._last_given().accept_due, back)
        self._tell(back, self._people.any(rng), ev.Returned(department, code, evidence, (), 1))
        others = [one.department for one in matter.dispatch.candidates if one.department != department]
        other = others[0] if others else matter.category.lead
        again = back + hours(rng, self._chances.again)
        return self._assign(matter, again, other, (self._people.any(rng), pick(rng, words.reasons))), other

    def _settle(self, matter: Matter, at: datetime, department: DepartmentCode, reports: Sequence[UUID]) -> None:
        """Sign, begin, perhaps wait, and settle it; then be rated, and perhaps begin again."""
        rng, chances, words = self._rng, self._chances, self._habits.words
        given, handler = self._last_given(), self._people.any(rng)
        accepted = at + hours(rng, chances.accept)
        self._warn(ClockName.ACCEPT, at, given.accept_due, accepted)
        self._tell(accepted, handler, ev.Accepted())
        started = accepted + hours(rng, chances.start)
        self._tell(started, handler, ev.Started())
        due = self._waited(given, at, started, handler)
        resolved = max(started + timedelta(minutes=20), at + drawn(rng, chances.handling) * (due - at))
        self._warn(ClockName.RESOLVE, at, due, resolved)
        if self._happens(chances.urged):
            self._tell(started + rng.random() * (resolved - started), _NAMELESS, ev.Urged())
        self._tell(resolved, handler, ev.Resolved(pick(rng, words.replies), ()))
        self._tell(resolved + timedelta(milliseconds=200), SYSTEM, Invited(tuple(reports)))
        again = self._rated(resolved, reports)
        if again is not None:
            reopened = ev.Reopened(
                **msgspec.structs.asdict(self._assignment(matter, again, department, words.reasons[0])),
                cause=ReopenCause.UNSATISFIED.value,
            )
            self._tell(again, SYSTEM, reopened)
            self._tell(again, SYSTEM, ev.Supervised(Level.STREET.value, words.reasons[0]))
            self._settle_again(again, handler, reports)

    def _settle_again(self, at: datetime, handler: Actor, reports: Sequence[UUID]) -> None:
        rng, chances = self._rng, self._chances
        accepted = at + hours(rng, chances.accept)
        started = accepted + hours(rng, chances.start)
        resolved = started + hours(rng, chances.start)
        due = self._last_given().resolve_due
        self._warn(ClockName.ACCEPT, at, self._last_given().accept_due, accepted)
        self._warn(ClockName.RESOLVE, at, due, resolved)
        self._tell(accepted, handler, ev.Accepted())
        self._tell(started, handler, ev.Started())
        self._tell(resolved, handler, ev.Resolved(pick(rng, self._habits.words.replies), ()))
        self._tell(resolved + timedelta(milliseconds=200), SYSTEM, Invited(tuple(reports)))
        self.invited.append(resolved + timedelta(milliseconds=200))
        self._tell(resolved + RATING_WINDOW, SYSTEM, ev.Closed(_OVER))

    def _waited(self, given: ev.Assigned, at: datetime, started: datetime, handler: Actor) -> datetime:
        """Ask the citizen or wait for something, sometimes; return when it is due then."""
        rng, words = self._rng, self._habits.words
        since = started + timedelta(minutes=5)
        if self._happens(self._chances.asked):
            until = since + hours(rng, self._chances.vote)
            asked = ev.Asked(pick(rng, words.questions), clocks.answer_due(self._city.calendar, since))
            self._tell(since, handler, asked)
        elif self._happens(self._chances.held):
            until = since + timedelta(days=5 + 20 * rng.random())
            self._tell(since, self._people.any(rng), ev.Held(pick(rng, words.waits), until))
        else:
            return given.resolve_due
        clock = clocks.Clock(ClockName.RESOLVE, at, given.resolve_due, given.around_the_clock)
        due = clock.resumed(self._city.calendar, since, until)
        self._tell(until, SYSTEM, ev.Resumed("answered", due))
        return due

    def _rated(self, resolved: datetime, reports: Sequence[UUID]) -> datetime | None:
        """Be rated by some; return when it is taken up again, None where it is filed."""
        chances = self._chances
        self.invited.append(resolved + timedelta(milliseconds=200))
        votes = [self._vote(resolved, report) for report in reports if self._happens(chances.rated)]
        votes = [one for one in votes if one.at < resolved + RATING_WINDOW]
        for one in votes:
            self._tell(one.at, _NAMELESS, Rated(one.vote.contacted, one.vote.solved.value, one.vote.satisfied))
        self.votes += votes
        angry = [one.at for one in votes if not one.vote.content]
        if angry and self._happens(chances.reopened):
            return max(one.at for one in votes) + timedelta(seconds=1)
        if len(votes) == len(reports) and not angry:
            self._tell(max(one.at for one in votes) + timedelta(seconds=1), SYSTEM, ev.Closed(_CLOSED))
        else:
            self._tell(resolved + RATING_WINDOW, SYSTEM, ev.Closed(_OVER))
        return None

    def _vote(self, resolved: datetime, report: UUID) -> Voted:
        rng, chances = self._rng, self._chances
        at = resolved + timedelta(minutes=1) + hours(rng, chances.vote)
        if self._happens(chances.unsatisfied):
            return Voted(report, at, Vote(rng.random() < 0.5, Solved.NOT, 1 + int(rng.random() * 2)))
        stars = rng.choices(range(1, 6), weights=chances.satisfied)[0]
        return Voted(report, at, Vote(rng.random() < 0.9, Solved.SOLVED if stars > 2 else Solved.PARTLY, stars))

    def _assign(self, matter: Matter, at: datetime, department: DepartmentCode, why: tuple[Actor, str]) -> datetime:
        self._tell(at, why[0], self._assignment(matter, at, department, why[1]))
        return at

    def _assignment(self, matter: Matter, at: datetime, department: DepartmentCode, reason: str) -> ev.Assigned:
        due = self._city.deadlines(matter.category.code, at, emergency=self._emergency)
        around = self._emergency or matter.category.emergency
        return ev.Assigned(department, matter.category.code, reason, due.accept_due, due.resolve_due, around)

    def _last_given(self) -> ev.Assigned:
        return next(one.what for one in reversed(self.told) if isinstance(one.what, ev.Assigned))

    def _warn(self, clock: ClockName, start: datetime, due: datetime, end: datetime) -> None:
        """Warn as a clock runs out before its work is done."""
        for share, kind in _SHARES:
            at = start + share * (due - start)
            if at < end:
                self._tell(at, SYSTEM, kind(clock.value, due))

    def _tell(self, at: datetime, by: Actor, what: Happening) -> None:
        self.told.append(Told(at, by, what))

    def _happens(self, share: float) -> bool:
        return self._rng.random() < share

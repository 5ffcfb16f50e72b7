"""A simple model of tickets, written from the rules in words and not from the code: what must be true when."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from citizen_gateway.city.read_model import City

HOUR = timedelta(hours=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WORKING = {"assigned", "accepted", "in_progress"}
OPEN = {"pending", "on_hold"} | WORKING
HOLDER, CENTER, REPORTER, HELPER, WALKER = "holder", "center", "reporter", "helper", "walker"

RULES: dict[str, tuple[set[str], set[str]]] = {
    "assign": ({"pending"}, {CENTER}),
    "accept": ({"assigned"}, {HOLDER}),
    "start": ({"accepted"}, {HOLDER}),
    "return": ({"assigned", "accepted"}, {HOLDER}),
    "arbitrate": ({"pending"}, {CENTER}),
    "transfer": (WORKING, {CENTER}),
    "assist": (OPEN, {HOLDER, CENTER}),
    "answer-call": (OPEN, {HELPER}),
    "convene": (OPEN, {CENTER}),
    "conclude": (OPEN, {CENTER}),
    "follow-up": (OPEN | {"resolved", "closed"}, {CENTER}),
    "ask": (WORKING, {HOLDER}),
    "answer": ({"on_hold"}, {REPORTER}),
    "request-hold": ({"in_progress"}, {HOLDER}),
    "hold": ({"in_progress"}, {CENTER}),
    "refuse-hold": ({"in_progress"}, {CENTER}),
    "resume": ({"on_hold"}, {CENTER}),
    "request-extension": (WORKING, {HOLDER}),
    "extend": (WORKING, {CENTER}),
    "refuse-extension": (WORKING, {CENTER}),
    "resolve": ({"accepted", "in_progress"}, {HOLDER}),
    "verify": ({"resolved"}, {CENTER, WALKER}),
    "reopen": ({"resolved", "closed"}, {CENTER}),
    "reject": ({"pending"}, {CENTER}),
    "withdraw": ({"pending", "assigned", "accepted"}, {REPORTER}),
    "merge": (OPEN, {CENTER}),
    "unmerge": ({"merged"}, {CENTER}),
    "split": (OPEN, {CENTER}),
    "urge": (OPEN, {REPORTER}),
    "supervise": (OPEN, {CENTER}),
}
BY_CITIZENS = {"answer", "withdraw", "urge"}


class Clock:
    """A clock as one would keep it by hand: how much has run, since when it runs, when it ends."""

    def __init__(self, city: City, now: datetime, due: datetime, *, around: bool) -> None:
        self._city, self._around = city, around
        self.due, self.run, self.since = due, 0.0, now
        self.length = self.between(now, due)
        self.left: float | None = None

    def between(self, start: datetime, end: datetime) -> float:
        """Count the hours between two moments."""
        if end <= start:
            return 0.0
        return (end - start) / HOUR if self._around else self._city.calendar.working_hours_between(start, end)

    def pause(self, now: datetime) -> None:
        """Stop; what was late already stays late."""
        self.run += self.between(self.since, now)
        self.left = self.between(now, self.due) if self.due > now else None

    def resume(self, now: datetime) -> None:
        """Go on with what was left."""
        if self.left is not None:
            hours = round(self.left, 9)
            self.due = now + self.left * HOUR if self._around else self._city.calendar.add_working_hours(now, hours)
        self.since = now

    def extend(self, until: datetime) -> None:
        """End later."""
        self.due = until
        self.length = self.run + self.between(self.since, until)

    def told_by(self, now: datetime) -> list[str]:
        """Return which warnings have come by now."""
        run = self.run + self.between(self.since, now)
        shares = {
            "due_soon": run >= 0.8 * self.length,
            "overdue": now >= self.due,
            "long_overdue": run >= 3 * self.length,
        }
        return [warning for warning, reached in shares.items() if reached]


class Row:
    """One follower's place in a ticket."""

    def __init__(self, name: str, *, reports: bool, via: str | None = None) -> None:
        self.name, self.reports, self.via = name, reports, via


class Modelled:
    """A ticket as it should be."""

    def __init__(self, number: str, reports: dict[str, str], events: list[str]) -> None:
        self.number, self.state, self.department = number, "pending", None
        self.rows = {report: Row(name, reports=True) for report, name in reports.items()}
        self.reports = list(reports)
        self.events: Counter[str] = Counter(events)
        self.clocks: dict[str, Clock] = {}
        self.stopped: dict[str, Clock] = {}
        self.told: set[tuple[str, str, datetime]] = set()
        self.before, self.asked, self.until = "", False, NEVER
        self.returns, self.arbitrated, self.level, self.helped = 0, False, 0, False
        self.hold_wish: datetime | None = None
        self.extension_wish: datetime | None = None
        self.meeting: str | None = None
        self.merged: tuple[str, list[str], str] | None = None
        self.urged: dict[str, date] = {}

    @property
    def reporters(self) -> set[str]:
        """Return who reported it."""
        return {row.name for row in self.rows.values() if row.reports}

    @property
    def followers(self) -> set[str]:
        """Return who may look at it without office."""
        return {row.name for row in self.rows.values()}

    def possible(self, action: str, now: datetime) -> bool:
        """Whether what the state allows is possible; see *Conditions* in the documentation."""
        tests: dict[str, Callable[[], bool]] = {
            "assign": lambda: self.returns <= 2,
            "arbitrate": lambda: self.returns > 0,
            "return": lambda: not self.arbitrated,
            "answer-call": lambda: self.helped,
            "conclude": lambda: self.meeting == "open",
            "follow-up": lambda: self.meeting == "decided",
            "answer": lambda: self.asked and now < self.until,
            "hold": lambda: self.hold_wish is not None,
            "refuse-hold": lambda: self.hold_wish is not None,
            "request-extension": lambda: now < self.clocks["resolve"].due,
            "extend": lambda: self.extension_wish is not None,
            "refuse-extension": lambda: self.extension_wish is not None,
            "withdraw": lambda: len(self.reports) == 1,
            "split": lambda: len(self.reports) > 1,
            "supervise": lambda: self.level < 3,
        }
        return tests.get(action, lambda: True)()

    def give(self, city: City, now: datetime, department: str) -> None:
        """Let a department have it from now."""
        due = city.deadlines("101", now)
        self.state, self.department = "assigned", department
        self.clocks = {
            "accept": Clock(city, now, due.accept_due, around=True),
            "resolve": Clock(city, now, due.resolve_due, around=False),
        }
        self.hold_wish = self.extension_wish = None
        self.asked, self.until = False, NEVER

    def pause(self, now: datetime, until: datetime, *, asked: bool) -> None:
        """Let its clocks stand still."""
        self.before, self.state, self.asked, self.until = self.state, "on_hold", asked, until
        for clock in self.clocks.values():
            clock.pause(now)

    def resume(self, now: datetime) -> None:
        """Let its clocks go on."""
        self.state, self.asked = self.before, False
        for clock in self.clocks.values():
            clock.resume(now)

    def back_to_lead(self, city: City, now: datetime) -> None:
        """Take it up again, watched by a center."""
        assert self.department is not None
        self.give(city, now, self.department)
        self.level = max(self.level, 1)
        self.events.update(["reopened", "supervised"])

    def warned(self, now: datetime) -> None:
        """Expect what a look at the clocks tells."""
        if self.state == "on_hold":
            if now >= self.until:
                self.resume(now)
                self.events.update(["resumed"])
            return
        for name, clock in self.clocks.items():
            for warning in clock.told_by(now):
                if (warning, name, clock.due) not in self.told:
                    self.told.add((warning, name, clock.due))
                    self.events.update([warning])
                    if (warning == "overdue" or (warning, name) == ("long_overdue", "resolve")) and self.level < 3:
                        self.level += 1
                        self.events.update(["supervised"])

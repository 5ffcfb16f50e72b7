"""The words of a briefing, in every language there is."""

from datetime import datetime
from zoneinfo import ZoneInfo

from citizen_gateway.insights.briefing import Briefing, BriefLine
from citizen_gateway.insights.figures import Numbers
from citizen_gateway.insights.hotspots import HotSpot
from citizen_gateway.platform.i18n import message, translate

TITLE = message("Daily briefing of {center}, {day}")
MADE = message("Made at {at}. Figures are after exclusion; in brackets before exclusion, where they differ.")
OVERVIEW = message("The day")
TREND = message("Opened and answered in fourteen days")
CATEGORIES = message("Most frequent categories of the week")
DEPARTMENTS = message("Departments in the week")
SLOWEST = message("Waiting longest")
WORST = message("Rated worst in the week")
HOTSPOTS = message("Hot spots")
FORECAST = message("Due in the coming seven days")
NOTHING = message("None.")
DAY, DAY_BEFORE, WEEK, WEEK_BEFORE = map(message, ("the day", "the day before", "the week", "the week before"))
OPENED, ANSWERED, DUE, LATE = map(message, ("opened", "answered", "due", "late, as expected"))
DEPARTMENT, FIGURE = map(message, ("department", "figure"))
OPEN_NOW = message(
    "Open now: {pending} to be dispatched, {assigned} dispatched, {accepted} accepted, {in_progress} in progress, "
    "{on_hold} on hold; {accept_overdue} overdue to accept, {resolve_overdue} overdue to resolve, "
    "{emergencies} emergencies, {supervised} supervised."
)
SPOT = message(
    "{area}, {category}: {observed} in {days} days, where {expected} were to be expected (the weeks before: {past})."
)
PEAK = message("{share} of them between {start}:00 and {end}:00.")
CHANCE = message("Among such finds at most {q_value} are chance.")
EVIDENCE = message("Tickets: {numbers}")
WAITING = message("{number}: {category}, {area}, {department}; open since {opened}")
RATED = message("{number}: {category}, {area}, {department}; rated {worst} of 5")
DUE_DAY = message("{day}: {accept} to accept, {resolve} to resolve, of these probably late {late}")

ROWS = {
    "opened": message("tickets opened"),
    "answered": message("answered"),
    "response": message("response rate"),  # 响应率
    "solution": message("solution rate"),  # 解决率
    "satisfaction": message("satisfaction rate"),  # 满意率
    "acceptance": message("hours to accept, median"),
    "handling": message("working hours to resolve, median"),
    "returned": message("returned"),
    "reopened": message("reopened"),
    "overdue": message("limits passed"),
}
"""The figures of the table, each with its name."""


class Words:
    """Says things in one language, and times by the city's clock."""

    def __init__(self, language: str, timezone: str) -> None:
        self.language, self._zone = language, ZoneInfo(timezone)

    def say(self, text: str, **fields: object) -> str:
        """Return a text in the language."""
        return translate(text, self.language, **fields)

    def moment(self, at: datetime) -> str:
        """Write an instant by the city's clock."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def hotspot(self, spot: HotSpot) -> str:
        """Explain a hot spot."""
        told = self.say(
            SPOT,
            area=spot.area_name,
            category=spot.category_name,
            observed=spot.observed,
            days=spot.days,
            expected=f"{spot.expected:.1f}",
            past=", ".join(map(str, spot.past)),
        )
        if spot.peak:
            start, end = spot.peak.start, (spot.peak.start + 3) % 24
            told = f"{told} {self.say(PEAK, share=percent(spot.peak.share), start=start, end=end)}"
        return f"{told} {self.say(CHANCE, q_value=f'{max(spot.q_value, 0.0001):.2%}')}"

    def line(self, line: BriefLine, text: str) -> str:
        """Name a ticket of a list."""
        return self.say(
            text,
            number=line.number,
            category=line.category_name or "—",
            area=line.area_name or "—",
            department=line.department_name or "—",
            opened=self.moment(line.opened_at),
            worst=line.worst,
        )

    def table(self, briefing: Briefing) -> list[tuple[str, list[str]]]:
        """Return the figures of the day, the day before, the week and the week before, row by row."""
        columns = (briefing.today, briefing.day_before, briefing.week, briefing.week_before)
        return [
            (self.say(name), [_shown(row, both.before, both.after) for both in columns]) for row, name in ROWS.items()
        ]

    def columns(self) -> list[str]:
        """Return the names of these columns."""
        return [self.say(name) for name in (DAY, DAY_BEFORE, WEEK, WEEK_BEFORE)]


def percent(share: float | None) -> str:
    """Write a share."""
    return "—" if share is None else f"{share:.1%}"


def _shown(row: str, before: Numbers, after: Numbers) -> str:
    first, second = _figure(row, after), _figure(row, before)
    return first if first == second else f"{first} ({second})"


def _figure(row: str, numbers: Numbers) -> str:
    if row in {"response", "solution", "satisfaction"}:
        share: float | None = getattr(numbers.rates, row)
        return percent(share)
    if row in {"acceptance", "handling"}:
        duration = numbers.acceptance.elapsed if row == "acceptance" else numbers.handling.working
        return "—" if duration.median is None else f"{duration.median:.1f}"
    if row == "overdue":
        return str(numbers.accept_overdue + numbers.resolve_overdue)
    return str(getattr(numbers, row))

"""The figures of a period, and the three rates (响应率, 解决率, 满意率), each before and after exclusion (剔除)."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from citizen_gateway.satisfaction.model import SATISFIED_FROM, Solved

_HOUR = 3600


class Grouping(StrEnum):
    """By what figures are told apart."""

    DEPARTMENT = "department"
    AREA = "area"
    CATEGORY = "category"
    CHANNEL = "channel"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Spread(msgspec.Struct, frozen=True):
    """How long something took, in hours; nothing where it never happened."""

    median: float | None = None
    p90: float | None = None
    mean: float | None = None


class Duration(msgspec.Struct, frozen=True):
    """The same by the clock on the wall and in the city's working hours."""

    elapsed: Spread
    working: Spread


class Rates(msgspec.Struct, frozen=True):
    """The three rates, 0 to 1; none where nothing was answered or rated.

    `response` (响应率): contacted in time of those answered. `solution` (解决率): solved of those rated. `satisfaction`
    (满意率): rated at least 3 of 5, of those rated.
    """

    response: float | None
    solution: float | None
    satisfaction: float | None


class Numbers(msgspec.Struct, frozen=True):
    """What happened in a period, each thing on the day it happened.

    `opened` to `merged` count tickets by the day they were opened, `accepted` to `answered` departments' turns with
    tickets, `rated` to `satisfied` votes. `contacted_in_time`: accepted within the limit, and not denied by most of
    those who rated. `acceptance` runs from dispatch, `handling` from dispatch without pauses, `waiting` from the
    ticket's opening.
    """

    opened: int
    reports: int
    emergencies: int
    rejected: int
    withdrawn: int
    merged: int
    accepted: int
    answered: int
    contacted_in_time: int
    returned: int
    reopened: int
    accept_overdue: int
    resolve_overdue: int
    rated: int
    solved: int
    partly_solved: int
    satisfied: int
    rates: Rates
    acceptance: Duration
    handling: Duration
    waiting: Duration


class BeforeAfter(msgspec.Struct, frozen=True):
    """The same figures before and after exclusion; `excluded` is how many tickets opened in the period differ."""

    before: Numbers
    after: Numbers
    excluded: int


_COUNTED = [name for name, kind in Numbers.__annotations__.items() if kind is int]
_LASTING = ("acceptance", "handling", "waiting")

CASES = {
    "opened": "count(*)",
    "reports": "sum(c.reports)",
    "emergencies": "count(*) filter (where c.emergency)",
    "rejected": "count(*) filter (where c.state = 'rejected')",
    "withdrawn": "count(*) filter (where c.state = 'withdrawn')",
    "merged": "count(*) filter (where c.state = 'merged')",
}
VOTES = {
    "rated": "count(*)",
    "solved": f"count(*) filter (where c.solved = '{Solved.SOLVED}')",
    "partly_solved": f"count(*) filter (where c.solved = '{Solved.PARTLY}')",
    "satisfied": f"count(*) filter (where c.satisfied >= {SATISFIED_FROM})",
}


def spread_of(column: str) -> str:
    """Return SQL for median, 90th percentile and mean of a column of seconds."""
    return f"(percentile_cont(array[0.5, 0.9]) within group (order by {column}))::float8[] || avg({column})::float8"


ACCEPTED = {
    "accepted": "count(*)",
    "acceptance_elapsed": spread_of("c.acceptance"),
    "acceptance_working": spread_of("c.acceptance_working"),
}
ANSWERED = {
    "answered": "count(*)",
    "contacted_in_time": "count(*) filter (where c.accepted_at <= c.accept_due and 2 * c.denials <= c.votes)",
    "handling_elapsed": spread_of("c.handling"),
    "handling_working": spread_of("c.handling_working"),
    "waiting_elapsed": spread_of("c.waiting"),
    "waiting_working": spread_of("c.waiting_working"),
}


def numbers(found: Mapping[str, object]) -> Numbers:
    """Make figures of what the database counted; what it did not mention did not happen."""
    counted = {name: _whole(found.get(name)) for name in _COUNTED}
    rates = Rates(
        response=_rate(counted["contacted_in_time"], counted["answered"]),
        solution=_rate(counted["solved"], counted["rated"]),
        satisfaction=_rate(counted["satisfied"], counted["rated"]),
    )
    lasting = {
        name: Duration(_spread(found.get(f"{name}_elapsed")), _spread(found.get(f"{name}_working")))
        for name in _LASTING
    }
    return msgspec.convert(counted | {"rates": rates} | lasting, Numbers)


def _whole(value: object) -> int:
    return int(str(value)) if value is not None else 0


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _spread(seconds: object) -> Spread:
    if not isinstance(seconds, list) or seconds[0] is None:
        return Spread()
    return Spread(*(round(value / _HOUR, 4) for value in seconds))

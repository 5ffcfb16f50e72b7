"""What a pack says of volunteers' points (`points.toml`): what earns them, how many, for how long, what they may do."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Points = Annotated[int, Meta(ge=0, le=1_000_000)]


class Earner(StrEnum):
    """Who may earn by a rule."""

    CITIZEN = "citizen"
    STAFF = "staff"


class ExpiryMode(StrEnum):
    """When points expire: so many months after their day, or with a calendar year."""

    MONTHS = "months"
    CALENDAR_YEAR = "calendar_year"


class Earning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many points one deed earns, and for whom."""

    points: Points
    earners: tuple[Earner, ...] = (Earner.CITIZEN,)


class EarnRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What earns points; `task_hour` is what an hour earns where a task says nothing else."""

    first_report: Earning
    joining: Earning
    rating: Earning
    verification: Earning
    task_hour: Earning


class Caps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The most that one person earns on a day and in a year of the city's time zone."""

    day: Count
    year: Count


class Expiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long points live: `after` months, or to the end of the `after`-th calendar year behind their own."""

    mode: ExpiryMode
    after: Annotated[int, Meta(ge=0, le=240)]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether points may be sent to relatives, how many of those one may have, and how much one may send in a year."""

    allowed: bool = False
    members: Count = 5
    per_year: Count = 500


class Devices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accounts seen on one device within so many days count as one person, for caps and for verifying."""

    days: Count = 90


class TaskRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of tasks: the fence around the place, and how early and late one may check in and out."""

    radius_m: Annotated[int, Meta(ge=20, le=20_000)] = 300
    early_minutes: Annotated[int, Meta(ge=0, le=240)] = 30
    late_minutes: Annotated[int, Meta(ge=0, le=240)] = 60
    most_points_per_hour: Count = 20


class PointsRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`points.toml`. A pack without this file offers no points."""

    earn: EarnRules
    caps: Caps
    expiry: Expiry
    family: Family = Family()
    devices: Devices = Devices()
    tasks: TaskRules = TaskRules()
    most_award: Annotated[int, Meta(ge=1, le=100_000)] = 500

"""Tasks as plain values, and when and where one is present at them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from citizen_gateway.city.points import TaskRules
from citizen_gateway.kernel.geo import Point, distance_m
from citizen_gateway.points.tasks.errors import NotNow, TooFar

TaskId = NewType("TaskId", UUID)
AttendanceId = NewType("AttendanceId", UUID)

LONGEST = timedelta(hours=24)


class AttendanceState(StrEnum):
    """How far somebody's part in a task is."""

    SIGNED_UP = "signed_up"
    WAITING = "waiting"  # for a place
    WITHDRAWN = "withdrawn"
    PRESENT = "present"  # checked in
    LEFT = "left"  # checked out
    APPROVED = "approved"
    REFUSED = "refused"


class Task(msgspec.Struct, frozen=True):
    """Something to help with; `organizer` is the key of who posted it, the position WGS-84."""

    id: TaskId
    organizer: str
    organizer_name: str
    title: str
    description: str
    place: str
    lat: float
    lon: float
    radius_m: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    skills: tuple[str, ...]
    points_per_hour: int
    cancelled_at: datetime | None
    created_at: datetime

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lon)


class Attendance(msgspec.Struct, frozen=True):
    """One person's part in a task."""

    id: AttendanceId
    task_id: TaskId
    holder: str
    state: AttendanceState
    place_in_line: int
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    minutes: int = 0
    decided_by: str | None = None
    reason: str = ""


def check_presence(task: Task, rules: TaskRules, here: Point, now: datetime, *, leaving: bool) -> None:
    """Check that somebody is at the place of a task, and in its time.

    Raises `NotNow` with the time in which one may check in or out, `TooFar` with the distance in metres.
    """
    since = task.starts_at - timedelta(minutes=rules.early_minutes)
    until = task.ends_at + timedelta(minutes=rules.late_minutes if leaving else 0)
    if not since <= now <= until:
        raise NotNow(since=since.isoformat(), until=until.isoformat())
    distance = distance_m(task.point, here)
    if distance > task.radius_m:
        raise TooFar(distance_m=round(distance), radius_m=task.radius_m)


def minutes_of(task: Task, since: datetime, until: datetime) -> int:
    """Return the full minutes somebody helped: the time they were there, within the time of the task."""
    helped = min(until, task.ends_at) - max(since, task.starts_at)
    return max(0, int(helped.total_seconds()) // 60)


def points_for(minutes: int, per_hour: int) -> int:
    """Return the points for so many minutes; what does not make a whole point is not counted."""
    return minutes * per_hour // 60

"""Tasks on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.city.schema import Position
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.points.schema import Device, Reason
from citizen_gateway.points.tasks.model import Attendance, AttendanceState
from citizen_gateway.points.tasks.store import Helper, Listed

Skill = Annotated[str, Meta(min_length=1, max_length=32)]


class PostTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to help with: where, when, how many. Without a fence or points of its own it has the city's."""

    title: Annotated[str, Meta(min_length=1, max_length=80)]
    place: Annotated[str, Meta(min_length=1, max_length=200)]
    position: Position
    starts_at: datetime
    ends_at: datetime
    capacity: Annotated[int, Meta(ge=1, le=100_000)]
    description: Annotated[str, Meta(max_length=2000)] = ""
    skills: Annotated[list[Skill], Meta(max_length=10)] = []
    radius_m: Annotated[int, Meta(ge=20, le=20_000)] | None = None
    points_per_hour: Annotated[int, Meta(ge=0, le=1000)] | None = None


class CheckPresence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one is when one comes or goes, and on which device."""

    position: Position
    device: Device | None = None


class ApproveHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours as they were recorded, or fewer minutes."""

    minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None


class RefuseHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why hours are not approved; the volunteer reads it."""

    reason: Reason


class AttendanceView(msgspec.Struct, frozen=True):
    """One's part in a task; `reason` says why hours were refused."""

    state: AttendanceState
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    minutes: int
    reason: str


class TaskView(msgspec.Struct, frozen=True):
    """A task, and the caller's part in it, if they have one."""

    id: UUID
    organizer: str
    title: str
    description: str
    place: str
    position: Position
    radius_m: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    skills: list[str]
    points_per_hour: int
    cancelled: bool
    mine: AttendanceView | None


class HelperView(msgspec.Struct, frozen=True):
    """Who takes part, as the organizer sees them."""

    code: str
    nickname: str
    skills: list[str]
    attendance: AttendanceView


class Helpers(msgspec.Struct, frozen=True):
    """All who take part in a task, in the order in which they signed up."""

    items: list[HelperView]


def attendance_view(attendance: Attendance) -> AttendanceView:
    """Show somebody's part in a task."""
    return AttendanceView(
        attendance.state,
        attendance.checked_in_at,
        attendance.checked_out_at,
        attendance.minutes,
        attendance.reason,
    )


def task_view(task: Listed, mine: Attendance | None) -> TaskView:
    """Show a task."""
    return TaskView(
        id=task.id,
        organizer=task.organizer_name,
        title=task.title,
        description=task.description,
        place=task.place,
        position=Position(task.lat, task.lon, Datum.WGS84),
        radius_m=task.radius_m,
        starts_at=task.starts_at,
        ends_at=task.ends_at,
        capacity=task.capacity,
        taken=task.taken,
        waiting=task.waiting,
        skills=list(task.skills),
        points_per_hour=task.points_per_hour,
        cancelled=task.cancelled_at is not None,
        mine=attendance_view(mine) if mine and mine.state is not AttendanceState.WITHDRAWN else None,
    )


def helper_view(helper: Helper) -> HelperView:
    """Show who takes part."""
    return HelperView(helper.code, helper.nickname, list(helper.skills), attendance_view(helper.attendance))

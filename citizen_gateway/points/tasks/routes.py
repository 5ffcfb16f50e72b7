"""`/v1/tasks`: what there is to help with, and one's part in it."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.intake.errors import OutsideCity
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.geo import Point, to_wgs84
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points.errors import BadPeriod, NoPoints, NotAVolunteer, SecondPersonNeeded, UnknownVolunteer
from citizen_gateway.points.service import rules_of
from citizen_gateway.points.tasks import service, store
from citizen_gateway.points.tasks.errors import (
    AlreadyThere,
    NotDecidable,
    NotNow,
    NotPresent,
    NotSignedUp,
    NotYourTask,
    TaskOver,
    TooFar,
    TooLateToWithdraw,
    TooLong,
    TooManyMinutes,
    TooManyPoints,
)
from citizen_gateway.points.tasks.model import Attendance, Task, TaskId
from citizen_gateway.points.tasks.schema import (
    ApproveHours,
    AttendanceView,
    CheckPresence,
    Helpers,
    PostTask,
    RefuseHours,
    TaskView,
    attendance_view,
    helper_view,
    task_view,
)

_POSTING = (RoleMissing, ScopeMissing, BadPeriod, TooLong, TooManyPoints, OutsideCity, NoPoints)
_CHECKING = (NotFound, NotSignedUp, NotNow, TooFar, OutsideCity, NoPoints)
_DECIDING = (NotFound, NotYourTask, UnknownVolunteer, NotDecidable, SecondPersonNeeded)


class TaskController(Controller):
    """Tasks."""

    path = "/v1/tasks"
    tags = ("tasks",)

    @post(operation_id="postTask", summary="Post a task", responses=raises(Unauthenticated, *_POSTING))
    async def announce(self, *, data: JSONBody[PostTask], actor: Caller, work: Work) -> Response[TaskView]:
        """Post something to help with: for centers, leads, merchants, and partners whose key may."""
        city = work.part(City)
        point = _point(city, data.position)

        async def keep(tx: Transaction) -> TaskView:
            return task_view(await service.post(tx, city, _task(tx, city, data, point)), None)

        return await work.once(actor, keep, status=201)

    @get(operation_id="listTasks", summary="What there is to help with", responses=raises(Unauthenticated, BadCursor))
    async def upcoming(
        self,
        *,
        actor: Caller,
        work: Work,
        skill: Annotated[str | None, QueryParameter(description="Only those that need it")] = None,
        cursor: PageCursor = None,
        limit: PageSize = 20,
    ) -> Page[TaskView]:
        """List tasks that are not over, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            return await _page(tx, await store.upcoming(tx.conn, tx.now, skill, before, limit + 1), limit)

    @get("/attended", operation_id="listMyTasks", summary="My tasks", responses=raises(Unauthenticated, BadCursor))
    async def attended(
        self, *, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[TaskView]:
        """List the tasks you signed up for, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            return await _page(tx, await store.attended(tx.conn, actor.key, before, limit + 1), limit)

    @get(
        "/organized",
        operation_id="listOrganizedTasks",
        summary="Tasks I posted",
        responses=raises(Unauthenticated, BadCursor),
    )
    async def organized(
        self, *, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[TaskView]:
        """List the tasks you posted, the newest first."""
        before = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            return await _page(tx, await store.organized(tx.conn, actor.key, before, limit + 1), limit)

    @get("/{task_id:uuid}", operation_id="getTask", summary="A task", responses=raises(Unauthenticated, NotFound))
    async def show(self, *, task_id: FromPath[UUID], actor: Caller, work: Work) -> TaskView:
        """Show a task, and your part in it."""
        async with work.read(actor) as tx:
            return task_view(await service.find(tx, task_id), await store.attendance(tx.conn, task_id, actor.key))

    @post(
        "/{task_id:uuid}/cancellation",
        operation_id="cancelTask",
        summary="Cancel a task",
        status_code=200,
        responses=raises(Unauthenticated, NotFound, NotYourTask),
    )
    async def cancel(self, *, task_id: FromPath[UUID], actor: Caller, work: Work) -> Response[TaskView]:
        """Cancel a task of yours; nobody can check in any more."""

        async def end(tx: Transaction) -> TaskView:
            return task_view(await service.cancel(tx, task_id), None)

        return await work.once(actor, end)

    @post(
        "/{task_id:uuid}/sign-up",
        operation_id="signUpForTask",
        summary="Sign up",
        status_code=200,
        responses=raises(Unauthenticated, NotFound, NotAVolunteer, TaskOver, AlreadyThere),
    )
    async def sign_up(self, *, task_id: FromPath[UUID], actor: Caller, work: Work) -> Response[AttendanceView]:
        """Take a place in a task, or one in the line where all are taken."""
        return await _part(work, actor, lambda tx: service.sign_up(tx, task_id))

    @post(
        "/{task_id:uuid}/withdrawal",
        operation_id="withdrawFromTask",
        summary="Give up my place",
        status_code=200,
        responses=raises(Unauthenticated, NotFound, NotSignedUp, TooLateToWithdraw),
    )
    async def withdraw(self, *, task_id: FromPath[UUID], actor: Caller, work: Work) -> Response[AttendanceView]:
        """Give up your place; whoever has waited longest gets it."""
        return await _part(work, actor, lambda tx: service.withdraw(tx, task_id))

    @post(
        "/{task_id:uuid}/check-in",
        operation_id="checkIn",
        summary="I am here",
        status_code=200,
        responses=raises(Unauthenticated, TaskOver, AlreadyThere, *_CHECKING),
    )
    async def check_in(
        self, *, task_id: FromPath[UUID], data: JSONBody[CheckPresence], actor: Caller, work: Work
    ) -> Response[AttendanceView]:
        """Check in at the place of a task, in its time."""
        city = work.part(City)
        here = _point(city, data.position)

        async def arrive(tx: Transaction) -> Attendance:
            await service.seen_on(tx, work.part(Vault), data.device)
            return await service.check_in(tx, city, task_id, here)

        return await _part(work, actor, arrive)

    @post(
        "/{task_id:uuid}/check-out",
        operation_id="checkOut",
        summary="I leave",
        status_code=200,
        responses=raises(Unauthenticated, NotPresent, *_CHECKING),
    )
    async def check_out(
        self, *, task_id: FromPath[UUID], data: JSONBody[CheckPresence], actor: Caller, work: Work
    ) -> Response[AttendanceView]:
        """Check out at the place of a task; how long you helped is computed."""
        city = work.part(City)
        here = _point(city, data.position)

        async def leave(tx: Transaction) -> Attendance:
            await service.seen_on(tx, work.part(Vault), data.device)
            return await service.check_out(tx, city, task_id, here)

        return await _part(work, actor, leave)

    @get(
        "/{task_id:uuid}/helpers",
        operation_id="listHelpers",
        summary="Who takes part",
        responses=raises(Unauthenticated, NotFound, NotYourTask),
    )
    async def helpers(self, *, task_id: FromPath[UUID], actor: Caller, work: Work) -> Helpers:
        """List who takes part in a task of yours, with their hours."""
        async with work.read(actor) as tx:
            return Helpers([helper_view(one) for one in await service.helpers(tx, task_id)])

    @post(
        "/{task_id:uuid}/helpers/{code:str}/approval",
        operation_id="approveHours",
        summary="Approve hours",
        status_code=200,
        responses=raises(Unauthenticated, TooManyMinutes, NoPoints, *_DECIDING),
    )
    async def approve(
        self,
        *,
        task_id: FromPath[UUID],
        code: FromPath[str],
        data: JSONBody[ApproveHours],
        actor: Caller,
        work: Work,
    ) -> Response[AttendanceView]:
        """Approve what a volunteer helped, or fewer minutes; the points are given at once."""
        city = work.part(City)
        return await _part(work, actor, lambda tx: service.approve(tx, city, task_id, code, data.minutes))

    @post(
        "/{task_id:uuid}/helpers/{code:str}/refusal",
        operation_id="refuseHours",
        summary="Refuse hours",
        status_code=200,
        responses=raises(Unauthenticated, *_DECIDING),
    )
    async def refuse(
        self, *, task_id: FromPath[UUID], code: FromPath[str], data: JSONBody[RefuseHours], actor: Caller, work: Work
    ) -> Response[AttendanceView]:
        """Refuse the hours of a volunteer, with a reason they see."""
        return await _part(work, actor, lambda tx: service.refuse(tx, task_id, code, data.reason))


async def _part(
    work: UnitOfWork, actor: Actor, do: Callable[[Transaction], Awaitable[Attendance]]
) -> Response[AttendanceView]:
    async def change(tx: Transaction) -> AttendanceView:
        return attendance_view(await do(tx))

    return await work.once(actor, change)


async def _page(tx: Transaction, found: list[store.Listed], limit: int) -> Page[TaskView]:
    mine = await store.attendances(tx.conn, [one.id for one in found], tx.actor.key)
    return page_of([task_view(one, mine.get(one.id)) for one in found], limit, [one.id for one in found])


def _point(city: City, position: Position) -> Point:
    """Return where in the city that is. Raises `OutsideCity`."""
    outside = OutsideCity(lat=position.lat, lon=position.lon, datum=position.datum.value, city=city.name)
    try:
        point = to_wgs84(position.lat, position.lon, position.datum)
    except ValueError as error:
        raise outside from error
    if city.locate(point) is None:
        raise outside
    return point


def _task(tx: Transaction, city: City, data: PostTask, point: Point) -> Task:
    rules = rules_of(city)
    return Task(
        id=TaskId(uuid7(tx.now)),
        organizer=tx.actor.key,
        organizer_name=tx.actor.name,
        title=data.title,
        description=data.description,
        place=data.place,
        lat=point.lat,
        lon=point.lon,
        radius_m=rules.tasks.radius_m if data.radius_m is None else data.radius_m,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        capacity=data.capacity,
        skills=tuple(data.skills),
        points_per_hour=rules.earn.task_hour.points if data.points_per_hour is None else data.points_per_hour,
        cancelled_at=None,
        created_at=tx.now,
    )

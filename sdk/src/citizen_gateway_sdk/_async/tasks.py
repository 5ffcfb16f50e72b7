"""Tasks: what there is to help with."""

from typing import Unpack
from uuid import UUID

from citizen_gateway_sdk import models, operations
from citizen_gateway_sdk._async.pages import AsyncPages
from citizen_gateway_sdk._async.transport import AsyncTransport
from citizen_gateway_sdk._call import ReadOptions, WriteOptions
from citizen_gateway_sdk._model import given


class AsyncTasks:
    """Tasks of volunteers, and the caller's part in them; organizers post them and approve hours."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def post(self, task: models.PostTask, **options: Unpack[WriteOptions]) -> models.Task:
        """Post a task. Raises `BadPeriod`, `TaskTooLong`, `TooManyPoints`, `OutsideCity`, …."""
        return await self._transport.send(operations.POST_TASK, options, body=task)

    def attended(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.Task]:
        """Return the tasks that the caller signed up for, the newest first."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_MY_TASKS, options, query)

    def organized(
        self, *, cursor: str | None = None, limit: int | None = None, **options: Unpack[ReadOptions]
    ) -> AsyncPages[models.Task]:
        """Return the tasks that the caller posted, the newest first."""
        query: dict[str, object] = {"cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_ORGANIZED_TASKS, options, query)

    async def get(self, task_id: UUID | str, **options: Unpack[ReadOptions]) -> models.Task:
        """Return a task, with the caller's part in it."""
        return await self._transport.send(operations.GET_TASK, options, path={"task_id": task_id})

    async def cancel(self, task_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Task:
        """Cancel a task of the caller's."""
        return await self._transport.send(operations.CANCEL_TASK, options, path={"task_id": task_id})

    async def sign_up(self, task_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Attendance:
        """Take a place, or one in the line. Raises `NotAVolunteer` before `volunteers.save`, `TaskOver`."""
        return await self._transport.send(operations.SIGN_UP_FOR_TASK, options, path={"task_id": task_id})

    async def withdraw(self, task_id: UUID | str, **options: Unpack[WriteOptions]) -> models.Attendance:
        """Give the place up; whoever has waited longest gets it. Raises `TooLateToWithdraw` once checked in."""
        return await self._transport.send(operations.WITHDRAW_FROM_TASK, options, path={"task_id": task_id})

    async def check_in(
        self,
        task_id: UUID | str,
        position: models.Position,
        *,
        device: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Attendance:
        """Check in at the place. Raises `TooFarFromTask`, `OutsideTaskTime`, `NotSignedUp`, `AlreadyCheckedIn`."""
        body = models.CheckPresence(position=position, device=given(device))
        return await self._transport.send(operations.CHECK_IN, options, path={"task_id": task_id}, body=body)

    async def check_out(
        self,
        task_id: UUID | str,
        position: models.Position,
        *,
        device: str | None = None,
        **options: Unpack[WriteOptions],
    ) -> models.Attendance:
        """Check out at the place, once. Raises `TooFarFromTask`, `OutsideTaskTime`, `NotCheckedIn`."""
        body = models.CheckPresence(position=position, device=given(device))
        return await self._transport.send(operations.CHECK_OUT, options, path={"task_id": task_id}, body=body)

    async def helpers(self, task_id: UUID | str, **options: Unpack[ReadOptions]) -> list[models.Helper]:
        """Return who takes part in a task of the caller's, in the order in which they signed up."""
        return (await self._transport.send(operations.LIST_HELPERS, options, path={"task_id": task_id})).items

    async def approve_hours(
        self, task_id: UUID | str, code: str, *, minutes: int | None = None, **options: Unpack[WriteOptions]
    ) -> models.Attendance:
        """Approve what a volunteer helped, or fewer minutes. Raises `AttendanceNotDecidable`, `TooManyMinutes`."""
        path = {"task_id": task_id, "code": code}
        body = models.ApproveHours(minutes=given(minutes))
        return await self._transport.send(operations.APPROVE_HOURS, options, path=path, body=body)

    async def refuse_hours(
        self, task_id: UUID | str, code: str, *, reason: str, **options: Unpack[WriteOptions]
    ) -> models.Attendance:
        """Refuse the hours of a volunteer, with a reason they read. Raises `AttendanceNotDecidable`."""
        path = {"task_id": task_id, "code": code}
        body = models.RefuseHours(reason=reason)
        return await self._transport.send(operations.REFUSE_HOURS, options, path=path, body=body)

    def list(
        self,
        *,
        skill: str | None = None,
        cursor: str | None = None,
        limit: int | None = None,
        **options: Unpack[ReadOptions],
    ) -> AsyncPages[models.Task]:
        """Return the tasks that are not over, the newest first."""
        query: dict[str, object] = {"skill": skill, "cursor": cursor, "limit": limit}
        return AsyncPages(self._transport, operations.LIST_TASKS, options, query)

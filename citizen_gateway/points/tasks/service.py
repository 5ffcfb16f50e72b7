"""Use cases of tasks: posted, signed up for, attended, approved."""

from uuid import UUID

import msgspec

from citizen_gateway.accounts.guards import require_role, require_scope
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.actor import ActorKind, Role, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.vault import Vault
from citizen_gateway.points import devices
from citizen_gateway.points import service as ledger
from citizen_gateway.points.errors import BadPeriod, SecondPersonNeeded
from citizen_gateway.points.service import Deed, rules_of
from citizen_gateway.points.tasks import store
from citizen_gateway.points.tasks.errors import (
    AlreadyThere,
    NotDecidable,
    NotPresent,
    NotSignedUp,
    NotYourTask,
    TaskOver,
    TooLateToWithdraw,
    TooLong,
    TooManyMinutes,
    TooManyPoints,
)
from citizen_gateway.points.tasks.model import (
    LONGEST,
    Attendance,
    AttendanceId,
    AttendanceState,
    Task,
    check_presence,
    minutes_of,
    points_for,
)
from citizen_gateway.points.tasks.store import Helper, Listed
from citizen_gateway.points.volunteers import service as volunteers

_POSTING = (Role.CENTER, Role.ADMINISTRATOR, Role.LEAD, Role.MERCHANT)
_CAN_LEAVE = (AttendanceState.SIGNED_UP, AttendanceState.WAITING)


async def post(tx: Transaction, city: City, task: Task) -> Listed:
    """Post a task. For centers, department leads, merchants, and partners whose key may.

    Raises `RoleMissing`, `ScopeMissing`, `BadPeriod`, `TooLong`, `TooManyPoints`.
    """
    rules = rules_of(city)
    require_scope(tx.actor, Scope.POINTS_TASKS)
    if tx.actor.kind is not ActorKind.CLIENT:
        require_role(tx.actor, *_POSTING)
    if task.ends_at <= max(task.starts_at, tx.now):
        raise BadPeriod
    if task.ends_at - task.starts_at > LONGEST:
        raise TooLong(hours=int(LONGEST.total_seconds()) // 3600)
    if task.points_per_hour > rules.tasks.most_points_per_hour:
        raise TooManyPoints(most=rules.tasks.most_points_per_hour)
    await store.insert(tx.conn, task)
    return await find(tx, task.id)


async def find(tx: Transaction, task: UUID) -> Listed:
    """Return a task. Raises `NotFound`."""
    found = await store.task(tx.conn, task)
    if found is None:
        raise NotFound(what="task")
    return found


async def organized(tx: Transaction, task: UUID) -> Listed:
    """Return a task the actor posted, or any to a center. Raises `NotFound`, `NotYourTask`."""
    found = await find(tx, task)
    if tx.actor.key != found.organizer and not tx.actor.holds(Role.CENTER, Role.ADMINISTRATOR):
        raise NotYourTask
    return found


async def cancel(tx: Transaction, task: UUID) -> Listed:
    """Cancel a task; hours already helped can still be decided."""
    found = await organized(tx, task)
    await store.cancel(tx.conn, found.id, tx.now)
    return await find(tx, task)


async def sign_up(tx: Transaction, task: UUID) -> Attendance:
    """Take a place, or one in the line where all are taken; a second time changes nothing.

    Raises `NotAVolunteer`, `NotFound`, `TaskOver`, `AlreadyThere`.
    """
    await volunteers.me(tx)
    await store.hold(tx.conn, task)
    found = await _going(tx, task)
    mine = await store.attendance(tx.conn, task, tx.actor.key, lock=True)
    if mine is not None and mine.state in _CAN_LEAVE:
        return mine
    if mine is not None and mine.state is not AttendanceState.WITHDRAWN:
        raise AlreadyThere
    taken, last = await store.places(tx.conn, task)
    state = AttendanceState.SIGNED_UP if taken < found.capacity else AttendanceState.WAITING
    identity = mine.id if mine else AttendanceId(uuid7(tx.now))
    signed = Attendance(identity, found.id, tx.actor.key, state, last + 1)
    await store.save(tx.conn, signed)
    return signed


async def withdraw(tx: Transaction, task: UUID) -> Attendance:
    """Give a place up; whoever has waited longest gets it. Raises `NotFound`, `NotSignedUp`, `TooLateToWithdraw`."""
    await store.hold(tx.conn, task)
    found = await find(tx, task)
    mine = await _mine(tx, task)
    if mine.state not in _CAN_LEAVE:
        raise TooLateToWithdraw
    left = msgspec.structs.replace(mine, state=AttendanceState.WITHDRAWN)
    await store.save(tx.conn, left)
    if mine.state is AttendanceState.SIGNED_UP and found.ends_at > tx.now:
        following = await store.first_waiting(tx.conn, task)
        if following is not None:
            await store.save(tx.conn, msgspec.structs.replace(following, state=AttendanceState.SIGNED_UP))
    return left


async def check_in(tx: Transaction, city: City, task: UUID, here: Point) -> Attendance:
    """Note that the actor is there.

    Raises `NotFound`, `TaskOver`, `NotSignedUp`, `AlreadyThere`, `NotNow`, `TooFar`.
    """
    mine = await _mine(tx, task)
    found = await _going(tx, task)
    if mine.state is AttendanceState.WAITING:
        raise NotSignedUp
    if mine.state is not AttendanceState.SIGNED_UP or await store.present_elsewhere(tx.conn, mine.holder, tx.now):
        raise AlreadyThere
    check_presence(found, rules_of(city).tasks, here, tx.now, leaving=False)
    arrived = msgspec.structs.replace(mine, state=AttendanceState.PRESENT, checked_in_at=tx.now)
    await store.save(tx.conn, arrived)
    return arrived


async def check_out(tx: Transaction, city: City, task: UUID, here: Point) -> Attendance:
    """Note that the actor leaves, and how long they helped.

    Raises `NotFound`, `NotSignedUp`, `NotPresent`, `NotNow`, `TooFar`.
    """
    mine = await _mine(tx, task)
    found = await find(tx, task)
    if mine.state is not AttendanceState.PRESENT or mine.checked_in_at is None:
        raise NotPresent
    check_presence(found, rules_of(city).tasks, here, tx.now, leaving=True)
    left = msgspec.structs.replace(
        mine,
        state=AttendanceState.LEFT,
        checked_out_at=tx.now,
        minutes=minutes_of(found, mine.checked_in_at, tx.now),
    )
    await store.save(tx.conn, left)
    return left


async def approve(tx: Transaction, city: City, task: UUID, code: str, minutes: int | None) -> Attendance:
    """Approve the hours of a volunteer, or fewer minutes than were recorded, and give the points for them.

    Raises `NotFound`, `NotYourTask`, `NotDecidable`, `TooManyMinutes`, `SecondPersonNeeded`.
    """
    found, seen = await _to_decide(tx, task, code, AttendanceState.LEFT)
    if minutes is not None and minutes > seen.minutes:
        raise TooManyMinutes(minutes=seen.minutes)
    helped = seen.minutes if minutes is None else minutes
    approved = msgspec.structs.replace(seen, state=AttendanceState.APPROVED, minutes=helped, decided_by=tx.actor.key)
    await store.save(tx.conn, approved)
    points = points_for(helped, found.points_per_hour)
    done = seen.checked_out_at or tx.now
    await ledger.earn(tx, city, Deed(seen.holder, points, f"attendance:{seen.id}", found.title, done))
    return approved


async def refuse(tx: Transaction, task: UUID, code: str, reason: str) -> Attendance:
    """Refuse the hours of a volunteer, or of one who never checked out, with a reason they see."""
    _, seen = await _to_decide(tx, task, code, AttendanceState.LEFT, AttendanceState.PRESENT)
    refused = msgspec.structs.replace(
        seen, state=AttendanceState.REFUSED, minutes=0, decided_by=tx.actor.key, reason=reason
    )
    await store.save(tx.conn, refused)
    return refused


async def helpers(tx: Transaction, task: UUID) -> list[Helper]:
    """Return who takes part in a task of the actor's."""
    await organized(tx, task)
    return await store.helpers(tx.conn, task)


async def seen_on(tx: Transaction, vault: Vault, device: str | None) -> None:
    """Note the device that a check-in names."""
    if device is not None:
        await devices.note(tx, vault, device)


async def _to_decide(tx: Transaction, task: UUID, code: str, *states: AttendanceState) -> tuple[Listed, Attendance]:
    found = await organized(tx, task)
    volunteer = await volunteers.by_code(tx, code)
    seen = await store.attendance(tx.conn, task, volunteer.holder, lock=True)
    if seen is None or seen.state not in states:
        raise NotDecidable
    if seen.holder == tx.actor.key:
        raise SecondPersonNeeded
    return found, seen


async def _going(tx: Transaction, task: UUID) -> Listed:
    found = await find(tx, task)
    if found.cancelled_at is not None or found.ends_at <= tx.now:
        raise TaskOver
    return found


async def _mine(tx: Transaction, task: UUID) -> Attendance:
    mine = await store.attendance(tx.conn, task, tx.actor.key, lock=True)
    if mine is None or mine.state is AttendanceState.WITHDRAWN:
        await find(tx, task)
        raise NotSignedUp
    return mine

"""Tasks and who takes part in them in PostgreSQL, one function per question."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.points.tasks.model import Attendance, AttendanceState, Task, TaskId

_TASK = [field.name for field in msgspec.structs.fields(Task)]
_T = ", ".join(_TASK)
_ATTENDANCE = [field.name for field in msgspec.structs.fields(Attendance)]
_A = ", ".join(_ATTENDANCE)
_TAKES_PLACE = "('signed_up', 'present', 'left', 'approved', 'refused')"


class Listed(Task, frozen=True):
    """A task with how many have a place in it and how many wait for one."""

    taken: int = 0
    waiting: int = 0


class Helper(msgspec.Struct, frozen=True):
    """Who takes part in a task, as its organizer sees them."""

    code: str
    nickname: str
    skills: tuple[str, ...]
    attendance: Attendance


_LISTED = f"""
    select {_T},
           (select count(*) filter (where a.state in {_TAKES_PLACE}) from volunteer_attendance a
            where a.task_id = t.id)::int as taken,
           (select count(*) filter (where a.state = 'waiting') from volunteer_attendance a
            where a.task_id = t.id)::int as waiting
    from volunteer_task t
"""


async def insert(conn: Connection, task: Task) -> None:
    """Keep a new task."""
    values = (getattr(task, name) for name in _TASK)
    places = ", ".join(f"${i + 1}" for i in range(len(_TASK)))
    await conn.execute(f"insert into volunteer_task ({_T}) values ({places})", *values)


async def task(conn: Connection, identity: UUID) -> Listed | None:
    """Return a task."""
    row = await conn.fetchrow(f"{_LISTED} where t.id = $1", identity)
    return read(Listed, row) if row else None


async def hold(conn: Connection, identity: UUID) -> None:
    """Let nobody else take or leave a place until the transaction ends."""
    await conn.execute("select from volunteer_task where id = $1 for no key update", identity)


async def upcoming(conn: Connection, now: datetime, skill: str | None, after: UUID | None, limit: int) -> list[Listed]:
    """Return tasks that are not over, the newest first."""
    rows = await conn.fetch(
        f"""
        {_LISTED} where ends_at > $1 and cancelled_at is null and ($2::text is null or $2 = any(skills))
            and ($3::uuid is null or t.id < $3) order by t.id desc limit $4
        """,
        now,
        skill,
        after,
        limit,
    )
    return read_all(Listed, rows)


async def organized(conn: Connection, organizer: str, after: UUID | None, limit: int) -> list[Listed]:
    """Return the tasks that somebody posted, the newest first."""
    rows = await conn.fetch(
        f"{_LISTED} where organizer = $1 and ($2::uuid is null or t.id < $2) order by t.id desc limit $3",
        organizer,
        after,
        limit,
    )
    return read_all(Listed, rows)


async def attended(conn: Connection, holder: str, after: UUID | None, limit: int) -> list[Listed]:
    """Return the tasks that somebody signed up for, the newest first."""
    rows = await conn.fetch(
        f"""
        {_LISTED} where t.id in (select task_id from volunteer_attendance where holder = $1)
            and ($2::uuid is null or t.id < $2) order by t.id desc limit $3
        """,
        holder,
        after,
        limit,
    )
    return read_all(Listed, rows)


async def cancel(conn: Connection, identity: TaskId, now: datetime) -> None:
    """Cancel a task; one that is cancelled stays so."""
    await conn.execute(
        "update volunteer_task set cancelled_at = coalesce(cancelled_at, $2) where id = $1", identity, now
    )


async def attendance(conn: Connection, task: UUID, holder: str, *, lock: bool = False) -> Attendance | None:
    """Return somebody's part in a task, and with `lock` let nobody else change it meanwhile."""
    row = await conn.fetchrow(
        f"select {_A} from volunteer_attendance where task_id = $1 and holder = $2 {'for update' if lock else ''}",
        task,
        holder,
    )
    return read(Attendance, row) if row else None


async def attendances(conn: Connection, tasks: list[TaskId], holder: str) -> dict[UUID, Attendance]:
    """Return somebody's part in each of these tasks."""
    rows = await conn.fetch(
        f"select {_A} from volunteer_attendance where task_id = any($1) and holder = $2", tasks, holder
    )
    return {one.task_id: one for one in read_all(Attendance, rows)}


async def save(conn: Connection, attendance: Attendance) -> None:
    """Keep somebody's part in a task as it is now."""
    places = ", ".join(f"${i + 1}" for i in range(len(_ATTENDANCE)))
    changed = ", ".join(f"{name} = excluded.{name}" for name in _ATTENDANCE if name != "id")
    values = [getattr(attendance, name) for name in _ATTENDANCE]
    await conn.execute(
        f"insert into volunteer_attendance ({_A}) values ({places}) on conflict (id) do update set {changed}",
        *(value.value if isinstance(value, AttendanceState) else value for value in values),
    )


async def places(conn: Connection, task: UUID) -> tuple[int, int]:
    """Return how many have a place in a task, and the last number in its line."""
    row = await conn.fetchrow(
        f"""
        select count(*) filter (where state in {_TAKES_PLACE}) as taken, coalesce(max(place_in_line), 0) as last
        from volunteer_attendance where task_id = $1
        """,
        task,
    )
    return (int(row["taken"]), int(row["last"])) if row else (0, 0)


async def first_waiting(conn: Connection, task: UUID) -> Attendance | None:
    """Return who has waited longest for a place."""
    row = await conn.fetchrow(
        f"""
        select {_A} from volunteer_attendance where task_id = $1 and state = 'waiting'
        order by place_in_line limit 1 for update
        """,
        task,
    )
    return read(Attendance, row) if row else None


async def present_elsewhere(conn: Connection, holder: str, now: datetime) -> bool:
    """Whether somebody is checked in at a task that is still going on."""
    found: bool = await conn.fetchval(
        """
        select exists (
            select from volunteer_attendance a join volunteer_task t on t.id = a.task_id
            where a.holder = $1 and a.state = 'present' and t.ends_at > $2
        )
        """,
        holder,
        now,
    )
    return found


async def helpers(conn: Connection, task: UUID) -> list[Helper]:
    """Return who takes part in a task, in the order in which they signed up."""
    rows = await conn.fetch(
        f"""
        select v.code, v.nickname, v.skills, {", ".join(f"a.{name}" for name in _ATTENDANCE)}
        from volunteer_attendance a join volunteer v on v.holder = a.holder
        where a.task_id = $1 and a.state <> 'withdrawn' order by a.place_in_line
        """,
        task,
    )
    return [Helper(row["code"], row["nickname"], tuple(row["skills"]), read(Attendance, row)) for row in rows]

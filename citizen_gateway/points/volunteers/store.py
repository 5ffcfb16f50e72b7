"""Volunteers in PostgreSQL, one function per question."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.platform.db import Connection, read, read_all
from citizen_gateway.points.volunteers.model import Group, GroupId, Rank, Relative, Service, Volunteer

_NAMES = ", ".join(field.name for field in msgspec.structs.fields(Volunteer))


async def add(conn: Connection, volunteer: Volunteer) -> bool:
    """Keep a new volunteer; return False where they are one, or somebody has the code."""
    status = await conn.execute(
        f"insert into volunteer ({_NAMES}) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        volunteer.holder,
        volunteer.code,
        volunteer.nickname,
        volunteer.listed,
        list(volunteer.skills),
        volunteer.joined_at,
    )
    return status == "INSERT 0 1"


async def change(conn: Connection, volunteer: Volunteer) -> None:
    """Keep a volunteer's nickname, skills and whether they are listed."""
    await conn.execute(
        "update volunteer set nickname = $2, listed = $3, skills = $4 where holder = $1",
        volunteer.holder,
        volunteer.nickname,
        volunteer.listed,
        list(volunteer.skills),
    )


async def by_holder(conn: Connection, holder: str) -> Volunteer | None:
    """Return a volunteer by their actor's key."""
    row = await conn.fetchrow(f"select {_NAMES} from volunteer where holder = $1", holder)
    return read(Volunteer, row) if row else None


async def by_code(conn: Connection, code: str) -> Volunteer | None:
    """Return the volunteer with this code."""
    row = await conn.fetchrow(f"select {_NAMES} from volunteer where code = $1", code)
    return read(Volunteer, row) if row else None


async def minutes_of(conn: Connection, holder: str) -> int:
    """Return how long somebody has helped, as far as it is approved."""
    found = await conn.fetchval(
        "select sum(minutes) from volunteer_attendance where holder = $1 and state = 'approved'", holder
    )
    return int(found or 0)


async def name_relative(conn: Connection, holder: str, relative: str, now: datetime) -> None:
    """Keep that somebody named a relative."""
    await conn.execute(
        "insert into volunteer_relative (holder, relative, at) values ($1, $2, $3) on conflict do nothing",
        holder,
        relative,
        now,
    )


async def drop_relative(conn: Connection, holder: str, relative: str) -> None:
    """Forget that somebody named a relative."""
    await conn.execute("delete from volunteer_relative where holder = $1 and relative = $2", holder, relative)


async def relatives(conn: Connection, holder: str) -> list[Relative]:
    """Return whom somebody named, in the order in which they did."""
    rows = await conn.fetch(
        """
        select v.code, v.nickname, exists (
            select from volunteer_relative back where back.holder = r.relative and back.relative = r.holder
        ) as mutual
        from volunteer_relative r join volunteer v on v.holder = r.relative where r.holder = $1 order by r.at, v.code
        """,
        holder,
    )
    return read_all(Relative, rows)


async def insert_group(conn: Connection, group: GroupId, name: str, founder: str, now: datetime) -> bool:
    """Keep a new group with its founder in it; return False where the name is taken."""
    status = await conn.execute(
        """
        insert into volunteer_group (id, name, founder, created_at) values ($1, $2, $3, $4)
        on conflict (name) do nothing
        """,
        group,
        name,
        founder,
        now,
    )
    if status != "INSERT 0 1":
        return False
    await join_group(conn, group, founder, now)
    return True


async def join_group(conn: Connection, group: UUID, holder: str, now: datetime) -> None:
    """Add somebody to a group."""
    await conn.execute(
        "insert into volunteer_group_member (group_id, holder, at) values ($1, $2, $3) on conflict do nothing",
        group,
        holder,
        now,
    )


async def leave_group(conn: Connection, group: UUID, holder: str) -> None:
    """Take somebody out of a group."""
    await conn.execute("delete from volunteer_group_member where group_id = $1 and holder = $2", group, holder)


_GROUP = """
    select g.id, g.name,
           (select count(*) from volunteer_group_member m where m.group_id = g.id)::int as members,
           coalesce((
               select sum(a.minutes) from volunteer_attendance a join volunteer_group_member m on m.holder = a.holder
               where m.group_id = g.id and a.state = 'approved'
           ), 0)::int as minutes,
           exists (select from volunteer_group_member m where m.group_id = g.id and m.holder = $1) as mine
    from volunteer_group g
"""


async def group(conn: Connection, holder: str, identity: UUID) -> Group | None:
    """Return a group as somebody sees it."""
    row = await conn.fetchrow(f"{_GROUP} where g.id = $2", holder, identity)
    return read(Group, row) if row else None


async def groups(conn: Connection, holder: str, before: UUID | None, limit: int) -> list[Group]:
    """Return the groups, the newest first."""
    rows = await conn.fetch(
        f"{_GROUP} where $2::uuid is null or g.id < $2 order by g.id desc limit $3", holder, before, limit
    )
    return read_all(Group, rows)


async def leaders(conn: Connection, since: datetime | None, limit: int) -> list[Rank]:
    """Return those who wish to be listed and helped longest since a moment, by what was approved."""
    rows = await conn.fetch(
        """
        with helped as (
            select holder, sum(minutes)::int as minutes, sum(minutes * t.points_per_hour / 60)::int as points
            from volunteer_attendance a join volunteer_task t on t.id = a.task_id
            where a.state = 'approved' and ($1::timestamptz is null or a.checked_out_at >= $1) group by holder
        )
        select (rank() over (order by h.minutes desc))::int as place, v.nickname, h.minutes, h.points
        from helped h join volunteer v using (holder) where v.listed order by h.minutes desc, v.code limit $2
        """,
        since,
        limit,
    )
    return read_all(Rank, rows)


async def services(conn: Connection, holder: str, since: datetime, until: datetime, timezone: str) -> list[Service]:
    """Return what somebody did in a period, as far as it is approved, the oldest first."""
    rows = await conn.fetch(
        """
        select t.title, t.place, t.organizer_name as organizer, (t.starts_at at time zone $4)::date as day, a.minutes
        from volunteer_attendance a join volunteer_task t on t.id = a.task_id
        where a.holder = $1 and a.state = 'approved' and a.minutes > 0 and t.starts_at >= $2 and t.starts_at < $3
        order by t.starts_at, t.id
        """,
        holder,
        since,
        until,
        timezone,
    )
    return [Service(row["title"], row["place"], row["organizer"], row["day"], row["minutes"]) for row in rows]


async def keep_certificate(conn: Connection, number: str, holder: str, document: object, now: datetime) -> None:
    """Keep a certificate as it was signed."""
    await conn.execute(
        "insert into volunteer_certificate (number, holder, document, issued_at) values ($1, $2, $3, $4)",
        number,
        holder,
        document,
        now,
    )


async def certificate(conn: Connection, number: str) -> object | None:
    """Return a certificate by its number."""
    found: object | None = await conn.fetchval("select document from volunteer_certificate where number = $1", number)
    return found

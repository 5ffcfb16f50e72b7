"""Use cases of administrators: staff are added, given rights, relieved of them, and leave; each is in the audit log."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from citizen_gateway.accounts import audit, store
from citizen_gateway.accounts.audit import Concern
from citizen_gateway.accounts.errors import GrantForeign, NameTaken
from citizen_gateway.accounts.model import Staff
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.ids import StaffId, uuid7
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Connection, Transaction, read, read_all

Within = Callable[[str, str], bool]
"""Whether the first area is the second one or lies in it."""


class Employee(msgspec.Struct, frozen=True):
    """A member of staff as administrators see them, also after they left."""

    id: StaffId
    login: str
    name: str
    active: bool
    has_password: bool
    grants: tuple[Grant, ...] = ()


_EMPLOYEES = """
    select s.id, s.login, s.name, s.active, s.password is not null as has_password,
           coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'department', g.department, 'area', g.area)
                              order by g.role, g.department, g.area)
                    filter (where g.role is not null), '[]') as grants
    from staff s left join staff_grant g on g.staff_id = s.id
    where {where} group by s.id order by s.id {limit}
"""


def require_grantable(admin: Actor, grant: Grant, within: Within) -> None:
    """Raise `GrantForeign` unless one of the administrator's rights covers what they give or take."""
    if admin.kind is ActorKind.SYSTEM:
        return
    if not any(own.role is Role.ADMINISTRATOR and _covers(own, grant, within) for own in admin.grants):
        raise GrantForeign


def _covers(own: Grant, grant: Grant, within: Within) -> bool:
    department = own.department is None or own.department == grant.department
    area = own.area is None or (grant.area is not None and within(grant.area, own.area))
    return department and area


async def add(tx: Transaction, login: str, name: str, grants: tuple[Grant, ...]) -> Employee:
    """Add a member of staff. Raises `NameTaken`."""
    identity = StaffId(uuid7(tx.now))
    if not await store.insert_staff(tx.conn, Staff(identity, login, name, grants), tx.now):
        raise NameTaken(name=login)
    await audit.write(tx, "staff.added", concern=Concern(identity), grants=[_told(grant) for grant in grants])
    return await employee(tx.conn, identity)


async def give(tx: Transaction, identity: UUID, grant: Grant) -> Employee:
    """Give a right; one that is held already is not given twice. Raises `NotFound`."""
    await employee(tx.conn, identity)
    if await store.insert_grant(tx.conn, identity, grant):
        await audit.write(tx, "staff.granted", concern=Concern(identity), grant=_told(grant))
    return await employee(tx.conn, identity)


async def take(tx: Transaction, identity: UUID, grant: Grant) -> Employee:
    """Take a right away. Raises `NotFound` for one that is not held."""
    if not await store.delete_grant(tx.conn, identity, grant):
        raise NotFound(what="right")
    await audit.write(tx, "staff.revoked", concern=Concern(identity), grant=_told(grant))
    return await employee(tx.conn, identity)


async def dismiss(tx: Transaction, identity: UUID) -> Employee:
    """End somebody's service: no right works any more, and no session. Raises `NotFound`."""
    if await store.deactivate_staff(tx.conn, identity, tx.now):
        await audit.write(tx, "staff.deactivated", concern=Concern(identity))
    return await employee(tx.conn, identity)


async def set_password(tx: Transaction, identity: UUID, kept: str) -> None:
    """Keep a new password's hash, and end the sessions opened with the one before. Raises `NotFound`."""
    await employee(tx.conn, identity)
    await store.save_password(tx.conn, identity, kept, tx.now)
    await audit.write(tx, "staff.password_set", concern=Concern(identity))


async def employee(conn: Connection, identity: UUID) -> Employee:
    """Return a member of staff, also one who left. Raises `NotFound`."""
    row = await conn.fetchrow(_EMPLOYEES.format(where="s.id = $1", limit=""), identity)
    if row is None:
        raise NotFound(what="member of staff")
    return read(Employee, row)


async def employee_by_login(conn: Connection, login: str) -> Employee:
    """Return the member of staff with this login. Raises `NotFound`."""
    row = await conn.fetchrow(_EMPLOYEES.format(where="s.login = $1", limit=""), login)
    if row is None:
        raise NotFound(what="member of staff")
    return read(Employee, row)


async def employees(conn: Connection, after: UUID | None, limit: int) -> list[Employee]:
    """Return staff in the order in which they were added."""
    where = "$1::uuid is null or s.id > $1"
    return read_all(Employee, await conn.fetch(_EMPLOYEES.format(where=where, limit="limit $2"), after, limit))


def _told(grant: Grant) -> dict[str, str]:
    return {name: value for name, value in msgspec.to_builtins(grant).items() if value}

"""`/v1/staff`: administrators add staff, give and take rights, set passwords, and end somebody's service."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody

from citizen_gateway.accounts import passwords, staffing
from citizen_gateway.accounts.errors import GrantForeign, NameTaken, RoleMissing
from citizen_gateway.accounts.guards import require_role
from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.accounts.staffing import Employee
from citizen_gateway.city.model import AreaCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.desk.staff_schema import AddStaff, GiveGrant, SetPassword, StaffView
from citizen_gateway.insights.errors import UnknownArea
from citizen_gateway.kernel.errors import BadCursor, NotFound, Unauthenticated
from citizen_gateway.kernel.paging import Page, decode_cursor, page_of
from citizen_gateway.platform.actor import Actor, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.http import Caller, PageCursor, PageSize, UnitOfWork, Work
from citizen_gateway.platform.problems import raises
from citizen_gateway.tickets.errors import UnknownDepartment

_REFUSED = raises(Unauthenticated, RoleMissing, GrantForeign, NotFound)
_GRANTING = _REFUSED | raises(NotFound, UnknownDepartment, UnknownArea)


class StaffController(Controller):
    """Staff."""

    path = "/v1/staff"
    tags = ("staff",)

    @get(operation_id="listStaff", summary="All staff", responses=raises(Unauthenticated, RoleMissing, BadCursor))
    async def listed(
        self, *, actor: Caller, work: Work, cursor: PageCursor = None, limit: PageSize = 20
    ) -> Page[StaffView]:
        """List staff with their rights, also those who left; for administrators and auditors."""
        require_role(actor, Role.ADMINISTRATOR, Role.AUDITOR)
        after = decode_cursor(cursor) if cursor else None
        async with work.read(actor) as tx:
            rows = await staffing.employees(tx.conn, after, limit + 1)
        return page_of([StaffView.of(row) for row in rows], limit, [row.id for row in rows])

    @post(operation_id="addStaff", summary="Add a member of staff", responses=_GRANTING | raises(NameTaken))
    async def add(self, *, data: JSONBody[AddStaff], actor: Caller, work: Work) -> Response[StaffView]:
        """Add a member of staff with their rights; a password is set by a call of its own."""
        require_role(actor, Role.ADMINISTRATOR)
        grants = tuple(dict.fromkeys(given.grant() for given in data.grants))
        for grant in grants or (Grant(Role.ADMINISTRATOR),) * (not _unlimited(actor)):
            _require(actor, work.part(City), grant)

        async def keep(tx: Transaction) -> StaffView:
            return StaffView.of(await staffing.add(tx, data.login, data.name, grants))

        return await work.once(actor, keep, status=201)

    @post(
        "/{staff_id:uuid}/grants",
        operation_id="grantRight",
        summary="Give a right",
        status_code=200,
        responses=_GRANTING,
    )
    async def give(
        self, *, staff_id: FromPath[UUID], data: JSONBody[GiveGrant], actor: Caller, work: Work
    ) -> Response[StaffView]:
        """Give a right; one that is held already stays."""
        _require(actor, work.part(City), data.grant())
        return await _changed(work, actor, staff_id, lambda tx: staffing.give(tx, staff_id, data.grant()))

    @post(
        "/{staff_id:uuid}/revocations",
        operation_id="revokeRight",
        summary="Take a right away",
        status_code=200,
        responses=_GRANTING,
    )
    async def take(
        self, *, staff_id: FromPath[UUID], data: JSONBody[GiveGrant], actor: Caller, work: Work
    ) -> Response[StaffView]:
        """Take a right away. It works no more, within seconds in other processes."""
        _require(actor, work.part(City), data.grant())
        return await _changed(work, actor, staff_id, lambda tx: staffing.take(tx, staff_id, data.grant()))

    @post(
        "/{staff_id:uuid}/deactivation",
        operation_id="deactivateStaff",
        summary="End somebody's service",
        status_code=200,
        responses=_REFUSED,
    )
    async def dismiss(self, *, staff_id: FromPath[UUID], actor: Caller, work: Work) -> Response[StaffView]:
        """End somebody's service: their sessions and rights work no more."""
        await _require_over(work, actor, staff_id)
        return await _changed(work, actor, staff_id, lambda tx: staffing.dismiss(tx, staff_id))

    @post(
        "/{staff_id:uuid}/password",
        operation_id="setPassword",
        summary="Set a password",
        status_code=204,
        responses=_REFUSED,
    )
    async def password(
        self, *, staff_id: FromPath[UUID], data: JSONBody[SetPassword], actor: Caller, work: Work
    ) -> None:
        """Set a password, your own or as an administrator; sessions opened before it end."""
        if actor.id != staff_id:
            await _require_over(work, actor, staff_id)
        kept = await passwords.hashed(data.password)

        async def keep(tx: Transaction) -> None:
            await staffing.set_password(tx, staff_id, kept)

        await work.once(actor, keep, status=204)
        work.part(Doorkeeper).forget(staff_id)


async def _changed(
    work: UnitOfWork, actor: Actor, staff_id: UUID, do: Callable[[Transaction], Awaitable[Employee]]
) -> Response[StaffView]:
    async def change(tx: Transaction) -> StaffView:
        return StaffView.of(await do(tx))

    answer = await work.once(actor, change, status=200)
    work.part(Doorkeeper).forget(staff_id)
    return answer


def _require(actor: Actor, city: City, grant: Grant) -> None:
    """Check that a right exists in this city and is the administrator's to give."""
    require_role(actor, Role.ADMINISTRATOR)
    if grant.department and DepartmentCode(grant.department) not in city.departments:
        raise UnknownDepartment(department=grant.department)
    if grant.area and AreaCode(grant.area) not in city.areas:
        raise UnknownArea(area=grant.area)
    staffing.require_grantable(actor, grant, lambda area, above: _within(city, area, above))


async def _require_over(work: UnitOfWork, actor: Actor, staff_id: UUID) -> None:
    """Check that all of somebody's rights are the administrator's to take; somebody without any is the city's."""
    require_role(actor, Role.ADMINISTRATOR)
    async with work.read(actor) as tx:
        held = (await staffing.employee(tx.conn, staff_id)).grants
    for grant in held or (Grant(Role.ADMINISTRATOR),):
        staffing.require_grantable(actor, grant, lambda area, above: _within(work.part(City), area, above))


def _within(city: City, area: str, above: str) -> bool:
    return AreaCode(area) in city.areas and above in {one.code for one in city.area_path(AreaCode(area))}


def _unlimited(actor: Actor) -> bool:
    return Grant(Role.ADMINISTRATOR) in actor.grants

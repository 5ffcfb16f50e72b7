"""Whose figures somebody may see: a center its area's, an auditor's grant what it names, a lead their department's."""

from collections.abc import Collection

import msgspec

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.city.model import AreaCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.errors import ForeignFigures, UnknownArea
from citizen_gateway.platform.actor import Actor, Grant, Role
from citizen_gateway.tickets.errors import UnknownDepartment

_ROLES = (Role.CENTER, Role.AUDITOR, Role.LEAD)


class Reach(msgspec.Struct, frozen=True):
    """The department and the area whose figures are shown; none means all of them."""

    department: str | None = None
    area: str | None = None


def reach_of(actor: Actor, city: City, department: str | None, area: str | None) -> Reach:
    """Return what the actor asked for, if it is theirs to see; who named nothing and has one thing gets that.

    Raises `RoleMissing`, `UnknownDepartment`, `UnknownArea`, `ForeignFigures`.
    """
    grants = [grant for grant in actor.grants if grant.role in _ROLES]
    if not grants:
        raise RoleMissing(roles=", ".join(_ROLES))
    if department is not None and DepartmentCode(department) not in city.departments:
        raise UnknownDepartment(department=department)
    if area is not None and AreaCode(area) not in city.areas:
        raise UnknownArea(area=area)
    allowed = [reach for grant in grants if (reach := _narrowed(grant, city, department, area))]
    if department is None and area is None:
        whole = [reach for reach in allowed if reach == Reach()]
        allowed = whole or list(dict.fromkeys(allowed))
        if len(allowed) == 1:
            return allowed[0]
        allowed = []
    if not allowed:
        raise _foreign(grants, city)
    return min(allowed, key=lambda reach: (reach.department is not None) + (reach.area is not None))


def _narrowed(grant: Grant, city: City, department: str | None, area: str | None) -> Reach | None:
    """Return what a grant shows of what is asked, nothing where the asked lies outside it."""
    held = grant.department if grant.role is Role.LEAD else None
    within = _area(grant, city)
    if held is not None and department not in {None, held}:
        return None
    if within is not None and area is not None and not _inside(city, area, within):
        return None
    return Reach(department or held, area or within)


def _area(grant: Grant, city: City) -> str | None:
    """Return the area a grant is limited to; a center's own office names the area it looks after."""
    if grant.area is not None or grant.role is Role.LEAD or grant.department is None:
        return grant.area
    office = city.departments.get(DepartmentCode(grant.department))
    return office.area if office else None


def _inside(city: City, area: str, outer: str) -> bool:
    return any(one.code == outer for one in city.area_path(AreaCode(area)))


def _foreign(grants: list[Grant], city: City) -> ForeignFigures:
    departments = sorted({g.department for g in grants if g.role is Role.LEAD and g.department})
    areas = sorted({area for grant in grants if (area := _area(grant, city))})
    return ForeignFigures(yours=", ".join([*departments, *areas]), departments=departments, areas=areas)


def sees_votes(actor: Actor) -> bool:
    """Whether the actor may see how single tickets were rated: who handled them sees sums alone."""
    return actor.holds(Role.CENTER, Role.AUDITOR)


def centered(actor: Actor, city: City, areas: Collection[str]) -> bool:
    """Whether the actor works for a center that looks after a place, named by its codes up to the district."""
    within = [_area(grant, city) for grant in actor.grants if grant.role is Role.CENTER]
    return any(area is None or area in areas for area in within)

"""Who sees which tickets by office: roles × department × area, once, as a rule and as the SQL that asks it.

A center and an auditor see all that lies in their area; so does a grid worker, who without an area sees nothing. A
department sees what it holds or assists.
Who follows a ticket as a citizen is another question, asked of `ticket_follower`.
"""

from collections.abc import Collection, Iterable

import msgspec

from citizen_gateway.accounts.errors import RoleMissing
from citizen_gateway.platform.actor import Actor, Role
from citizen_gateway.tickets.model import Ticket

OFFICES = {
    Role.CENTER: False,
    Role.AUDITOR: False,
    Role.GRID_WORKER: False,
    Role.HANDLER: True,
    Role.LEAD: True,
    Role.OBSERVER: True,
}
"""The roles that see tickets by office, and whether only those that some department holds or assists."""


class Reach(msgspec.Struct, frozen=True, order=True):
    """Tickets that one grant reaches: of a department or of any, in an area or in all; perhaps only those `taken`."""

    department: str = ""
    area: str = ""
    taken: bool = False

    def covers(self, ticket: Ticket) -> bool:
        """Whether this ticket is reached."""
        concerned = concerned_departments(ticket)
        here = not self.area or self.area in ticket.area_path
        theirs = self.department in concerned if self.department else bool(concerned) or not self.taken
        return here and theirs


def concerned_departments(ticket: Ticket) -> frozenset[str]:
    """Return the departments that hold or assist a ticket."""
    return frozenset((*ticket.assisting, *([ticket.department] if ticket.department else ())))


def reaches(actor: Actor) -> frozenset[Reach]:
    """Return what an actor's grants reach, each different reach once."""
    return frozenset(
        Reach(grant.department or "", grant.area or "", OFFICES[grant.role] and not grant.department)
        for grant in actor.grants
        if grant.role in OFFICES and (grant.area or grant.role is not Role.GRID_WORKER)
    )


def require_sight(actor: Actor, department: str | None = None) -> None:
    """Raise `RoleMissing` unless the actor sees tickets by office, some of this department where one is named."""
    if not any(department is None or reach.department in {"", department} for reach in reaches(actor)):
        raise RoleMissing(roles=", ".join(OFFICES))


def sees(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor sees the ticket by office."""
    return any(reach.covers(ticket) for reach in reaches(actor))


def seen_by(actor: Actor, values: list[object]) -> str:
    """Return the SQL condition on a row `t` of `ticket` that is true exactly where `sees` is.

    Its parameters join `values`, whose length numbers them.
    """
    wanted = reaches(actor)
    if Reach() in wanted:
        return "true"
    areas = [reach.area for reach in wanted if reach.area and not reach.department and not reach.taken]
    departments = [reach.department for reach in wanted if reach.department and not reach.area]
    told = {Reach(area=area) for area in areas} | {Reach(department=department) for department in departments}
    conditions = [within(areas, values)] if areas else []
    conditions += [of_departments(departments, values)] if departments else []
    conditions += [_both(reach, values) for reach in sorted(wanted - told)]
    return f"({' or '.join(conditions)})" if conditions else "false"


def areas_of(actor: Actor) -> frozenset[str] | None:
    """Return the areas to which everything the actor sees is limited; None where something is not."""
    return _limits(reach.area for reach in reaches(actor))


def departments_of(actor: Actor) -> frozenset[str] | None:
    """Return the departments to which everything the actor sees is limited; None where something is not."""
    return _limits(reach.department for reach in reaches(actor))


def _limits(values: Iterable[str]) -> frozenset[str] | None:
    found = frozenset(values)
    return None if "" in found else found


def _both(reach: Reach, values: list[object]) -> str:
    parts = [within([reach.area], values)] if reach.area else []
    if reach.department:
        parts.append(of_departments([reach.department], values))
    elif reach.taken:
        parts.append("(t.department is not null or t.assisting <> '{}')")
    return f"({' and '.join(parts)})"


def within(areas: Collection[str], values: list[object]) -> str:
    """Return the SQL condition that the ticket `t` lies in one of these areas."""
    values.append(sorted(areas))
    return f"t.area_path && ${len(values)}::text[]"


def of_departments(departments: Collection[str], values: list[object]) -> str:
    """Return the SQL condition that one of these departments holds or assists the ticket `t`."""
    values.append(sorted(departments))
    number = len(values)
    # The second half names the partial index on `assisting`.
    return f"(t.department = any(${number}::text[]) or (t.assisting && ${number}::text[] and t.assisting <> '{{}}'))"

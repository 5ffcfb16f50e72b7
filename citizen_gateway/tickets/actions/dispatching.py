"""Who must act: giving a ticket to a department, back, and to another one."""

import msgspec

from citizen_gateway.platform.events import Happening
from citizen_gateway.tickets.actions.acting import Acting
from citizen_gateway.tickets.errors import SameDepartment
from citizen_gateway.tickets.events import Arbitrated, Rejected, Returned, Transferred
from citizen_gateway.tickets.terms import Need, ReturnCode


def assign(acting: Acting) -> list[Happening]:
    """Give a pending ticket to a department (派单)."""
    return [acting.assignment(acting.department(), acting.text(Need.REASON))]


def return_(acting: Acting) -> list[Happening]:
    """Give it back with a reason code and evidence (退单)."""
    return [
        Returned(
            department=acting.ticket.department or "",
            code=acting.bring(Need.CODE, ReturnCode).value,
            evidence=acting.text(Need.EVIDENCE),
            photos=acting.photos(Need.PHOTOS),
            count=acting.ticket.returns + 1,
        )
    ]


def arbitrate(acting: Acting) -> list[Happening]:
    """Decide for good who must act, after returns (裁定)."""
    given = acting.assignment(acting.department(), acting.text(Need.REASON))
    return [Arbitrated(**msgspec.structs.asdict(given))]


def transfer(acting: Acting) -> list[Happening]:
    """Take it from one department and give it to another (改派)."""
    department = acting.department()
    if department == acting.ticket.department:
        raise SameDepartment(department=department)
    return [moved(acting, department, acting.text(Need.REASON))]


def moved(acting: Acting, department: str, reason: str) -> Transferred:
    """Give a ticket that a department has to this one."""
    given = acting.assignment(department, reason)
    return Transferred(**msgspec.structs.asdict(given), from_department=acting.ticket.department or "")


def reject(acting: Acting) -> list[Happening]:
    """Refuse it for a legal reason (不予受理)."""
    return [Rejected(acting.text(Need.REASON))]

"""What a caller narrows a queue or a search by: parameters and a saved filter, checked against the city and rights."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.di import Provide
from litestar.params import QueryParameter

from citizen_gateway.accounts.errors import RoleMissing, ScopeMissing
from citizen_gateway.accounts.guards import require_scope
from citizen_gateway.city.model import AreaCode, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.desk import filters
from citizen_gateway.desk.errors import ForeignArea
from citizen_gateway.desk.model import Conditions
from citizen_gateway.insights.errors import UnknownArea
from citizen_gateway.kernel.errors import NotFound, Unauthenticated
from citizen_gateway.platform.actor import Actor, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import rights
from citizen_gateway.tickets.errors import UnknownCategory, UnknownDepartment
from citizen_gateway.tickets.model import TicketState

Department = Annotated[str | None, QueryParameter(description="Held or assisted by this department")]
Area = Annotated[str | None, QueryParameter(description="In this area, at any depth")]
CategoryFilter = Annotated[str | None, QueryParameter(name="category", description="Of this category")]
StateFilter = Annotated[TicketState | None, QueryParameter(name="state", description="In this state")]
Emergency = Annotated[bool | None, QueryParameter(description="Only emergencies, or none")]
FilterId = Annotated[UUID | None, QueryParameter(name="filter", description="A saved filter; parameters beside it win")]

REFUSED = (
    Unauthenticated,
    RoleMissing,
    ScopeMissing,
    UnknownArea,
    ForeignArea,
    UnknownDepartment,
    UnknownCategory,
    NotFound,
)


class Narrowing(msgspec.Struct, frozen=True):
    """What a call asks to narrow by: its parameters, and a saved filter under them."""

    given: Conditions = Conditions()
    saved: UUID | None = None


def provide_narrowing(
    *,
    department: Department = None,
    area: Area = None,
    category: CategoryFilter = None,
    ticket_state: StateFilter = None,
    emergency: Emergency = None,
    saved: FilterId = None,
) -> Narrowing:
    """Read the parameters that queues and searches share."""
    state = ticket_state.value if ticket_state else None
    return Narrowing(Conditions(department, area, category, state, emergency), saved)


NARROWED = {"narrowing": Provide(provide_narrowing, sync_to_thread=False)}
"""The dependency of handlers that take `narrowing`."""


async def admitted(tx: Transaction, city: City, asked: Narrowing) -> Conditions:
    """Return what the caller narrows by, the parameters over the saved filter.

    Raises `RoleMissing` for who sees no tickets or a foreign department, `ForeignArea`, `ScopeMissing`, `NotFound` for
    a filter that is not theirs, and names what the city does not have.
    """
    require_scope(tx.actor, Scope.TICKETS_READ)
    given = asked.given
    if asked.saved:
        kept = (await filters.by_id(tx, asked.saved)).conditions
        said = {name: value for name, value in msgspec.structs.asdict(given).items() if value is not None}
        given = msgspec.structs.replace(kept, **said)
    check(tx.actor, city, given)
    return given


def check(actor: Actor, city: City, given: Conditions) -> None:
    """Raise what `admitted` raises."""
    if given.department and DepartmentCode(given.department) not in city.departments:
        raise UnknownDepartment(department=given.department)
    if given.category and CategoryCode(given.category) not in city.categories:
        raise UnknownCategory(category=given.category)
    rights.require_sight(actor, given.department)
    if given.area:
        _check_area(actor, city, given.area)


def _check_area(actor: Actor, city: City, area: str) -> None:
    if AreaCode(area) not in city.areas:
        raise UnknownArea(area=area)
    limits = rights.areas_of(actor)
    if limits is None:
        return
    above = {one.code for one in city.area_path(AreaCode(area))}
    below = any(area in {one.code for one in city.area_path(AreaCode(own))} for own in limits if own in city.areas)
    if above.isdisjoint(limits) and not below:
        raise ForeignArea(area=area)

"""Somebody about to act: all that an action may look at."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from citizen_gateway.city.model import CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.platform.actor import Actor
from citizen_gateway.tickets.errors import Missing, TooLate, UnknownCategory, UnknownDepartment
from citizen_gateway.tickets.events import Assigned
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import Need

T = TypeVar("T")


class Acting(msgspec.Struct, frozen=True):
    """A ticket as it stands, who acts on it when, and what they bring."""

    city: City
    ticket: Ticket
    actor: Actor
    now: datetime
    given: Mapping[Need, object]

    def bring(self, need: Need, kind: type[T]) -> T:
        """Return what was brought. Raises `Missing` where it is not of that kind."""
        found = self.given.get(need)
        if not isinstance(found, kind):
            raise Missing(need=need.value)
        return found

    def text(self, need: Need) -> str:
        """Return a text that was brought, empty where none was."""
        found = self.given.get(need)
        return found if isinstance(found, str) else ""

    def photos(self, need: Need) -> tuple[UUID, ...]:
        """Return ids of photos that were brought."""
        found = self.given.get(need)
        return tuple(found) if isinstance(found, list | tuple) else ()

    def ahead(self, need: Need, after: datetime | None = None) -> datetime:
        """Return a moment that was brought. Raises `TooLate` where it does not lie after `after`, or after now."""
        found, bound = self.bring(need, datetime), after or self.now
        if found <= bound:
            raise TooLate(need=need.value, after=bound.isoformat(timespec="seconds"))
        return found.astimezone(UTC)

    def department(self) -> DepartmentCode:
        """Return the department that was named. Raises `UnknownDepartment`."""
        return self.known(self.bring(Need.DEPARTMENT, str))

    def departments(self) -> tuple[DepartmentCode, ...]:
        """Return the departments that were named, each once. Raises `UnknownDepartment`, `Missing`."""
        found = self.given.get(Need.DEPARTMENTS)
        named = [str(one) for one in found] if isinstance(found, list | tuple) else []
        if not named:
            raise Missing(need=Need.DEPARTMENTS.value)
        return tuple(dict.fromkeys(self.known(one) for one in named))

    def known(self, department: str) -> DepartmentCode:
        """Return a department's code. Raises `UnknownDepartment`."""
        code = DepartmentCode(department)
        if code not in self.city.departments:
            raise UnknownDepartment(department=department)
        return code

    def assignment(self, department: str, reason: str) -> Assigned:
        """Give the ticket to a department, with limits that begin now."""
        category = self.text(Need.CATEGORY) or self.ticket.category
        return assignment(self.city, self.ticket, self.now, self.known(department), reason, category=category)


def assignment(
    city: City, ticket: Ticket, now: datetime, department: DepartmentCode, reason: str, *, category: str | None
) -> Assigned:
    """Give a ticket to a department, with the category's limits from now. Raises `Missing`, `UnknownCategory`."""
    if category is None:
        raise Missing(need=Need.CATEGORY.value)
    known = city.categories.get(CategoryCode(category))
    if known is None:
        raise UnknownCategory(category=category)
    due = city.deadlines(known.code, now, emergency=ticket.emergency)
    around = ticket.emergency or known.emergency
    return Assigned(department, known.code, reason, due.accept_due, due.resolve_due, around)

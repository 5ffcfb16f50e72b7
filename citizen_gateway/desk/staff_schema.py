"""Staff and the audit log on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.accounts.audit import Entry
from citizen_gateway.accounts.passwords import LEAST_SIGNS, MOST_SIGNS
from citizen_gateway.accounts.schema import GrantView, Login
from citizen_gateway.accounts.staffing import Employee
from citizen_gateway.platform.actor import ActorKind, Grant, Role

DepartmentCode = Annotated[str, Meta(min_length=1, max_length=64)]
AreaCode = Annotated[str, Meta(min_length=1, max_length=32)]


class GiveGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A right to give or to take: a role, in one department or in all, in one area or in all."""

    role: Role
    department: DepartmentCode | None = None
    area: AreaCode | None = None

    def grant(self) -> Grant:
        """Return the right."""
        return Grant(self.role, self.department, self.area)


class AddStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new member of staff with their rights."""

    login: Login
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    grants: Annotated[list[GiveGrant], Meta(max_length=50)] = []


class SetPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new password."""

    password: Annotated[str, Meta(min_length=LEAST_SIGNS, max_length=MOST_SIGNS)]


class StaffView(msgspec.Struct, frozen=True):
    """A member of staff; one who is not active left."""

    id: UUID
    login: str
    name: str
    active: bool
    has_password: bool
    grants: list[GrantView]

    @classmethod
    def of(cls, employee: Employee) -> "StaffView":
        """Show a member of staff."""
        grants = [GrantView(grant.role, grant.department, grant.area) for grant in employee.grants]
        return cls(employee.id, employee.login, employee.name, employee.active, employee.has_password, grants)


class AuditEntry(msgspec.Struct, frozen=True):
    """A line of the audit log: who did what with personal data or with rights, when and what for."""

    id: UUID
    at: datetime
    by: ActorKind
    by_id: UUID | None
    what: str
    purpose: str
    subject: UUID | None
    details: dict[str, object]

    @classmethod
    def of(cls, entry: Entry) -> "AuditEntry":
        """Show a line."""
        return cls(
            entry.id,
            entry.at,
            entry.actor_kind,
            entry.actor_id,
            entry.what,
            entry.purpose,
            entry.subject,
            entry.details,
        )

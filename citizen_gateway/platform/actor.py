"""Who acts: the same value whether they came through the app, a chat, a partner's system or the clock."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

import msgspec


class ActorKind(StrEnum):
    """What sort of party acts."""

    CITIZEN = "citizen"
    STAFF = "staff"
    CLIENT = "client"  # a partner's system
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


class Role(StrEnum):
    """What a member of staff may be in a department or area."""

    HANDLER = "handler"  # department handler 经办人
    LEAD = "lead"  # department lead
    OBSERVER = "observer"  # reads what a department holds, and acts on nothing
    CENTER = "center"  # center operator 城运中心
    GRID_WORKER = "grid_worker"  # 网格员
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    MERCHANT = "merchant"  # hands out what points buy; which shop is theirs, the shop's record says


class Scope(StrEnum):
    """What a partner's key opens."""

    REPORTS_WRITE = "reports:write"
    REPORTS_READ = "reports:read"
    TICKETS_READ = "tickets:read"
    TICKETS_HANDLE = "tickets:handle"
    TICKETS_CENTER = "tickets:center"
    POINTS_MERCHANT = "points:merchant"
    POINTS_TASKS = "points:tasks"
    CITIZENS_ACT = "citizens:act"
    HANDOVERS = "handovers"


class Grant(msgspec.Struct, frozen=True):
    """A right: a role, in one department or in all where none is named, in one area or in all."""

    role: Role
    department: str | None = None
    area: str | None = None

    def covers(self, department: str | None = None, areas: Collection[str] | None = None) -> bool:
        """Whether the right reaches a department, where one is named, and one of the areas, where they are named."""
        here = areas is None or self.area is None or self.area in areas
        return here and (department is None or self.department in {None, department})


class Terms(msgspec.Struct, frozen=True):
    """What a partner's client is held to: the networks it may call from (none: all), and limits of its own."""

    addresses: tuple[str, ...] = ()
    burst: int | None = None
    per_hour: int | None = None


class Actor(msgspec.Struct, frozen=True):
    """One who acts, with what they may do; in the sandbox they see and change its tables alone."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    channel: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[Scope] = frozenset()
    locale: str | None = None
    terms: Terms | None = None
    sandbox: bool = False

    @property
    def key(self) -> str:
        """A name unique among all actors, for limits and idempotency."""
        return f"{self.kind}:{self.id}"

    def holds(self, *roles: Role, department: str | None = None, areas: Collection[str] | None = None) -> bool:
        """Whether one of the roles is held, in this department and in one of these areas where they are named.

        `areas` are the codes of a place from its finest area to its district; a place not known is `()`.
        """
        return any(grant.role in roles and grant.covers(department, areas) for grant in self.grants)

    def departments(self, *roles: Role) -> frozenset[str] | None:
        """Return the departments in which one of the roles is held; None means all of them."""
        held = [grant.department for grant in self.grants if grant.role in roles]
        return None if None in held else frozenset(name for name in held if name is not None)


SYSTEM = Actor(ActorKind.SYSTEM)
ANONYMOUS = Actor(ActorKind.ANONYMOUS)

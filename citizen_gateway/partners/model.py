"""The event feed as plain values: what somebody may see of the log, and what they see."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.partners.cursors import Place
from citizen_gateway.platform.actor import Actor, ActorKind, Role, Scope
from citizen_gateway.platform.events import Event


class Sight(msgspec.Struct, frozen=True):
    """What an actor may see of the feed: tickets by office, and what became of reports.

    `author` is the key under which they filed reports, `citizen` who they are, `channel` the one all of whose citizens
    they may act for; the three tell whose reports are theirs.
    """

    actor: Actor
    by_office: bool
    author: str | None = None
    citizen: UUID | None = None
    channel: str | None = None

    @property
    def by_report(self) -> bool:
        """Whether reports open tickets to them."""
        return self.author is not None

    def office(self, departments: frozenset[str], areas: tuple[str, ...]) -> bool:
        """Whether an event that concerns these departments, in these areas, is theirs by office."""
        if not self.by_office:
            return False
        if self.actor.holds(Role.CENTER, Role.AUDITOR, areas=areas):
            return True
        return any(self.actor.holds(Role.HANDLER, Role.LEAD, department=one, areas=areas) for one in departments)


class OwnReport(msgspec.Struct, frozen=True):
    """A report that is the reader's own, and how their channel knows who made it."""

    id: UUID
    subject: str | None = None


class Told(msgspec.Struct, frozen=True):
    """One event as a reader is told it."""

    event: Event
    ticket: str
    data: dict[str, object]
    reports: tuple[OwnReport, ...]

    @property
    def place(self) -> Place:
        """Where it stands in the log."""
        return Place(self.event.xid, self.event.seq)


class Batch(msgspec.Struct, frozen=True):
    """What was read at once: the events told, the place behind all that was looked at, and whether there may be more.

    `at` is the moment it was read.
    """

    told: list[Told]
    place: Place
    more: bool
    at: datetime


def sight_of(actor: Actor) -> Sight:
    """Return what an actor may see. Raises `ScopeMissing` for a client whose key opens no events."""
    if actor.kind is not ActorKind.CLIENT:
        citizen = actor.id if actor.kind is ActorKind.CITIZEN else None
        return Sight(actor, by_office=bool(actor.grants), author=actor.key, citizen=citizen)
    by_office = Scope.TICKETS_READ in actor.scopes
    by_report = Scope.REPORTS_READ in actor.scopes
    if not (by_office or by_report):
        raise ScopeMissing(scope=Scope.REPORTS_READ.value)
    acts = by_report and Scope.CITIZENS_ACT in actor.scopes
    return Sight(actor, by_office, actor.key if by_report else None, channel=actor.channel if acts else None)

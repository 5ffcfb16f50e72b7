"""The event feed as plain values: what somebody may see of the log, and what they see."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.errors import ScopeMissing
from citizen_gateway.city.read_model import City
from citizen_gateway.partners.cursors import Place
from citizen_gateway.platform.actor import Actor, ActorKind, Role, Scope
from citizen_gateway.platform.events import Event
from citizen_gateway.tickets.schema import channel_status
from citizen_gateway.tickets.terms import TicketState


class Sight(msgspec.Struct, frozen=True):
    """What an actor may see of the feed: tickets by office, and what became of reports.

    `author` is the key under which they filed reports, `citizen` who they are, `channel` the one all of whose citizens
    they may act for; the three tell whose reports are theirs. `words` are what a client's channel calls the states of
    a ticket.
    """

    actor: Actor
    by_office: bool
    author: str | None = None
    citizen: UUID | None = None
    channel: str | None = None
    words: Mapping[str, str] = {}

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
    """A report that is the reader's own, or one they signed for.

    For a partner's client: how its channel knows who reported, its own number, and the ticket's status by now in its
    channel's words.
    """

    id: UUID
    subject: str | None = None
    external_ref: str | None = None
    status: str | None = None


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


def sight_of(actor: Actor, city: City) -> Sight:
    """Return what an actor may see. Raises `ScopeMissing` for a client whose key opens no events."""
    if actor.kind is not ActorKind.CLIENT:
        citizen = actor.id if actor.kind is ActorKind.CITIZEN else None
        return Sight(actor, by_office=bool(actor.grants), author=actor.key, citizen=citizen)
    require_events(actor)
    by_report = Scope.REPORTS_READ in actor.scopes
    acts = by_report and Scope.CITIZENS_ACT in actor.scopes
    language = city.settings.language
    return Sight(
        actor,
        by_office=Scope.TICKETS_READ in actor.scopes,
        author=actor.key if by_report else None,
        channel=actor.channel if acts else None,
        words={state.value: channel_status(city, actor.channel, state, language) for state in TicketState},
    )


def require_events(client: Actor) -> None:
    """Raise `ScopeMissing` for a client whose key opens no events."""
    if client.scopes.isdisjoint({Scope.TICKETS_READ, Scope.REPORTS_READ}):
        raise ScopeMissing(scope=Scope.REPORTS_READ.value)

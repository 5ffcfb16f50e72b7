"""Same event, one ticket (同诉求): what a new report is compared with, and what follows."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway.city.joining import Family, Joining
from citizen_gateway.city.model import AreaLevel, CategoryCode, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.intake import joinable, suggestions
from citizen_gateway.intake.joinable import Whereabouts
from citizen_gateway.intake.matching import PICTURES, Grid, Known, Likeness, Sought, known_as, likeness, lock_of, voice
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import SYSTEM, ActorKind
from citizen_gateway.platform.db import Connection, Transaction
from citizen_gateway.tickets import joining as tickets
from citizen_gateway.tickets.events import Joined, JoinSuggested
from citizen_gateway.tickets.record import Follower, Ticket
from citizen_gateway.tickets.service import note
from citizen_gateway.tickets.terms import OPEN, TicketState
from citizen_nlp import Analysis, Urgency

OFFERED = 3
"""Most tickets a citizen is offered to follow instead."""

_GONE = frozenset(TicketState) - {*OPEN, TicketState.RESOLVED}  # what is resolved may be reopened
_SHORTEST_NAME = 3
_UNNAMED = re.compile(r"[\W_]+")


class Told(msgspec.Struct, frozen=True):
    """What a report says, whether it is about to be kept or has long been."""

    category: CategoryCode | None
    words: str
    place: str
    analysis: Analysis


class Spot(msgspec.Struct, frozen=True):
    """Where a report is."""

    point: Point | None
    location: Location | None


class Match(msgspec.Struct, frozen=True):
    """The known event most like a report; `sure` says that the report may join it without a person's look."""

    known: Known
    score: float
    sure: bool


class Joiner:
    """Compares reports with the open tickets nearby, by the rules of the city's pack."""

    def __init__(self, city: City, rules: Joining) -> None:
        self._rules = rules
        self._families = rules.families()
        self._grid = Grid(city.bounds)
        self._marks = re.compile(rules.marks)
        self._vague = re.compile("|".join(map(re.escape, rules.vague)) or "$^")

    def sought(self, told: Told, where: Spot, photos: Sequence[int], at: datetime) -> Sought | None:
        """Return what to look for; None for what is a person's own matter, or lies nowhere."""
        family = self._families.get(told.category) if told.category else None
        if family is None or told.category is None:
            return None
        analysis = told.analysis
        found = Sought(
            family=family,
            voice=voice(analysis, told.category, told.words, self._marks),
            at=at,
            point=where.point,
            community=_within(family, _community(where.location)),
            phrase=_within(family, self._phrase(told, where.location)),
            photos=tuple(photos),
            sure_at_all=family.automatic
            and analysis.urgency is not Urgency.EMERGENCY
            and analysis.nature.value in self._rules.natures,
        )
        return found if found.point or found.community or found.phrase else None

    async def match(self, tx: Transaction, sought: Sought, citizen: UUID | None) -> Match | None:
        """Return the known event most like the report, if one is; nobody else looks there until the transaction ends.

        What the same person reported before is never joined by a machine: it is likely to be another thing.
        """
        where = self._where(sought)
        places = where.cells or [place for place in (where.community, where.phrase) if place]
        await joinable.lock(tx.conn, sorted(map(lock_of, places)))
        ranked = await self._ranked(tx.conn, sought, where)
        if not ranked or ranked[0][1].score < self._rules.maybe:
            return None
        known, found = ranked[0]
        sure = sought.sure_at_all and found.score >= self._rules.sure and not found.apart and not known.emergency
        if sure and (citizen or tx.actor.kind is not ActorKind.CLIENT):
            sure = not await joinable.has_reported(tx.conn, known.ticket_id, citizen, tx.actor.key)
        return Match(known, found.score, sure)

    async def similar(self, conn: Connection, sought: Sought) -> list[tuple[Known, Likeness]]:
        """Return what a citizen may be offered to follow: nobody's own matter, no emergency, the most alike first."""
        if not sought.family.automatic:
            return []
        ranked = await self._ranked(conn, sought, self._where(sought))
        fit = [one for one in ranked if one[1].score >= self._rules.shown and not one[0].emergency]
        return fit[:OFFERED]

    async def offered(self, conn: Connection, ticket: UUID) -> bool:
        """Whether a ticket is one that anybody may follow."""
        known = await joinable.by_ticket(conn, ticket)
        families = {family.name: family for family in self._rules.family}
        return (
            known is not None and not known.emergency and known.family in families and families[known.family].automatic
        )

    async def join(
        self, tx: Transaction, match: Match, sought: Sought, report: UUID, follower: Follower
    ) -> Ticket | None:
        """Let the matched ticket answer the report; None where it has ended meanwhile."""
        joined = Joined(report, match.score)
        with_photo = bool(sought.photos)
        ticket = await tickets.join(tx, match.known.ticket_id, joined, follower, SYSTEM, with_photo=with_photo)
        if ticket:
            await joinable.update(tx.conn, known_as(match.known, sought.voice, sought.photos, self._rules.voices))
        return ticket

    def remember(self, tx: Transaction, sought: Sought, ticket: Ticket) -> None:
        """Keep a new ticket as one that others may join."""
        joinable.insert(tx.conn, _known(sought, ticket), self._cell(sought))

    async def relearn(self, tx: Transaction, ticket: Ticket, told: Sequence[Told], spot: Spot) -> None:
        """Keep anew what a ticket is about, after its category or its reports have changed; `told` oldest first."""
        sought = [one for one in (self.sought(each, spot, (), ticket.opened_at) for each in told) if one]
        if not sought or ticket.state in _GONE:
            await joinable.forget(tx.conn, ticket.id)
            return
        known = _known(sought[0], ticket)
        for more in sought[1:]:
            known = known_as(known, more.voice, (), self._rules.voices)
        before = await joinable.by_ticket(tx.conn, ticket.id)
        photos = before.photos if before else ()
        known = msgspec.structs.replace(known, reports=len(told), photos=photos)
        await joinable.put(tx.conn, known, self._cell(sought[0]))

    def family_of(self, category: str | None) -> str | None:
        """Return the name of a category's family."""
        family = self._families.get(CategoryCode(category)) if category else None
        return family.name if family else None

    def _cell(self, sought: Sought) -> str | None:
        return self._grid.cell(sought.family, sought.point) if sought.point else None

    async def _ranked(self, conn: Connection, sought: Sought, where: Whereabouts) -> list[tuple[Known, Likeness]]:
        since = sought.at - timedelta(days=sought.family.days)
        near = await joinable.near(conn, where, since, OPEN, self._rules.looked_at)
        judged = [(known, likeness(sought, known, self._rules.evidence)) for known in near]
        return sorted(((known, like) for known, like in judged if like), key=lambda one: -one[1].score)

    def _where(self, sought: Sought) -> Whereabouts:
        cells = self._grid.around(sought.family, sought.point) if sought.point else []
        return Whereabouts(tuple(cells), sought.community, sought.phrase)

    def _phrase(self, told: Told, location: Location | None) -> str | None:
        """Return what the words name inside a street or dedicated area that is known: an estate, a school."""
        street = location and (location.at(AreaLevel.STREET) or location.dedicated)
        if location is None or not street:
            return None
        known = re.compile("|".join(re.escape(area.name) for area in location.areas))
        for words in (told.place, *(place.span.text for place in told.analysis.places)):
            name = _UNNAMED.sub("", self._vague.sub("", known.sub("", words))).casefold()
            if len(name) >= _SHORTEST_NAME:
                return f"{street.code}~{name}"
        return None


def suggestion(match: Match) -> JoinSuggested:
    """Return what is recorded of a ticket that may be about the same event as an older one."""
    return JoinSuggested(match.known.ticket_id, match.score)


async def suggest(tx: Transaction, match: Match, ticket: TicketId) -> None:
    """Ask a person whether a new ticket is about the same event as the matched one: both tickets say so."""
    suggestions.insert(tx.conn, ticket, match.known.ticket_id, match.score, tx.now)
    await note(tx, match.known.ticket_id, [JoinSuggested(ticket, match.score).as_fact(SYSTEM)])


def _known(sought: Sought, ticket: Ticket) -> Known:
    return Known(
        ticket_id=ticket.id,
        family=sought.family.name,
        lat=sought.point.lat if sought.point else None,
        lon=sought.point.lon if sought.point else None,
        community=sought.community,
        phrase=sought.phrase,
        voices=(sought.voice,),
        photos=sought.photos[:PICTURES],
        emergency=ticket.emergency,
        reports=1,
        opened_at=ticket.opened_at,
    )


def _within(family: Family, place: str | None) -> str | None:
    return f"{family.name}@{place}" if place else None


def _community(location: Location | None) -> str | None:
    """Return the community or dedicated area of a place; anything coarser is no place for an event."""
    area = location and (location.dedicated or location.at(AreaLevel.COMMUNITY))
    return area.code if area else None

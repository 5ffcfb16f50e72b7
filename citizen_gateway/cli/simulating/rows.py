"""The rows of a simulated ticket in every table, such as a running gateway would have left them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from citizen_gateway.city.read_model import City
from citizen_gateway.cli.simulating.habits import Habits
from citizen_gateway.cli.simulating.lives import Life, People, Told
from citizen_gateway.cli.simulating.matters import Matter, Matters
from citizen_gateway.desk import indexing
from citizen_gateway.intake.model import Report, heading
from citizen_gateway.kernel.ids import (
    CitizenId,
    EventId,
    InvitationId,
    ReportId,
    TicketId,
    TicketNumber,
    ticket_number,
    uuid7,
)
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.events import GENESIS, Event, chain_hash
from citizen_gateway.platform.vault import Vault
from citizen_gateway.satisfaction.jobs import WINDOW_OVER, WindowOver
from citizen_gateway.satisfaction.model import Invitation
from citizen_gateway.tickets import clocks, history, jobs
from citizen_gateway.tickets.model import RATING_WINDOW
from citizen_gateway.tickets.record import DispatchNote, Ticket
from citizen_gateway.tickets.terms import TicketState
from citizen_nlp import Analysis, CategoryGuess

Row = tuple[object, ...]

TICKET = tuple(field.name for field in msgspec.structs.fields(Ticket))
REPORT = tuple(field.name for field in msgspec.structs.fields(Report))
INVITATION = tuple(field.name for field in msgspec.structs.fields(Invitation))
COLUMNS: dict[str, tuple[str, ...]] = {
    "ticket": TICKET,
    "report": REPORT,
    "event": (
        *("id", "stream", "version", "type", "at", "actor_kind", "actor_id", "public", "data"),
        *("previous_hash", "hash"),
    ),
    "ticket_follower": ("ticket_id", "secret_hash", "actors", "since", "report_id"),
    "invitation": INVITATION,
    "rating": (
        *("invitation_id", "report_id", "ticket_id", "contacted", "solved", "satisfied", "tags", "comment", "rated_at"),
    ),
    "ticket_words": ("ticket_id", "version", "words"),
    "ticket_hand": ("ticket_id", "actor", "since"),
}
_TAKEN = {TicketState.ACCEPTED, TicketState.IN_PROGRESS, TicketState.ON_HOLD}


class Town(msgspec.Struct, frozen=True):
    """What simulated tickets are made from."""

    city: City
    habits: Habits
    matters: Matters
    people: People
    citizens: Sequence[CitizenId]
    vault: Vault
    now: datetime


class Waiting(msgspec.Struct, frozen=True):
    """A job that a ticket has waiting."""

    kind: str
    payload: msgspec.Struct
    at: datetime


class Writer:
    """Makes tickets one after the other, and keeps their rows until they are taken."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town = town
        self._rng = random.Random(seed)  # noqa: S311 - a city that is made again is the same city
        self._numbers: set[TicketNumber] = set()
        self.rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        self.waiting: list[Waiting] = []
        self.tickets = self.events = 0

    def take(self) -> dict[str, list[Row]]:
        """Return the rows made so far, and begin anew."""
        rows, self.rows = self.rows, {table: [] for table in COLUMNS}
        return rows

    def write(self) -> Ticket:
        """Make one ticket with its rows."""
        rng, town = self._rng, self._town
        matter = town.matters.draw(rng)
        citizens = [self._citizen()]
        while rng.random() < town.habits.life.joined:
            citizens.append(self._citizen())
        at = matter.at.astimezone(UTC)
        reports = [ReportId(uuid7(at + timedelta(milliseconds=n), rng.randbytes(10))) for n in range(len(citizens))]
        life = Life(town.city, town.habits, town.people, rng)
        reporter = Actor(ActorKind.CITIZEN, citizens[0])
        life.live(matter, reports, reporter, emergency=rng.random() < town.habits.life.emergency)
        life.cut(town.now)
        ticket, events = self._chained(self._blank(matter, at), life.told)
        joined = [report for report in reports if report in ticket.reports]
        said = [self._report(matter, ticket, pair, at) for pair in zip(joined, citizens, strict=False)]
        self._keep(ticket, events, said)
        self._rate(ticket, life, said)
        return ticket

    def _citizen(self) -> CitizenId:
        return self._town.citizens[int(self._rng.random() * len(self._town.citizens))]

    def _blank(self, matter: Matter, at: datetime) -> Ticket:
        rng = self._rng
        location, answer = matter.location, matter.dispatch
        across = (location.dedicated,) if location.dedicated else ()
        return Ticket(
            id=TicketId(uuid7(at, rng.randbytes(10))),
            number=self._number(matter),
            state=TicketState.PENDING,
            version=0,
            head_hash=GENESIS,
            title=heading("", matter.text),
            category=matter.category.code,
            area=location.areas[0].code if location.areas else None,
            area_path=tuple(area.code for area in (*location.areas, *across)),
            lat=matter.point.lat if matter.point else None,
            lon=matter.point.lon if matter.point else None,
            department=None,
            emergency=False,
            with_photo=False,
            dispatch=DispatchNote(
                answer.department is not None, answer.reason, answer.rule, 0.8, (), answer.explanation
            ),
            opened_at=at,
        )

    def _number(self, matter: Matter) -> TicketNumber:
        city = self._town.city
        day = matter.at.astimezone(city.calendar.timezone).date()
        while True:
            number = ticket_number(city.settings.ticket_prefix, day, self._rng.getrandbits(30))
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _chained(self, ticket: Ticket, told: Sequence[Told]) -> tuple[Ticket, list[Row]]:
        """Return the ticket that the events make, and the events as rows, each chained to the one before."""
        rows: list[Row] = []
        past: list[Event] = []
        head = GENESIS
        for version, one in enumerate(told, 1):
            data = msgspec.structs.asdict(one.what)
            identity = EventId(uuid7(one.at, self._rng.randbytes(10)))
            at = one.at.astimezone(UTC)
            by = one.by
            event = (identity, ticket.id, version, one.what.name, at, by.kind.value, by.id, one.what.public)
            digest = chain_hash(head, event, data)
            rows.append((*event, data, head, digest))
            past.append(Event(identity, 0, version, ticket.id, version, one.what.name, at, by.kind, by.id, True, data))
            ticket, head = history.apply(ticket, one.what, at), digest
            if version == 1:
                ticket = msgspec.structs.replace(ticket, emergency=bool(data["emergency"]))
        ticket = msgspec.structs.replace(ticket, version=len(rows), head_hash=head)
        return self._watched(ticket, past), rows

    def _watched(self, ticket: Ticket, past: Sequence[Event]) -> Ticket:
        """Have the clocks of an open ticket looked at when they next have something to tell."""
        if not ticket.is_open:
            return ticket
        plain = [msgspec.structs.replace(event, data=msgspec.to_builtins(event.data)) for event in past]
        town = self._town
        at = clocks.next_moment(clocks.deadlines(plain), town.city.calendar, town.now)
        if at is not None:
            self.waiting.append(Waiting(jobs.DUE.name, jobs.Due(ticket.id, at), at))
        return msgspec.structs.replace(ticket, next_check=at)

    def _report(self, matter: Matter, ticket: Ticket, pair: tuple[ReportId, CitizenId], at: datetime) -> Report:
        report, citizen = pair
        text = matter.text
        if report != ticket.reports[0]:
            text = self._town.matters.words(self._rng, matter.category, matter.place)
        code = matter.category.code
        return Report(
            id=report,
            ticket_id=ticket.id,
            citizen_id=citizen,
            author=f"citizen:{citizen}",
            channel=matter.channel,
            title=heading("", text),
            text=text,
            photos=(),
            lat=ticket.lat,
            lon=ticket.lon,
            place=matter.place,
            area=ticket.area,
            category=None,
            analysis=Analysis(categories=(CategoryGuess(code, 0.8),), abstained=False),
            created_at=at,
        )

    def _keep(self, ticket: Ticket, events: Sequence[Row], said: Sequence[Report]) -> None:
        rows, town = self.rows, self._town
        rows["ticket"].append(tuple(getattr(ticket, name) for name in TICKET))
        rows["event"] += events
        for report in said:
            rows["report"].append(tuple(getattr(report, name) for name in REPORT))
            secret = self._rng.randbytes(32)
            rows["ticket_follower"].append((ticket.id, secret, [report.author], report.created_at, report.id))
        vector = indexing.vector_of(town.city, town.vault, ticket, said)
        rows["ticket_words"].append((ticket.id, ticket.version, vector))
        if ticket.state in _TAKEN:
            handler = next(row for row in reversed(events) if row[3] == "ticket.accepted")
            rows["ticket_hand"].append((ticket.id, f"staff:{handler[6]}", handler[4]))
        self.tickets, self.events = self.tickets + 1, self.events + len(events)

    def _rate(self, ticket: Ticket, life: Life, said: Sequence[Report]) -> None:
        """Invite each reporter of a ticket that was resolved, and keep what those said who answered."""
        if not life.invited:
            return
        at, rows = life.invited[0].astimezone(UTC), self.rows
        if ticket.state is TicketState.RESOLVED:
            over = WindowOver(ticket.id)
            self.waiting.append(Waiting(WINDOW_OVER.name, over, life.invited[-1] + RATING_WINDOW))
        invitations = {
            report.id: Invitation(
                InvitationId(uuid7(at, self._rng.randbytes(10))),
                report.id,
                ticket.id,
                report.citizen_id,
                at,
                at + RATING_WINDOW,
            )
            for report in said
        }
        rows["invitation"] += [tuple(getattr(one, name) for name in INVITATION) for one in invitations.values()]
        for voted in life.votes:
            vote, invitation = voted.vote, invitations[ReportId(voted.report)]
            marks: Row = (vote.contacted, vote.solved.value, vote.satisfied, [], "", voted.at.astimezone(UTC))
            rows["rating"].append((invitation.id, voted.report, ticket.id, *marks))


def staff_of(rng: random.Random, count: int) -> tuple[Actor, ...]:
    """Make so many members of staff who act, known by nothing but their ids."""
    return tuple(Actor(ActorKind.STAFF, UUID(int=rng.getrandbits(128))) for _ in range(count))

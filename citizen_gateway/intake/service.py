"""From what a citizen says to a ticket and a receipt: analysed, located, dispatched, kept."""

from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.guards import require_kind, require_scope
from citizen_gateway.accounts.model import Channel
from citizen_gateway.accounts.service import find_or_add_citizen
from citizen_gateway.city.model import CategoryCode, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.intake import joining, patrol, references, store
from citizen_gateway.intake.errors import (
    CoordinatesSwapped,
    EmptyText,
    OnBehalfOnlyByClients,
    OutsideCity,
    ReferencesOnlyByClients,
)
from citizen_gateway.intake.joining import Joiner, Spot, Told
from citizen_gateway.intake.matching import Sought
from citizen_gateway.intake.model import Accepted, Preview, Report, Similar, Understood, heading
from citizen_gateway.intake.schema import SubmitReport
from citizen_gateway.kernel.errors import NotFound
from citizen_gateway.kernel.geo import Datum, Point, to_wgs84
from citizen_gateway.kernel.ids import CitizenId, ReportId, read_ticket_number, readable_secret, secret_hash, uuid7
from citizen_gateway.media.model import Photo
from citizen_gateway.media.service import owned_photos
from citizen_gateway.platform.actor import Actor, ActorKind, Scope
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.limits import Limit, Limiter
from citizen_gateway.platform.settings import Settings
from citizen_gateway.platform.vault import Vault
from citizen_gateway.tickets import joining as watching
from citizen_gateway.tickets import service as tickets
from citizen_gateway.tickets import store as ticket_store
from citizen_gateway.tickets.errors import BadTicketNumber, UnknownCategory
from citizen_gateway.tickets.model import Follower, Ticket
from citizen_gateway.tickets.service import Case
from citizen_nlp import Analyser, Lexicon, Urgency, mask

_SECRET_BYTES = 10


class Intake:
    """The way in, for one city."""

    def __init__(self, city: City, vault: Vault, limiter: Limiter, settings: Settings) -> None:
        self._city = city
        self._vault = vault
        self._limiter = limiter
        self._analyser = Analyser(Lexicon.build(extra=city.place_names()))
        self._citizen_limit = Limit("report", settings.report_burst, settings.report_per_hour)
        self._look_limit = Limit("look", settings.look_burst, settings.look_per_hour)
        rules = city.settings.joining
        self.joiner = Joiner(city, rules) if rules else None

    async def admit(self, actor: Actor) -> None:
        """Count one report against the caller's limit. Raises `RateLimited`, `Forbidden` or `ScopeMissing`."""
        require_kind(actor, ActorKind.CITIZEN, ActorKind.STAFF, ActorKind.CLIENT)
        require_scope(actor, Scope.REPORTS_WRITE)
        if actor.kind is not ActorKind.CLIENT:  # clients are counted at each call
            await self._limiter.take(self._citizen_limit, actor.key)

    async def admit_look(self, actor: Actor) -> None:
        """Count a look at what others reported. Raises `RateLimited`, `Forbidden` or `ScopeMissing`."""
        require_kind(actor, ActorKind.CITIZEN, ActorKind.STAFF, ActorKind.CLIENT)
        require_scope(actor, Scope.REPORTS_WRITE)
        if actor.kind is not ActorKind.CLIENT:
            await self._limiter.take(self._look_limit, actor.key)

    def understand(self, actor: Actor, said: SubmitReport) -> Understood:
        """Check and read a report; pure.

        Raises `EmptyText`, `UnknownCategory`, `OutsideCity`, `CoordinatesSwapped`, `OnBehalfOnlyByClients`,
        `ReferencesOnlyByClients`.
        """
        if not said.text.strip():
            raise EmptyText
        if said.category is not None and CategoryCode(said.category) not in self._city.categories:
            raise UnknownCategory(category=said.category)
        if said.on_behalf_of and actor.kind is not ActorKind.CLIENT:
            raise OnBehalfOnlyByClients
        if said.external_ref and actor.kind is not ActorKind.CLIENT:
            raise ReferencesOnlyByClients
        point, location = self._located(said.position) if said.position else (None, None)
        return Understood(
            said=said,
            channel=_channel(actor, said),
            point=point,
            location=location,
            analysis=self._analyser.analyse(said.title, said.text),
        )

    async def submit(self, tx: Transaction, understood: Understood) -> Accepted:
        """Keep a report: it joins the ticket of its event where there surely is one, or opens its own.

        Raises `UnknownPhoto` for photos that are not the caller's, `ReferenceTaken`, `OutsidePatrol`.
        """
        said = understood.said
        photos = await owned_photos(tx, said.photo_ids) if said.photo_ids else []
        citizen = await self._citizen(tx, understood)
        report, secret = ReportId(uuid7(tx.now)), readable_secret()
        actors = {tx.actor.key, f"{ActorKind.CITIZEN}:{citizen}"} if citizen else {tx.actor.key}
        follower = Follower(secret_hash(secret), tuple(sorted(actors)))
        case = self._case(understood, report, *self._place(understood, photos))
        patrol.check_area(tx.actor, case.location)
        ticket, joined = await self._answered(tx, understood, case, photos, (citizen, follower))
        kept = Report(
            id=report,
            ticket_id=ticket.id,
            citizen_id=citizen,
            author=tx.actor.key,
            channel=understood.channel,
            title=heading(said.title, said.text),
            text=said.text,
            photos=tuple(photo.id for photo in photos),
            lat=case.point.lat if case.point else None,
            lon=case.point.lon if case.point else None,
            place=said.place,
            area=case.location.areas[0].code if case.location and case.location.areas else None,
            category=said.category,
            analysis=understood.analysis,
            created_at=tx.now,
        )
        store.insert(tx.conn, kept)
        if said.external_ref:
            await references.keep(tx, said.external_ref, kept.id)
        return Accepted(kept, ticket, secret, joined)

    async def preview(self, tx: Transaction, understood: Understood) -> Preview:
        """Say what a report would become, and what is like it, storing nothing. Raises `UnknownPhoto`."""
        photos = await owned_photos(tx, understood.said.photo_ids)
        case = self._case(understood, ReportId(uuid7(tx.now)), *self._place(understood, photos))
        sought = self._sought(understood, case, photos, tx.now)
        alike = await self.joiner.similar(tx.conn, sought) if self.joiner and sought else []
        found = [await ticket_store.by_id(tx.conn, known.ticket_id) for known, _ in alike]
        similar = [Similar(ticket, *one) for ticket, one in zip(found, alike, strict=True) if ticket]
        return Preview(understood, case, similar)

    async def follow(self, tx: Transaction, number: str) -> tuple[Ticket, str]:
        """Let the actor watch somebody else's ticket; return it with the secret that opens it, the same each time.

        Raises `BadTicketNumber`, and `NotFound` for a ticket that is not open or not for everybody's eyes.
        """
        canonical = read_ticket_number(number)
        if canonical is None:
            raise BadTicketNumber
        ticket = await ticket_store.by_number(tx.conn, canonical)
        if ticket is None or self.joiner is None or not ticket.is_open:
            raise NotFound(what="ticket")
        if not await self.joiner.offered(tx.conn, ticket.id):
            raise NotFound(what="ticket")
        secret = readable_secret(self._vault.index(f"follow:{ticket.id}:{tx.actor.key}")[:_SECRET_BYTES])
        await watching.watch(tx, ticket, Follower(secret_hash(secret), (tx.actor.key,)))
        return ticket, secret

    def _sought(self, understood: Understood, case: Case, photos: list[Photo], at: datetime) -> Sought | None:
        if self.joiner is None:
            return None
        said = understood.said
        told = Told(case.category, f"{said.title}\n{said.text}".strip(), said.place, understood.analysis)
        hashes = [photo.perceptual_hash for photo in photos]
        return self.joiner.sought(told, Spot(case.point, case.location), hashes, at)

    async def _answered(
        self,
        tx: Transaction,
        understood: Understood,
        case: Case,
        photos: list[Photo],
        person: tuple[CitizenId | None, Follower],
    ) -> tuple[Ticket, bool]:
        """Return the ticket that answers a report, and whether others had opened it."""
        citizen, follower = person
        sought = self._sought(understood, case, photos, tx.now)
        if self.joiner is None or sought is None:
            return await tickets.open_ticket(tx, self._city, case, follower), False
        match = await self.joiner.match(tx, sought, citizen)
        if match and match.sure:
            ticket = await self.joiner.join(tx, match, sought, case.report, follower)
            if ticket:
                return ticket, True
            match = None
        told = msgspec.structs.replace(case, more=(joining.suggestion(match),)) if match else case
        ticket = await tickets.open_ticket(tx, self._city, told, follower)
        self.joiner.remember(tx, sought, ticket)
        if match:
            await joining.suggest(tx, match, ticket.id)
        return ticket, False

    def _located(self, given: Position) -> tuple[Point, Location]:
        city, shown = self._city, {"lat": given.lat, "lon": given.lon}
        if found := self._inside(given.lat, given.lon, given.datum):
            return found
        if self._inside(given.lon, given.lat, given.datum):
            raise CoordinatesSwapped(**shown, city=city.name)
        raise OutsideCity(**shown, datum=given.datum.value, city=city.name)

    def _inside(self, lat: float, lon: float, datum: Datum) -> tuple[Point, Location] | None:
        """Return the point and what lies there, where the two numbers are a point of this city."""
        try:
            point = to_wgs84(lat, lon, datum)
        except ValueError:
            return None
        location = self._city.locate(point)
        return (point, location) if location else None

    def _place(self, understood: Understood, photos: list[Photo]) -> tuple[Point | None, Location | None]:
        """Return where it is: the pin, else where the photo was taken, else the one area that the words name."""
        if understood.point:
            return understood.point, understood.location
        for photo in photos:
            taken = Point(*photo.position) if photo.position else None
            if taken and (location := self._city.locate(taken)):
                return taken, location
        phrases = [understood.said.place, *(place.span.text for place in understood.analysis.places)]
        for phrase in filter(None, phrases):
            found = self._city.find_place(phrase)
            if len(found) == 1 and found[0].area:
                return None, self._city.location_of(found[0].area)
        return None, None

    def _case(self, understood: Understood, report: ReportId, point: Point | None, location: Location | None) -> Case:
        said, analysis = understood.said, understood.analysis
        known = [guess for guess in analysis.categories if guess.code in self._city.categories]
        best = known[0] if known else None
        chosen = said.category or (best.code if best else None)
        return Case(
            title=mask(heading(said.title, said.text)).text,
            report=report,
            category=CategoryCode(chosen) if chosen else None,
            confidence=best.confidence if best and not analysis.abstained else 0.0,
            category_given=said.category is not None,
            location=location,
            point=point,
            emergency=analysis.emergency_numbers if analysis.urgency is Urgency.EMERGENCY else (),
            with_photo=bool(said.photo_ids),
            channel=understood.channel.value,
        )

    async def _citizen(self, tx: Transaction, understood: Understood) -> CitizenId | None:
        if tx.actor.kind is ActorKind.CITIZEN and tx.actor.id:
            return CitizenId(tx.actor.id)
        behalf = understood.said.on_behalf_of
        if behalf is None:
            return None
        return await find_or_add_citizen(tx, self._vault, tx.actor.channel, behalf.subject)


async def report_of(tx: Transaction, report: UUID) -> Report:
    """Return a report its author asks for. Raises `NotFound` for anybody else's."""
    found = await store.by_id(tx.conn, report)
    if found is None or tx.actor.key not in {found.author, f"{ActorKind.CITIZEN}:{found.citizen_id}"}:
        raise NotFound(what="report")
    return found


def _channel(actor: Actor, said: SubmitReport) -> Channel:
    if actor.kind is ActorKind.CLIENT:
        return Channel(actor.channel)
    if actor.kind is ActorKind.STAFF:
        return Channel.GRID_PATROL
    return said.channel or Channel.APP

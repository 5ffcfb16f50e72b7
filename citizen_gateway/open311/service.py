"""Use cases of Open311: services, filing a request, following requests and their updates."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.accounts.service import Doorkeeper
from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.open311 import Open311File
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import Position
from citizen_gateway.intake.model import Accepted
from citizen_gateway.intake.schema import OnBehalfOf, SubmitReport
from citizen_gateway.intake.service import Intake
from citizen_gateway.kernel.errors import Problem, Unauthenticated
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.kernel.ids import TicketId, new_secret, uuid7
from citizen_gateway.open311 import errors, store
from citizen_gateway.open311.errors import KeyRefused, Refusal, Unknown
from citizen_gateway.open311.events import Remarked
from citizen_gateway.open311.model import Change, Filing, Known, Question
from citizen_gateway.open311.store import Sight
from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets import service as tickets

MOST_UPDATES = 1000


class Created(msgspec.Struct, frozen=True):
    """What POST requests made: for a `batch` service, the token is told first."""

    request: UUID
    token: str
    notice: str


class Open311:
    """A city's Open311 endpoint, as far as it is data."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.file: Open311File | None = city.settings.open311
        groups = set(self.file.public_groups) if self.file else set()
        self.public = tuple(code for code, category in city.categories.items() if category.group in groups)

    def sight(self, actor: Actor | None) -> Sight:
        """Return what this caller may see."""
        return Sight(actor.key if actor else None, self.public)

    def notes(self) -> Open311File:
        """Return what the pack says. Raises `Unknown` where this city does not speak Open311."""
        if self.file is None:
            raise Unknown(errors.NO_ADDRESS)
        return self.file

    def check_jurisdiction(self, given: str) -> None:
        """Raise `Unknown` for another jurisdiction than ours; none is ours."""
        if given and given != self.notes().jurisdiction:
            raise Unknown(errors.NO_JURISDICTION, id=given[:40])

    def category(self, code: str) -> CategoryCode:
        """Return a service code as category. Raises `Unknown`."""
        found = CategoryCode(code)
        if found not in self.city.categories:
            raise Unknown(errors.NO_SERVICE, code=code[:40])
        return found


async def recognise(doorkeeper: Doorkeeper, api_key: str, now: datetime) -> Actor | None:
    """Return the partner's client an `api_key` belongs to, None without one. Raises `KeyRefused`."""
    if not api_key:
        return None
    try:
        actor = await doorkeeper.recognise(api_key, now)
    except Unauthenticated as error:
        raise KeyRefused(errors.NO_KEY) from error
    if actor.kind is not ActorKind.CLIENT:
        raise KeyRefused(errors.NO_KEY)
    return actor


async def file_request(tx: Transaction, intake: Intake, filing: Filing, photos: tuple[UUID, ...]) -> Created:
    """File a request as a report of the client's channel. Raises `Refusal` for a place outside the city."""
    said = SubmitReport(
        text=filing.text,
        position=Position(filing.point.lat, filing.point.lon, Datum.WGS84) if filing.point else None,
        place=filing.address,
        photo_ids=list(photos),
        category=filing.code,
        on_behalf_of=OnBehalfOf(filing.subject) if filing.subject else None,
    )
    accepted: Accepted = await intake.submit(tx, intake.understand(tx.actor, said))
    token = new_secret("")
    answers: Mapping[str, tuple[str, ...]] = {answer.code: answer.values for answer in filing.answers}
    store.insert(tx.conn, accepted.report.id, token, filing.media_url, dict(answers))
    return Created(accepted.report.id, token, accepted.ticket.dispatch.reason)


async def requests(tx: Transaction, open311: Open311, caller: Actor | None, asked: Question) -> list[Known]:
    """Return the requests that were asked for, as far as the caller may see them. Raises `Unknown` for a service."""
    sight = open311.sight(caller)
    if asked.ids is not None:
        return await store.by_ids(tx.conn, sight, asked.ids)
    for code in asked.codes or ():
        open311.category(code)
    return await store.by_question(tx.conn, sight, asked)


async def request(tx: Transaction, open311: Open311, caller: Actor | None, identity: UUID | None, said: str) -> Known:
    """Return one request. Raises `Unknown` for one that does not exist or that the caller may not see."""
    found = await store.by_ids(tx.conn, open311.sight(caller), [identity]) if identity else []
    if not found:
        raise Unknown(errors.NO_REQUEST, id=said[:80])
    return found[0]


async def changes(
    tx: Transaction, open311: Open311, caller: Actor | None, span: tuple[datetime, datetime], identity: UUID | None
) -> list[Change]:
    """Return what happened to requests in this span, oldest first, `MOST_UPDATES` at most."""
    return await store.changes(tx.conn, open311.sight(caller), span, identity, MOST_UPDATES)


async def remark(tx: Transaction, request: Known, update_id: str, words: str) -> UUID:
    """Add a client's words to its own request, once for each `update_id`; return our id of the update.

    Raises `Refusal` where the client used the id for another request.
    """
    mine = uuid7(tx.now)
    known = await store.claim(tx.conn, (tx.actor.key, update_id), request.id, mine)
    if known.report_id != request.id:
        raise Refusal(errors.ALREADY_OTHER, id=update_id[:80])
    if known.id == mine:
        await tickets.note(tx, TicketId(request.ticket_id), [Remarked(request.id, mine, words).as_fact()])
    return known.id


def refusal_of(problem: Problem) -> Refusal:
    """Return a problem of the gateway as the standard's refusal: 403 and 404 as they are, all else 400."""
    kind = {401: KeyRefused, 403: KeyRefused, 404: Unknown}.get(problem.status, Refusal)
    return kind(problem.detail, **problem.fields)

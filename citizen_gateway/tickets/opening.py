"""How a ticket begins: opened for a report, and given to a department at once where that is sure."""

from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import structlog

from citizen_gateway.city.model import CategoryCode, DepartmentCode, Dispatch, Location
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.geo import Point
from citizen_gateway.kernel.ids import TicketId, ticket_number, uuid7
from citizen_gateway.platform import events
from citizen_gateway.platform.actor import SYSTEM, Actor
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import Fact, Happening
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets import steps, store
from citizen_gateway.tickets.actions.acting import assignment
from citizen_gateway.tickets.events import Alerted, Opened
from citizen_gateway.tickets.record import DispatchNote, Follower, Suggestion, Ticket
from citizen_gateway.tickets.terms import TicketState

SURE = 0.6
"""The least calibrated confidence in a category at which nobody needs to look before dispatch."""

UNCLEAR = message("The category is not clear.")
UNSURE = message("The category is not sure enough to dispatch without a look.")
BROKEN = message("The duty rules failed, so a person decides: {error}")

_log = structlog.get_logger(__name__)


class Case(msgspec.Struct, frozen=True):
    """What intake knows of a new matter.

    `category_given` says that a person chose the category; `emergency` are the numbers to call, if life is in danger;
    `more` is what else the system notes of it at once.
    """

    title: str
    report: UUID
    category: CategoryCode | None
    confidence: float
    category_given: bool
    location: Location | None
    point: Point | None
    emergency: tuple[str, ...]
    with_photo: bool
    channel: str | None = None
    more: tuple[Happening, ...] = ()


class Ruling(msgspec.Struct, frozen=True):
    """What the duty rules say of a case; `failure` where they could not be asked."""

    answer: Dispatch | None = None
    alerted: tuple[DepartmentCode, ...] = ()
    failure: str | None = None


async def open_ticket(tx: Transaction, city: City, case: Case, follower: Follower) -> Ticket:
    """Open a ticket, and dispatch it at once where the category is sure and one duty rule fits."""
    ruling = _ask_rules(city, case)
    note = _note(case, ruling, city.settings.language)
    ticket = _blank(tx, city, case, note)
    dedicated = case.location.dedicated.code if case.location and case.location.dedicated else None
    opened = Opened(case.report, case.category, ticket.area, ticket.emergency, case.channel, dedicated)
    told = [_told(opened)]
    if ruling.alerted:
        told.append(_told(Alerted(ruling.alerted, case.emergency), SYSTEM))
    if note.automatic and ruling.answer and ruling.answer.department:
        given = assignment(city, ticket, tx.now, ruling.answer.department, note.reason, category=case.category)
        told.append(_told(given, SYSTEM))
    told += [_told(one, SYSTEM) for one in case.more]
    ticket = await steps.opened(tx, city, ticket, told)
    reporter = follower if follower.report else msgspec.structs.replace(follower, report=case.report)
    store.insert(tx.conn, ticket, reporter)
    return ticket


def dispatch_of(city: City, case: Case) -> tuple[DispatchNote, DepartmentCode | None]:
    """Return where a new matter would go and why; no department where a person would decide."""
    ruling = _ask_rules(city, case)
    note = _note(case, ruling, city.settings.language)
    return note, ruling.answer.department if ruling.answer and note.automatic else None


def _told(happened: Happening, by: Actor | None = None) -> tuple[Happening, Fact]:
    return happened, happened.as_fact(by)


def _ask_rules(city: City, case: Case) -> Ruling:
    try:
        answer = city.dispatch(case.category, case.location) if case.category else None
        return Ruling(answer, city.emergency_departments(case.emergency, case.location))
    except Exception as error:  # noqa: BLE001 - rules are data: whatever is wrong with them, the report must get through
        _log.error("duty_rules_failed", category=case.category, report=str(case.report), exc_info=error)
        return Ruling(failure=f"{type(error).__name__}: {error}")


def _blank(tx: Transaction, city: City, case: Case, note: DispatchNote) -> Ticket:
    areas = case.location.areas if case.location else ()
    across = (case.location.dedicated,) if case.location and case.location.dedicated else ()
    return Ticket(
        id=TicketId(uuid7(tx.now)),
        number=ticket_number(city.settings.ticket_prefix, tx.now.astimezone(ZoneInfo(city.timezone)).date()),
        state=TicketState.PENDING,
        version=0,
        head_hash=events.GENESIS,
        title=case.title,
        category=case.category,
        area=areas[0].code if areas else None,
        area_path=tuple(area.code for area in (*areas, *across)),
        lat=case.point.lat if case.point else None,
        lon=case.point.lon if case.point else None,
        department=None,
        emergency=bool(case.emergency),
        with_photo=case.with_photo,
        dispatch=note,
        opened_at=tx.now,
    )


def _note(case: Case, ruling: Ruling, language: str) -> DispatchNote:
    if ruling.failure is not None:
        return DispatchNote(automatic=False, reason=translate(BROKEN, language, error=ruling.failure))
    answer = ruling.answer
    if answer is None:
        return DispatchNote(automatic=False, reason=translate(UNCLEAR, language))
    sure = case.category_given or case.confidence >= SURE
    return DispatchNote(
        automatic=sure and answer.department is not None,
        reason=answer.reason if sure else translate(UNSURE, language),
        rule=answer.rule,
        confidence=None if case.category_given else round(case.confidence, 4),
        suggestions=_suggestions(answer),
        explanation=answer.explanation,
    )


def _suggestions(answer: Dispatch) -> tuple[Suggestion, ...]:
    if answer.department:
        return (Suggestion(answer.department, answer.reason),)
    return tuple(Suggestion(candidate.department, candidate.reason) for candidate in answer.candidates)

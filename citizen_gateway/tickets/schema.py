"""Tickets on the wire: how they are shown."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from citizen_gateway.city.model import AreaCode, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import AreaView, Position
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.events import Event
from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.tickets.events import Absorbed, Joined, Opened
from citizen_gateway.tickets.model import LIFE
from citizen_gateway.tickets.record import Call, DispatchNote, Meeting, Ticket, Wish
from citizen_gateway.tickets.terms import Action, Level, PauseCause, TicketState
from citizen_nlp import mask


class CategoryRef(msgspec.Struct, frozen=True):
    """A category by code and names."""

    code: str
    name: str
    name_en: str


class DepartmentRef(msgspec.Struct, frozen=True):
    """A department by code and names."""

    code: str
    name: str
    name_en: str


class PauseView(msgspec.Struct, frozen=True):
    """Why a ticket waits: for the answer to a question (`text`), or held for a reason; `until` when at most."""

    cause: PauseCause
    text: str
    since: datetime
    until: datetime


class Handling(msgspec.Struct, frozen=True):
    """What only staff see: returns, calls for help, what was asked of a center, who watches, and meetings."""

    returns: int
    arbitrated: bool
    calls: list[Call]
    hold_wish: Wish | None
    extension_wish: Wish | None
    supervision: Level | None
    meeting: Meeting | None
    reopened: int


class TicketView(msgspec.Struct, frozen=True):
    """A ticket. `actions` is what you may do now; `dispatch`, `assisting` and `handling` are null but for staff.

    `title` is what its first reporter wrote; others than staff see it with personal data masked. `reporters` counts the
    reports it answers, `pause` says why it waits, `merged_into` which ticket answers instead.
    """

    number: str
    state: TicketState
    title: str
    category: CategoryRef | None
    department: DepartmentRef | None
    areas: list[AreaView]
    position: Position | None
    emergency: bool
    opened_at: datetime
    assigned_at: datetime | None
    accept_due: datetime | None
    resolve_due: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    reply: str | None
    after_photo_ids: list[UUID]
    pause: PauseView | None
    merged_into: str | None
    reporters: int
    actions: list[Action]
    dispatch: DispatchNote | None
    assisting: list[DepartmentRef] | None
    handling: Handling | None
    version: int


class SplitTickets(msgspec.Struct, frozen=True):
    """A ticket that was split, and the new one."""

    ticket: TicketView
    new: TicketView


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened: what, when, by whom, with what; `says` tells a citizen in words, where there are any."""

    version: int
    type: str
    at: datetime
    by: ActorKind
    data: dict[str, object]
    says: str | None


class Timeline(msgspec.Struct, frozen=True):
    """What happened to a ticket, oldest first; citizens see the public part."""

    items: list[TimelineEntry]


def category_ref(city: City, code: str | None) -> CategoryRef | None:
    """Show a category by its code."""
    category = city.categories.get(CategoryCode(code)) if code else None
    return CategoryRef(category.code, category.name, category.name_en) if category else None


def department_ref(city: City, code: str | None) -> DepartmentRef | None:
    """Show a department by its code."""
    department = city.departments.get(DepartmentCode(code)) if code else None
    return DepartmentRef(department.code, department.name, department.name_en) if department else None


def channel_status(city: City, channel: str, state: TicketState, locale: str) -> str:
    """Say how far a ticket is in the words of a channel, as the pack has them, else in ours."""
    return city.settings.channels.get(channel, {}).get(state.value) or translate(state.value, locale)


def area_refs(city: City, code: str | None) -> list[AreaView]:
    """Show an area and those above it, finest first."""
    path = city.area_path(AreaCode(code)) if code else ()
    return [AreaView.of(area) for area in path]


def ticket_view(city: City, ticket: Ticket, *, staff: bool, actions: Sequence[Action] = ()) -> TicketView:
    """Show a ticket, with what may be done to it by whom it is shown."""
    return TicketView(
        number=ticket.number,
        state=ticket.state,
        title=ticket.title if staff else mask(ticket.title).text,
        category=category_ref(city, ticket.category),
        department=department_ref(city, ticket.department),
        areas=area_refs(city, ticket.area),
        position=None if ticket.lat is None or ticket.lon is None else Position(ticket.lat, ticket.lon, Datum.WGS84),
        emergency=ticket.emergency,
        opened_at=ticket.opened_at,
        assigned_at=ticket.assigned_at,
        accept_due=ticket.accept_due,
        resolve_due=ticket.resolve_due,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        reply=ticket.reply,
        after_photo_ids=list(ticket.after_photos),
        pause=_pause(ticket),
        merged_into=ticket.merger.number if ticket.merger else None,
        reporters=len(ticket.reports),
        actions=list(actions),
        dispatch=ticket.dispatch if staff else None,
        assisting=[ref for code in ticket.assisting if (ref := department_ref(city, code))] if staff else None,
        handling=_handling(ticket) if staff else None,
        version=ticket.version,
    )


def _pause(ticket: Ticket) -> PauseView | None:
    pause = ticket.pause
    return PauseView(pause.cause, pause.text, pause.since, pause.until) if pause else None


def _handling(ticket: Ticket) -> Handling:
    return Handling(
        returns=ticket.returns,
        arbitrated=ticket.arbitrated,
        calls=list(ticket.calls),
        hold_wish=ticket.hold_wish,
        extension_wish=ticket.extension_wish,
        supervision=ticket.supervision,
        meeting=ticket.meeting,
        reopened=ticket.reopened,
    )


def timeline_entry(event: Event, locale: str) -> TimelineEntry:
    """Show an event of a ticket, in words of the reader's language."""
    says = _SAYS.get(event.type)
    text = translate(says, locale) if says else None
    return TimelineEntry(event.version, event.type, event.at, event.actor_kind, event.data, text)


_SAYS = {
    Opened.name: message("The report was received."),
    Joined.name: message("Somebody else reported the same."),
    Absorbed.name: message("Another ticket about the same thing is answered here too."),
} | {step.event.name: step.sees for step in LIFE if step.sees}

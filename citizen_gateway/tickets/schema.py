"""Tickets on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from citizen_gateway.city.model import AreaCode, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.schema import AreaView, Position
from citizen_gateway.kernel.geo import Datum
from citizen_gateway.platform.actor import ActorKind
from citizen_gateway.platform.events import Event
from citizen_gateway.platform.i18n import translate
from citizen_gateway.tickets.model import Action, DispatchNote, Ticket, TicketState, legal_actions

Reason = Annotated[str, Meta(min_length=1, max_length=2000)]


class AssignTicket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give a pending ticket to a department. A category given here corrects the guessed one."""

    department: Annotated[str, Meta(min_length=1, max_length=64)]
    reason: Reason
    category: str | None = None


class ResolveTicket(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say that the matter is settled: the reply citizens read, and photos of the result where they sent one."""

    reply: Annotated[str, Meta(min_length=1, max_length=5000)]
    photo_ids: Annotated[list[UUID], Meta(max_length=9)] = []


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


class TicketView(msgspec.Struct, frozen=True):
    """A ticket. `dispatch`, `actions` and `assisting` are for staff alone, and null for others."""

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
    dispatch: DispatchNote | None
    actions: list[Action] | None
    assisting: list[DepartmentRef] | None
    version: int


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened: what, when, by whom, with what."""

    version: int
    type: str
    at: datetime
    by: ActorKind
    data: dict[str, object]


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


def ticket_view(city: City, ticket: Ticket, *, staff: bool) -> TicketView:
    """Show a ticket."""
    return TicketView(
        number=ticket.number,
        state=ticket.state,
        title=ticket.title,
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
        dispatch=ticket.dispatch if staff else None,
        actions=legal_actions(ticket.state) if staff else None,
        assisting=[ref for code in ticket.assisting if (ref := department_ref(city, code))] if staff else None,
        version=ticket.version,
    )


def timeline_entry(event: Event) -> TimelineEntry:
    """Show an event of a ticket."""
    return TimelineEntry(event.version, event.type, event.at, event.actor_kind, event.data)

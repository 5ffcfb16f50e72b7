"""Words that are ready: the pack's templates, filled with what a ticket says of itself."""

from datetime import datetime

import msgspec

from citizen_gateway.city.model import AreaCode, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.templates import fitting
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import Action


class ReadyText(msgspec.Struct, frozen=True):
    """A text for an action, made from the pack's template of that id; whoever acts may change it."""

    template: str
    text: str


class ReadyTexts(msgspec.Struct, frozen=True):
    """The texts for an action on a ticket."""

    items: list[ReadyText]


def ready_texts(city: City, ticket: Ticket, action: Action) -> list[ReadyText]:
    """Return the texts for an action on a ticket, those made for its category first."""
    fields = _fields(city, ticket)
    return [
        ReadyText(template.id, template.text.format_map(fields))
        for template in fitting(city.settings.templates, action.value, ticket.category)
    ]


def _fields(city: City, ticket: Ticket) -> dict[str, str]:
    chinese = city.settings.language.startswith("zh")
    category = city.categories.get(CategoryCode(ticket.category or ""))
    department = city.departments.get(DepartmentCode(ticket.department or ""))
    area = city.areas.get(AreaCode(ticket.area or ""))
    return {
        "number": ticket.number,
        "title": ticket.title,
        "category": (category.name if chinese else category.name_en) if category else "",
        "department": (department.name if chinese else department.name_en) if department else "",
        "place": area.name if area else "",
        "opened": _local(city, ticket.opened_at),
        "due": _local(city, ticket.resolve_due),
    }


def _local(city: City, moment: datetime | None) -> str:
    return f"{moment.astimezone(city.calendar.timezone):%Y-%m-%d %H:%M}" if moment else ""

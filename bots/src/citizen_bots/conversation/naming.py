"""Names and times as citizens read them."""

from datetime import datetime, timedelta, timezone

from babel.dates import format_datetime

from citizen_bots.conversation.talk import Talk
from citizen_bots.texts import mark
from citizen_gateway_sdk import TicketState, models

CHINA = timezone(timedelta(hours=8))
"""The one legal time of China, without summer time since 1992: no database of zones is needed for it."""

_STATES = {
    TicketState.PENDING: mark("waiting to be assigned"),
    TicketState.ASSIGNED: mark("assigned"),
    TicketState.ACCEPTED: mark("signed for"),
    TicketState.IN_PROGRESS: mark("being worked on"),
    TicketState.RESOLVED: mark("settled, waiting for ratings"),
    TicketState.CLOSED: mark("closed"),
}

_EVENTS = {
    "ticket.opened": mark("The report arrived"),
    "ticket.assigned": mark("Given to the department"),
    "ticket.accepted": mark("The department signed for it"),
    "ticket.started": mark("Work began"),
    "ticket.resolved": mark("The department says it is settled"),
    "ticket.rated": mark("A citizen rated the result"),
    "ticket.closed": mark("Closed"),
}


def name_of(talk: Talk, named: models.CategoryRef | models.DepartmentRef) -> str:
    """Return a name of the city's in the citizen's language, or the Chinese one."""
    return named.name if talk.t.locale.startswith("zh") else named.name_en or named.name


def state_name(talk: Talk, state: TicketState) -> str:
    """Return where a ticket stands, in words; a state newer than this code by its own word."""
    return talk.t(_STATES[state]) if state in _STATES else state.value


def event_name(talk: Talk, kind: str) -> str:
    """Return what happened, in words; an event newer than this code by its own word."""
    return talk.t(_EVENTS[kind]) if kind in _EVENTS else kind


def moment(talk: Talk, at: datetime) -> str:
    """Return a date and time of day."""
    return format_datetime(at, "yyyy-MM-dd HH:mm", tzinfo=CHINA, locale=talk.t.locale)

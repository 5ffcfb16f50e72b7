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
    TicketState.ON_HOLD: mark("waiting"),
    TicketState.RESOLVED: mark("settled, waiting for ratings"),
    TicketState.CLOSED: mark("closed"),
    TicketState.REJECTED: mark("not taken up"),
    TicketState.WITHDRAWN: mark("taken back"),
    TicketState.MERGED: mark("answered with another report"),
}

EVENTS = {
    "ticket.opened": mark("The report arrived"),
    "ticket.joined": mark("Another report of the same matter joined"),
    "ticket.unjoined": mark("A report has a ticket of its own again"),
    "ticket.assigned": mark("Given to the department"),
    "ticket.arbitrated": mark("The center decided who handles it"),
    "ticket.transferred": mark("Given to another department"),
    "ticket.accepted": mark("The department signed for it"),
    "ticket.started": mark("Work began"),
    "ticket.asked": mark("The department asks you something"),
    "ticket.answered": mark("The question was answered"),
    "ticket.held": mark("It must wait"),
    "ticket.resumed": mark("It goes on"),
    "ticket.extended": mark("The department was given more time"),
    "ticket.resolved": mark("The department says it is settled"),
    "ticket.verified": mark("Somebody looked whether it is done"),
    "ticket.reopened": mark("It is handled again"),
    "ticket.invited": mark("You are asked to rate the result"),
    "ticket.rated": mark("A citizen rated the result"),
    "ticket.closed": mark("Closed"),
    "ticket.rejected": mark("It was not taken up"),
    "ticket.withdrawn": mark("It was taken back"),
    "ticket.merged": mark("It is answered together with another report"),
    "ticket.absorbed": mark("Another report is answered together with it"),
    "ticket.unmerged": mark("It has a ticket of its own again"),
    "ticket.split": mark("Some reports have a ticket of their own now"),
    "ticket.urged": mark("A citizen asked to hurry"),
}
"""What citizens see of a ticket's past, by the type of the event."""


def name_of(talk: Talk, named: models.CategoryRef | models.DepartmentRef) -> str:
    """Return a name of the city's in the citizen's language, or the Chinese one."""
    return named.name if talk.t.locale.startswith("zh") else named.name_en or named.name


def state_name(talk: Talk, state: TicketState) -> str:
    """Return where a ticket stands, in words; a state newer than this code by its own word."""
    return talk.t(_STATES[state]) if state in _STATES else state.value


def event_name(talk: Talk, kind: str) -> str:
    """Return what happened, in words; an event newer than this code by its own word."""
    return talk.t(EVENTS[kind]) if kind in EVENTS else kind


def moment(talk: Talk, at: datetime) -> str:
    """Return a date and time of day."""
    return moment_in(talk.t.locale, at)


def moment_in(locale: str, at: datetime) -> str:
    """Return a date and time of day as a language writes them."""
    return format_datetime(at, "yyyy-MM-dd HH:mm", tzinfo=CHINA, locale=locale)

"""What must be true of a ticket, beside its state, for an action to be possible."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from citizen_gateway.platform.i18n import message
from citizen_gateway.tickets.record import Ticket
from citizen_gateway.tickets.terms import Level, PauseCause, TicketState

MOST_RETURNS = 2
"""How often departments may give a ticket back; the next time a center arbitrates."""

REOPEN_WITHIN = timedelta(days=30)
"""How long after it was closed a ticket can be taken up again."""


class When(StrEnum):
    """A condition, by its stable name."""

    NOT_ARBITRATED = "not_arbitrated"
    RETURNED = "returned"
    RETURNS_LEFT = "returns_left"
    HOLD_WISHED = "hold_wished"
    EXTENSION_WISHED = "extension_wished"
    IN_TIME = "in_time"
    QUESTION_OPEN = "question_open"
    CALLED = "called"
    CONVENED = "convened"
    CONCLUDED = "concluded"
    ONLY_REPORTER = "only_reporter"
    SEVERAL_REPORTS = "several_reports"
    RECENT = "recent"
    LEVEL_LEFT = "level_left"


WHY_NOT = {
    When.NOT_ARBITRATED: message("A center decided who must act. That is final."),
    When.RETURNED: message("No department has returned it, so there is nothing to arbitrate."),
    When.RETURNS_LEFT: message("It was returned too often to be assigned again. A center must arbitrate."),
    When.HOLD_WISHED: message("The department has not asked for it to wait."),
    When.EXTENSION_WISHED: message("The department has not asked for more time."),
    When.IN_TIME: message("More time must be asked for before the limit, and the limit is over."),
    When.QUESTION_OPEN: message("No question is waiting for an answer, or the time to answer is over."),
    When.CALLED: message("No call to this department is waiting for an answer."),
    When.CONVENED: message("No meeting has it on its list."),
    When.CONCLUDED: message("No meeting has decided on it."),
    When.ONLY_REPORTER: message("Others reported it too, so it cannot be taken back."),
    When.SEVERAL_REPORTS: message("It answers one report only, so there is nothing to split."),
    When.RECENT: message("It was closed too long ago. Please report anew."),
    When.LEVEL_LEFT: message("The city itself watches it already."),
}


def holds(condition: When, ticket: Ticket, now: datetime) -> bool:
    """Whether a condition is true of a ticket at that moment."""
    return _TESTS[condition](ticket, now)


def _question_open(ticket: Ticket, now: datetime) -> bool:
    pause = ticket.pause
    return pause is not None and pause.cause is PauseCause.QUESTION and now < pause.until


def _recent(ticket: Ticket, now: datetime) -> bool:
    if ticket.state is not TicketState.CLOSED or ticket.closed_at is None:
        return True
    return now <= ticket.closed_at + REOPEN_WITHIN


_TESTS: Mapping[When, Callable[[Ticket, datetime], bool]] = {
    When.NOT_ARBITRATED: lambda ticket, _now: not ticket.arbitrated,
    When.RETURNED: lambda ticket, _now: ticket.returns > 0,
    When.RETURNS_LEFT: lambda ticket, _now: ticket.returns <= MOST_RETURNS,
    When.HOLD_WISHED: lambda ticket, _now: ticket.hold_wish is not None,
    When.EXTENSION_WISHED: lambda ticket, _now: ticket.extension_wish is not None,
    When.IN_TIME: lambda ticket, now: ticket.resolve_due is not None and now < ticket.resolve_due,
    When.QUESTION_OPEN: _question_open,
    When.CALLED: lambda ticket, _now: bool(ticket.assisting),
    When.CONVENED: lambda ticket, _now: ticket.meeting is not None and ticket.meeting.conclusion is None,
    When.CONCLUDED: lambda ticket, _now: ticket.meeting is not None and ticket.meeting.conclusion is not None,
    When.ONLY_REPORTER: lambda ticket, _now: len(ticket.reports) == 1,
    When.SEVERAL_REPORTS: lambda ticket, _now: len(ticket.reports) > 1,
    When.RECENT: _recent,
    When.LEVEL_LEFT: lambda ticket, _now: ticket.supervision is not Level.CITY,
}

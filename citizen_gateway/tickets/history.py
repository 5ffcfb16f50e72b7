"""What events make of a ticket: pure, so that a ticket's row is never anything but the sum of its timeline."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId, TicketNumber
from citizen_gateway.platform.events import Event, Fact, Happening, happening
from citizen_gateway.tickets import events
from citizen_gateway.tickets.record import Call, Meeting, Merger, Pause, Ticket, Wish
from citizen_gateway.tickets.terms import Level, PauseCause, ReopenCause, TicketState

_changed = msgspec.structs.replace


def apply(ticket: Ticket, happened: Happening, at: datetime) -> Ticket:
    """Return the ticket after an event; one that says nothing of the ticket itself leaves it as it is."""
    kind = type(happened)
    effect = _EFFECTS.get(kind)
    return effect(ticket, happened, at) if effect else ticket


def apply_all(ticket: Ticket, happenings: Iterable[Happening], at: datetime) -> Ticket:
    """Return the ticket after several events of one moment."""
    return reduce(lambda before, happened: apply(before, happened, at), happenings, ticket)


def replayed(ticket: Ticket, past: Iterable[Event]) -> Ticket:
    """Return what a ticket's events, oldest first, make of it; only what no event says is taken from the ticket."""
    said_by_none = {name: getattr(ticket, name) for name in _SAID_BY_NO_EVENT}
    blank = Ticket(**said_by_none, state=TicketState.PENDING, department=None, category=None)
    for event in past:
        told = happening(event)
        if told is not None:
            blank = apply(blank, told, event.at)
    return blank


_SAID_BY_NO_EVENT = (
    "id", "number", "version", "head_hash", "title", "area", "area_path", "lat", "lon", "emergency", "with_photo",
    "dispatch", "opened_at", "next_check",
)  # fmt: skip


def meant(fact: Fact) -> Happening | None:
    """Return the event of ours that a fact is, None for those of other slices."""
    kind = Happening.registry.get(fact.type)
    return msgspec.convert(fact.data, kind) if kind in _EFFECTS else None


def _opened(ticket: Ticket, told: events.Opened, _at: datetime) -> Ticket:
    return _changed(ticket, reports=(told.report,), category=told.category)


def _alerted(ticket: Ticket, told: events.Alerted, _at: datetime) -> Ticket:
    return _changed(ticket, assisting=_united(ticket.assisting, told.departments))


def _joined(ticket: Ticket, told: events.Joined, _at: datetime) -> Ticket:
    return _changed(ticket, reports=_united(ticket.reports, (told.report,)))


def _unjoined(ticket: Ticket, told: events.Unjoined, _at: datetime) -> Ticket:
    return _changed(ticket, reports=_without(ticket.reports, (told.report,)))


def _assigned(ticket: Ticket, told: events.Assigned, at: datetime) -> Ticket:
    return _changed(
        ticket,
        state=TicketState.ASSIGNED,
        department=told.department,
        category=told.category,
        assigned_at=at,
        accept_due=told.accept_due,
        resolve_due=told.resolve_due,
        around_the_clock=told.around_the_clock,
        arbitrated=isinstance(told, events.Arbitrated),
        resolved_at=None,
        closed_at=None,
        reply=None,
        after_photos=(),
        pause=None,
        hold_wish=None,
        extension_wish=None,
    )


def _reopened(ticket: Ticket, told: events.Reopened, at: datetime) -> Ticket:
    return _changed(
        _assigned(ticket, told, at),
        arbitrated=ticket.arbitrated,
        reopened=ticket.reopened + 1,
        reopened_unsatisfied=ticket.reopened_unsatisfied or told.cause == ReopenCause.UNSATISFIED,
    )


def _accepted(ticket: Ticket, _told: events.Accepted, _at: datetime) -> Ticket:
    return _changed(ticket, state=TicketState.ACCEPTED)


def _started(ticket: Ticket, _told: events.Started, _at: datetime) -> Ticket:
    return _changed(ticket, state=TicketState.IN_PROGRESS)


def _returned(ticket: Ticket, told: events.Returned, _at: datetime) -> Ticket:
    return _changed(
        ticket,
        state=TicketState.PENDING,
        department=None,
        assigned_at=None,
        accept_due=None,
        resolve_due=None,
        extension_wish=None,
        returns=told.count,
    )


def _called(ticket: Ticket, told: events.AssistRequested, at: datetime) -> Ticket:
    calls = tuple(Call(department, told.reason, at) for department in told.departments)
    return _changed(ticket, calls=(*ticket.calls, *calls), assisting=_united(ticket.assisting, told.departments))


def _assisted(ticket: Ticket, told: events.Assisted, at: datetime) -> Ticket:
    calls = tuple(
        _changed(call, answer=told.answer, answered_at=at) if _waits_for(call, told.department) else call
        for call in ticket.calls
    )
    return _changed(ticket, calls=calls)


def _waits_for(call: Call, department: str) -> bool:
    return call.department == department and call.answer is None


def _convened(ticket: Ticket, told: events.Convened, at: datetime) -> Ticket:
    meeting = Meeting(told.reason, told.departments, told.meets_on, at)
    return _changed(ticket, meeting=meeting, assisting=_united(ticket.assisting, told.departments))


def _concluded(ticket: Ticket, told: events.Concluded, at: datetime) -> Ticket:
    if ticket.meeting is None:
        return ticket
    meeting = _changed(
        ticket.meeting,
        conclusion=told.conclusion,
        department=told.department,
        concluded_at=at,
        follow_up_on=told.follow_up_on,
    )
    return _changed(ticket, meeting=meeting)


def _followed_up(ticket: Ticket, told: events.FollowedUp, _at: datetime) -> Ticket:
    if ticket.meeting is None:
        return ticket
    return _changed(ticket, meeting=_changed(ticket.meeting, followed_up=told.note, done=told.done))


def _asked(ticket: Ticket, told: events.Asked, at: datetime) -> Ticket:
    pause = Pause(PauseCause.QUESTION, told.question, at, told.answer_due, ticket.state)
    return _changed(ticket, state=TicketState.ON_HOLD, pause=pause)


def _held(ticket: Ticket, told: events.Held, at: datetime) -> Ticket:
    pause = Pause(PauseCause.HOLD, told.reason, at, told.review_on, ticket.state)
    return _changed(ticket, state=TicketState.ON_HOLD, pause=pause, hold_wish=None)


def _resumed(ticket: Ticket, told: events.Resumed, _at: datetime) -> Ticket:
    before = ticket.pause.before if ticket.pause else ticket.state
    accept_due = told.accept_due or ticket.accept_due
    return _changed(ticket, state=before, pause=None, resolve_due=told.resolve_due, accept_due=accept_due)


def _hold_wished(ticket: Ticket, told: events.HoldRequested, at: datetime) -> Ticket:
    return _changed(ticket, hold_wish=Wish(told.reason, told.review_on, at))


def _hold_refused(ticket: Ticket, _told: events.HoldRefused, _at: datetime) -> Ticket:
    return _changed(ticket, hold_wish=None)


def _extension_wished(ticket: Ticket, told: events.ExtensionRequested, at: datetime) -> Ticket:
    return _changed(ticket, extension_wish=Wish(told.reason, told.until, at))


def _extended(ticket: Ticket, told: events.Extended, _at: datetime) -> Ticket:
    return _changed(ticket, resolve_due=told.resolve_due, extension_wish=None)


def _extension_refused(ticket: Ticket, _told: events.ExtensionRefused, _at: datetime) -> Ticket:
    return _changed(ticket, extension_wish=None)


def _resolved(ticket: Ticket, told: events.Resolved, at: datetime) -> Ticket:
    return _changed(
        ticket,
        state=TicketState.RESOLVED,
        resolved_at=at,
        reply=told.reply,
        after_photos=told.after_photos,
        hold_wish=None,
        extension_wish=None,
    )


def _closed(ticket: Ticket, _told: events.Closed, at: datetime) -> Ticket:
    return _changed(ticket, state=TicketState.CLOSED, closed_at=at)


def _rejected(ticket: Ticket, told: events.Rejected, at: datetime) -> Ticket:
    return _changed(ticket, state=TicketState.REJECTED, closed_at=at, reply=told.reason)


def _withdrawn(ticket: Ticket, _told: events.Withdrawn, at: datetime) -> Ticket:
    return _changed(ticket, state=TicketState.WITHDRAWN, closed_at=at)


def _merged(ticket: Ticket, told: events.Merged, _at: datetime) -> Ticket:
    merger = Merger(TicketId(told.into), TicketNumber(told.number), told.reports, ticket.state)
    return _changed(ticket, state=TicketState.MERGED, merger=merger, reports=_without(ticket.reports, told.reports))


def _absorbed(ticket: Ticket, told: events.Absorbed, _at: datetime) -> Ticket:
    return _changed(ticket, reports=_united(ticket.reports, told.reports))


def _unmerged(ticket: Ticket, told: events.Unmerged, _at: datetime) -> Ticket:
    merger = ticket.merger
    if merger is None or merger.into != told.other:
        return _changed(ticket, reports=_without(ticket.reports, told.reports))
    return _changed(ticket, state=merger.before, merger=None, reports=_united(ticket.reports, told.reports))


def _split(ticket: Ticket, told: events.Split, _at: datetime) -> Ticket:
    return _changed(ticket, reports=_without(ticket.reports, told.reports))


def _supervised(ticket: Ticket, told: events.Supervised, _at: datetime) -> Ticket:
    return _changed(ticket, supervision=Level(told.level))


def _united(some: tuple[Any, ...], more: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _without(some: tuple[UUID, ...], fewer: Iterable[UUID]) -> tuple[UUID, ...]:
    gone = set(fewer)
    return tuple(one for one in some if one not in gone)


_EFFECTS: Mapping[type[Happening], Callable[[Ticket, Any, datetime], Ticket]] = {
    events.Opened: _opened,
    events.Alerted: _alerted,
    events.Joined: _joined,
    events.Unjoined: _unjoined,
    events.Assigned: _assigned,
    events.Arbitrated: _assigned,
    events.Transferred: _assigned,
    events.Reopened: _reopened,
    events.Accepted: _accepted,
    events.Started: _started,
    events.Returned: _returned,
    events.AssistRequested: _called,
    events.Assisted: _assisted,
    events.Convened: _convened,
    events.Concluded: _concluded,
    events.FollowedUp: _followed_up,
    events.Asked: _asked,
    events.Held: _held,
    events.Resumed: _resumed,
    events.HoldRequested: _hold_wished,
    events.HoldRefused: _hold_refused,
    events.ExtensionRequested: _extension_wished,
    events.Extended: _extended,
    events.ExtensionRefused: _extension_refused,
    events.Resolved: _resolved,
    events.Closed: _closed,
    events.Rejected: _rejected,
    events.Withdrawn: _withdrawn,
    events.Merged: _merged,
    events.Absorbed: _absorbed,
    events.Unmerged: _unmerged,
    events.Split: _split,
    events.Supervised: _supervised,
}

"""From events to figures: each event of a ticket changes what is counted of it, and nothing else does.

A pure function, so that the read model made anew from all events is the one that grew with them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from citizen_gateway.city.model import AreaCode
from citizen_gateway.city.read_model import City
from citizen_gateway.insights.events import Excluded, Included
from citizen_gateway.insights.model import Case, Turn, Vote
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.events import Event, Happening, happening
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets import events as told
from citizen_gateway.tickets.clock_events import LongOverdue, Overdue

PENDING, ASSIGNED, ON_HOLD, RESOLVED = "pending", "assigned", "on_hold", "resolved"
_replace = msgspec.structs.replace


class Step(msgspec.Struct, frozen=True):
    """An event about to be counted: what it says, when it was, and in which city."""

    event: Event
    city: City

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at

    def between(self, start: datetime, end: datetime) -> tuple[int, int]:
        """Return the seconds from one instant to another, all of them and those of working time."""
        hours = self.city.calendar.working_hours_between(start, end)
        return round((end - start).total_seconds()), round(hours * 3600)


Effect: TypeAlias = Callable[[Case, Any, Step], Case]  # each takes its own event


def fold(case: Case | None, event: Event, city: City) -> Case | None:
    """Return the case after an event; None for what belongs to no ticket, or to one whose opening was not told."""
    if event.type not in _EFFECTS and event.type != told.Opened.name:
        return case
    said = happening(event)
    if case is None:
        return _opened(event, said, city) if isinstance(said, told.Opened) else None
    effect = _EFFECTS.get(event.type)
    if effect is None or said is None:
        return case
    step = Step(event, city)
    return effect(_limits_seen(case, step), said, step)


def counts(event: Event) -> bool:
    """Whether an event can change a figure."""
    return event.type in _EFFECTS or event.type == told.Opened.name


def place_codes(city: City, area: str | None, dedicated: str | None) -> tuple[str, ...]:
    """Return the codes of a place from the finest to the district, and of the dedicated area across them."""
    try:
        path = tuple(one.code for one in city.area_path(AreaCode(area))) if area else ()
    except KeyError:  # of a pack that was replaced since
        path = (AreaCode(area),) if area else ()
    return (*path, *([dedicated] if dedicated else ()))


def _opened(event: Event, said: told.Opened, city: City) -> Case:
    areas = place_codes(city, said.area, said.dedicated)
    return Case(
        TicketId(event.stream), event.at, PENDING, said.category, said.area, areas, said.channel, said.emergency
    )


def _limits_seen(case: Case, step: Step) -> Case:
    """Note the limits that have passed: whatever happens after a limit shows that it has."""
    turn = case.turn
    if turn is None or turn.ended is not None or turn.paused_at is not None:
        return case
    late: dict[str, datetime] = {}
    if turn.accepted_at is None and turn.accept_overdue_at is None and step.at > turn.accept_due:
        late["accept_overdue_at"] = turn.accept_due
    if turn.resolve_overdue_at is None and step.at > turn.resolve_due:
        late["resolve_overdue_at"] = turn.resolve_due
    return _on_turn(case, **late) if late else case


def _on_turn(case: Case, **changes: object) -> Case:
    *before, last = case.turns
    return _replace(case, turns=(*before, _replace(last, **changes)))


def _ended(case: Case, step: Step, how: str, **changes: object) -> Case:
    if case.turn is None or case.turn.ended is not None:
        return case
    return _on_turn(_resumed_turn(case, step), ended=how, ended_at=step.at, **changes)


def _assigned(case: Case, said: told.Assigned, step: Step) -> Case:
    """Begin a department's turn; one that was under way ends with it."""
    case = _ended(case, step, "transferred")
    cause = said.name.removeprefix("ticket.")
    turn = Turn(len(case.turns) + 1, said.department, cause, step.at, said.accept_due, said.resolve_due)
    return _replace(
        case,
        state=ASSIGNED,
        department=said.department,
        category=said.category,
        accept_due=said.accept_due,
        resolve_due=said.resolve_due,
        ended_at=None,
        turns=(*case.turns, turn),
    )


def _accepted(case: Case, _said: told.Accepted, step: Step) -> Case:
    case = _replace(case, state="accepted", accept_due=None)
    if case.turn is None or case.turn.accepted_at is not None:
        return case
    turn = case.turn
    elapsed, working = step.between(turn.began_at, step.at)
    return _on_turn(
        case,
        accepted_at=step.at,
        acceptance=elapsed - turn.paused,
        acceptance_working=working - turn.paused_working,
    )


def _started(case: Case, _said: told.Started, _step: Step) -> Case:
    return _replace(case, state="in_progress")


def _returned(case: Case, said: told.Returned, step: Step) -> Case:
    case = _ended(case, step, "returned", return_code=said.code)
    return _replace(case, state=PENDING, department=None, accept_due=None, resolve_due=None)


def _paused(case: Case, _said: Happening, step: Step) -> Case:
    """Stop the clock."""
    case = _replace(case, before=case.state, state=ON_HOLD, accept_due=None, resolve_due=None)
    return _on_turn(case, paused_at=step.at) if case.turn and case.turn.paused_at is None else case


def _resumed(case: Case, said: told.Resumed, step: Step) -> Case:
    """Let the clock go on to its later end."""
    case = _replace(case, state=case.before or ASSIGNED, before=None, resolve_due=said.resolve_due)
    if case.turn is None:
        return case
    accept_due = said.accept_due or case.turn.accept_due
    case = _on_turn(_resumed_turn(case, step), resolve_due=said.resolve_due, accept_due=accept_due)
    waits = case.turn is not None and case.turn.accepted_at is None
    return _replace(case, accept_due=case.turn.accept_due if waits and case.turn else None)


def _resumed_turn(case: Case, step: Step) -> Case:
    turn = case.turn
    if turn is None or turn.paused_at is None:
        return case
    elapsed, working = step.between(turn.paused_at, step.at)
    return _on_turn(case, paused_at=None, paused=turn.paused + elapsed, paused_working=turn.paused_working + working)


def _extended(case: Case, said: told.Extended, _step: Step) -> Case:
    case = _replace(case, resolve_due=said.resolve_due)
    return _on_turn(case, resolve_due=said.resolve_due) if case.turn else case


def _resolved(case: Case, _said: told.Resolved, step: Step) -> Case:
    case = _replace(case, state=RESOLVED, accept_due=None, resolve_due=None)
    if case.turn is None or case.turn.ended is not None:
        return case
    case = _ended(case, step, RESOLVED, resolved_at=step.at)
    turn = case.turns[-1]
    elapsed, working = step.between(turn.began_at, step.at)
    waiting, waiting_working = step.between(case.opened_at, step.at)
    return _on_turn(
        case,
        handling=elapsed - turn.paused,
        handling_working=working - turn.paused_working,
        waiting=waiting,
        waiting_working=waiting_working,
    )


def _over(state: str) -> Effect:
    """Return the effect of an event that ends a ticket's life in this state."""
    return lambda case, _said, step: _gone(_ended(case, step, state), state, step)


def _gone(case: Case, state: str, step: Step) -> Case:
    return _replace(case, state=state, ended_at=step.at, accept_due=None, resolve_due=None)


def _merged(case: Case, said: told.Merged, step: Step) -> Case:
    """Give its reports to another ticket; state and pause are remembered, should that be undone."""
    if case.turn is not None and case.turn.ended is None:
        case = _on_turn(case, ended="merged", ended_at=step.at)
    before = case.before if case.state == ON_HOLD else case.state
    case = _replace(case, before=before, reports=max(case.reports - len(said.reports), 0))
    return _gone(case, "merged", step)


def _unmerged(case: Case, said: told.Unmerged, _step: Step) -> Case:
    """Undo a merger: the merged ticket is as it was, the other has fewer reports."""
    if case.state != "merged":
        return _replace(case, reports=max(case.reports - len(said.reports), 0))
    case = _replace(case, ended_at=None, reports=case.reports + len(said.reports))
    turn = case.turn
    if turn is None or turn.ended != "merged":
        return _replace(case, state=case.before or PENDING, before=None)
    case = _on_turn(case, ended=None, ended_at=None)
    if turn.paused_at is not None:
        return _replace(case, state=ON_HOLD)
    due = turn.accept_due if turn.accepted_at is None else None
    return _replace(case, state=case.before or PENDING, before=None, accept_due=due, resolve_due=turn.resolve_due)


def _reports(by: Callable[[Any], int]) -> Effect:
    """Return the effect of an event that gives the ticket more reports, or fewer."""
    return lambda case, said, _step: _replace(case, reports=max(case.reports + by(said), 0))


def _rated(case: Case, said: Rated, step: Step) -> Case:
    """Count a vote for whoever had resolved the ticket last."""
    index = next((i for i in reversed(range(len(case.turns))) if case.turns[i].resolved_at), None)
    turns = list(case.turns)
    if index is not None:
        turn = turns[index]
        turns[index] = _replace(turn, votes=turn.votes + 1, denials=turn.denials + (not said.contacted))
    department = turns[index].department if index is not None else None
    vote = Vote(len(case.votes) + 1, step.at, department, said.contacted, said.solved, said.satisfied)
    return _replace(case, turns=tuple(turns), votes=(*case.votes, vote))


def _urged(case: Case, _said: told.Urged, _step: Step) -> Case:
    return _replace(case, urged=case.urged + 1)


def _supervised(case: Case, said: told.Supervised, _step: Step) -> Case:
    return _replace(case, supervised=said.level)


def _excluded(case: Case, said: Excluded, step: Step) -> Case:
    by = step.event.actor_id
    return _replace(case, excluded=True, exclusion=said.reason, excluded_by=by, excluded_at=step.at)


def _included(case: Case, _said: Included, _step: Step) -> Case:
    return _replace(case, excluded=False, exclusion=None, excluded_by=None, excluded_at=None)


def _seen(case: Case, _said: Happening, _step: Step) -> Case:
    """Count nothing but the limits that have passed."""
    return case


_BY_TYPE: dict[type[Happening], Effect] = {
    told.Assigned: _assigned,
    told.Arbitrated: _assigned,
    told.Transferred: _assigned,
    told.Reopened: _assigned,
    told.Accepted: _accepted,
    told.Started: _started,
    told.Returned: _returned,
    told.Asked: _paused,
    told.Held: _paused,
    told.Resumed: _resumed,
    told.Extended: _extended,
    told.Resolved: _resolved,
    told.Closed: _over("closed"),
    told.Rejected: _over("rejected"),
    told.Withdrawn: _over("withdrawn"),
    told.Merged: _merged,
    told.Unmerged: _unmerged,
    told.Joined: _reports(lambda _said: 1),
    told.Unjoined: _reports(lambda _said: -1),
    told.Absorbed: _reports(lambda said: len(said.reports)),
    told.Split: _reports(lambda said: -len(said.reports)),
    told.Urged: _urged,
    told.Supervised: _supervised,
    Overdue: _seen,
    LongOverdue: _seen,
    Rated: _rated,
    Excluded: _excluded,
    Included: _included,
}
_EFFECTS = {kind.name: effect for kind, effect in _BY_TYPE.items()}

"""A ticket's life as one table of allowed actions; code, documentation and tests derive from it."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from citizen_gateway.platform.actor import Actor, ActorKind, Role, Scope
from citizen_gateway.platform.events import Happening
from citizen_gateway.platform.i18n import message
from citizen_gateway.tickets import events
from citizen_gateway.tickets.conditions import WHY_NOT, When, holds
from citizen_gateway.tickets.errors import IllegalAction, NotPossible
from citizen_gateway.tickets.record import DispatchNote, Follower, Suggestion, Ticket
from citizen_gateway.tickets.terms import OPEN, WORKING, Action, Need, TicketState, Who

__all__ = [
    "LIFE", "RATING_WINDOW", "Action", "DispatchNote", "Follower", "Need", "Step", "Suggestion", "Then", "Ticket",
    "TicketState", "Who", "actions_of", "legal_actions", "may", "scopes_of", "step_for",
]  # fmt: skip

RATING_WINDOW = timedelta(days=7)
"""How long a resolved ticket waits for ratings before it is closed unrated (未评价)."""


class Then(StrEnum):
    """Where an action leads that has no state of its own to lead to."""

    STAYS = "unchanged"
    BEFORE = "the state before"


class Step(msgspec.Struct, frozen=True):
    """One row of the table: an action leads from these states to that one, by these people, with these things.

    `may_bring` is what it takes besides what it needs, `when` what must be true beside the state, `sees` what the
    citizen is told, None where it is the staff's affair.
    """

    action: Action
    origins: tuple[TicketState, ...]
    target: TicketState | Then
    who: tuple[Who, ...]
    event: type[Happening]
    needs: tuple[Need, ...] = ()
    may_bring: tuple[Need, ...] = ()
    when: tuple[When, ...] = ()
    sees: str | None = None


_A, _N, _S, _W = Action, Need, TicketState, Who
_GIVEN = (_N.DEPARTMENT, _N.REASON)
_BY_DEPARTMENT, _BY_CENTER = (_W.DEPARTMENT,), (_W.CENTER,)

LIFE: tuple[Step, ...] = (
    Step(
        _A.ASSIGN, (_S.PENDING,), _S.ASSIGNED, (_W.SYSTEM, _W.CENTER), events.Assigned, _GIVEN, (_N.CATEGORY,),
        when=(When.RETURNS_LEFT,), sees=message("A department has it now."),
    ),
    Step(_A.ACCEPT, (_S.ASSIGNED,), _S.ACCEPTED, _BY_DEPARTMENT, events.Accepted,
        sees=message("The department took it on."),
    ),
    Step(_A.START, (_S.ACCEPTED,), _S.IN_PROGRESS, _BY_DEPARTMENT, events.Started, sees=message("Work has begun.")),
    # At most two; the third time the ticket waits for arbitration and cannot be assigned in the ordinary way.
    Step(
        _A.RETURN, (_S.ASSIGNED, _S.ACCEPTED), _S.PENDING, _BY_DEPARTMENT, events.Returned, (_N.CODE, _N.EVIDENCE),
        (_N.PHOTOS,), when=(When.NOT_ARBITRATED,),
    ),
    Step(
        _A.ARBITRATE, (_S.PENDING,), _S.ASSIGNED, _BY_CENTER, events.Arbitrated, _GIVEN, (_N.CATEGORY,),
        when=(When.RETURNED,), sees=message("A center decided which department must act."),
    ),
    Step(
        _A.TRANSFER, WORKING, _S.ASSIGNED, _BY_CENTER, events.Transferred, _GIVEN, (_N.CATEGORY,),
        sees=message("Another department has it now."),
    ),
    # The lead (首接负责) calls, and answers for all.
    Step(_A.ASSIST, OPEN, Then.STAYS, (_W.DEPARTMENT, _W.CENTER), events.AssistRequested, (_N.DEPARTMENTS, _N.REASON)),
    Step(_A.ANSWER_CALL, OPEN, Then.STAYS, (_W.ASSISTING,), events.Assisted, (_N.ANSWER,), when=(When.CALLED,)),
    Step(
        _A.CONVENE, OPEN, Then.STAYS, _BY_CENTER, events.Convened, (_N.REASON, _N.DEPARTMENTS, _N.MEETS_ON),
    ),
    # The conclusion assigns; the assignment or transfer follows as an event of its own.
    Step(
        _A.CONCLUDE, OPEN, _S.ASSIGNED, _BY_CENTER, events.Concluded, (_N.CONCLUSION, _N.DEPARTMENT),
        (_N.FOLLOW_UP_ON, _N.CATEGORY), when=(When.CONVENED,),
    ),
    Step(
        _A.FOLLOW_UP, (*OPEN, _S.RESOLVED, _S.CLOSED), Then.STAYS, _BY_CENTER, events.FollowedUp, (_N.DONE, _N.NOTE),
        when=(When.CONCLUDED,),
    ),
    Step(
        _A.ASK, WORKING, _S.ON_HOLD, _BY_DEPARTMENT, events.Asked, (_N.QUESTION,),
        sees=message("The department has a question. Please answer it."),
    ),
    Step(
        _A.ANSWER, (_S.ON_HOLD,), Then.BEFORE, (_W.REPORTER,), events.Answered, (_N.ANSWER,), (_N.PHOTOS,),
        when=(When.QUESTION_OPEN,), sees=message("The question was answered."),
    ),
    Step(
        _A.REQUEST_HOLD, (_S.IN_PROGRESS,), Then.STAYS, _BY_DEPARTMENT, events.HoldRequested,
        (_N.REASON, _N.REVIEW_ON),
    ),
    Step(
        _A.HOLD, (_S.IN_PROGRESS,), _S.ON_HOLD, _BY_CENTER, events.Held, (), (_N.REASON, _N.REVIEW_ON),
        when=(When.HOLD_WISHED,), sees=message("It has to wait, and will be looked at again."),
    ),
    Step(
        _A.REFUSE_HOLD, (_S.IN_PROGRESS,), Then.STAYS, _BY_CENTER, events.HoldRefused, (_N.REASON,),
        when=(When.HOLD_WISHED,),
    ),
    Step(
        _A.RESUME, (_S.ON_HOLD,), Then.BEFORE, (_W.SYSTEM, _W.CENTER), events.Resumed, (_N.REASON,),
        sees=message("Work goes on."),
    ),
    Step(
        _A.REQUEST_EXTENSION, WORKING, Then.STAYS, _BY_DEPARTMENT, events.ExtensionRequested,
        (_N.REASON, _N.UNTIL), when=(When.IN_TIME,),
    ),
    Step(
        _A.EXTEND, WORKING, Then.STAYS, _BY_CENTER, events.Extended, (), (_N.REASON, _N.UNTIL),
        when=(When.EXTENSION_WISHED,), sees=message("It takes longer than first said."),
    ),
    Step(
        _A.REFUSE_EXTENSION, WORKING, Then.STAYS, _BY_CENTER, events.ExtensionRefused, (_N.REASON,),
        when=(When.EXTENSION_WISHED,),
    ),
    # A thing put right on the spot is resolved without having been started.
    Step(
        _A.RESOLVE, (_S.ACCEPTED, _S.IN_PROGRESS), _S.RESOLVED, _BY_DEPARTMENT, events.Resolved,
        (_N.REPLY, _N.AFTER_PHOTO), sees=message("It is settled. Please say whether you are satisfied."),
    ),
    # A verdict of “not done” is followed by a reopening.
    Step(
        _A.VERIFY, (_S.RESOLVED,), Then.STAYS, (_W.GRID_WORKER, _W.CENTER, _W.SYSTEM), events.Verified,
        (_N.DONE, _N.NOTE), (_N.PHOTOS,), sees=message("Somebody looked whether it is really done."),
    ),
    # For a citizen who is not content once; satisfaction reopens on their behalf.
    Step(
        _A.REOPEN, (_S.RESOLVED, _S.CLOSED), _S.ASSIGNED, (_W.SYSTEM, _W.CENTER), events.Reopened, (_N.REASON,),
        (_N.CAUSE,), when=(When.RECENT,), sees=message("It goes back to the department."),
    ),
    Step(
        _A.CLOSE, (_S.RESOLVED,), _S.CLOSED, (_W.SYSTEM,), events.Closed, (), (_N.REASON,),
        sees=message("It is closed."),
    ),
    Step(
        _A.REJECT, (_S.PENDING,), _S.REJECTED, _BY_CENTER, events.Rejected, (_N.REASON,),
        sees=message("It is not the city's to answer, for the reason given."),
    ),
    Step(
        _A.WITHDRAW, (_S.PENDING, _S.ASSIGNED, _S.ACCEPTED), _S.WITHDRAWN, (_W.REPORTER,), events.Withdrawn, (),
        (_N.REASON,), when=(When.ONLY_REPORTER,), sees=message("You took it back."),
    ),
    Step(
        _A.MERGE, OPEN, _S.MERGED, _BY_CENTER, events.Merged, (_N.INTO, _N.REASON),
        sees=message("It is answered together with another ticket about the same thing."),
    ),
    Step(
        _A.UNMERGE, (_S.MERGED,), Then.BEFORE, _BY_CENTER, events.Unmerged, (_N.REASON,),
        sees=message("It is answered by itself again."),
    ),
    Step(
        _A.SPLIT, OPEN, Then.STAYS, _BY_CENTER, events.Split, (_N.REPORTS, _N.REASON), when=(When.SEVERAL_REPORTS,),
        sees=message("Part of it has a ticket of its own now."),
    ),
    Step(_A.URGE, OPEN, Then.STAYS, (_W.REPORTER,), events.Urged, sees=message("A reporter asked to hurry.")),
    Step(
        _A.SUPERVISE, OPEN, Then.STAYS, (_W.CENTER, _W.SYSTEM), events.Supervised, (_N.REASON,),
        when=(When.LEVEL_LEFT,),
    ),
)  # fmt: skip
"""The life of a ticket (工单流转), one row per action."""

_STEPS = {step.action: step for step in LIFE}


def step_for(action: Action, ticket: Ticket, actor: Actor, now: datetime, *, reporter: bool = False) -> Step:
    """Return the row of the table by which an action is possible now.

    Raises `IllegalAction` where the state does not allow it, `NotPossible` where something else does not, both with
    what is legal, and what of it this actor may do.
    """
    step = _STEPS[action]
    lacking = None if ticket.state in step.origins else ()
    failed = next((one for one in step.when if not holds(one, ticket, now)), None)
    if lacking is None and failed is None:
        return step
    legal = {
        "legal": [one.value for one in legal_actions(ticket, now)],
        "yours": [one.value for one in actions_of(actor, ticket, now, reporter=reporter)],
    }
    if lacking is None and failed is not None:
        raise NotPossible(action=action.value, condition=failed.value, why=WHY_NOT[failed], **legal)
    raise IllegalAction(action=action.value, state=ticket.state.value, **legal)


def legal_actions(ticket: Ticket, now: datetime) -> list[Action]:
    """Return what can be done to a ticket now, by whomever."""
    return [
        step.action
        for step in LIFE
        if ticket.state in step.origins and all(holds(condition, ticket, now) for condition in step.when)
    ]


def actions_of(actor: Actor, ticket: Ticket, now: datetime, *, reporter: bool = False) -> list[Action]:
    """Return what this actor may do to a ticket now; `reporter` says that they reported it."""
    return [action for action in legal_actions(ticket, now) if may(actor, _STEPS[action], ticket, reporter=reporter)]


def may(actor: Actor, step: Step, ticket: Ticket, *, reporter: bool = False) -> bool:
    """Whether the actor may take this step on this ticket; `reporter` says that they reported it."""
    return any(_is(who, actor, ticket, reporter=reporter) for who in step.who)


_SCOPES = {
    Who.DEPARTMENT: Scope.TICKETS_HANDLE,
    Who.ASSISTING: Scope.TICKETS_HANDLE,
    Who.CENTER: Scope.TICKETS_CENTER,
    Who.REPORTER: Scope.REPORTS_WRITE,
}


def scopes_of(action: Action) -> tuple[Scope, ...]:
    """Return the scopes of which a partner's client needs one for an action; none for what people alone do."""
    return tuple(dict.fromkeys(_SCOPES[who] for who in _STEPS[action].who if who in _SCOPES))


def _is(who: Who, actor: Actor, ticket: Ticket, *, reporter: bool) -> bool:
    match who:
        case Who.SYSTEM:
            return actor.kind is ActorKind.SYSTEM
        case Who.REPORTER:
            return reporter
        case Who.CENTER:
            return actor.holds(Role.CENTER, areas=ticket.area_path)
        case Who.GRID_WORKER:
            return actor.holds(Role.GRID_WORKER, areas=ticket.area_path)
        case Who.DEPARTMENT:
            return ticket.department is not None and _works_for(actor, ticket.department, ticket)
        case Who.ASSISTING:
            return any(_works_for(actor, department, ticket) for department in ticket.assisting)


def _works_for(actor: Actor, department: str, ticket: Ticket) -> bool:
    return actor.holds(Role.HANDLER, Role.LEAD, department=department, areas=ticket.area_path)

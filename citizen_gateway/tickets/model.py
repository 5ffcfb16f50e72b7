"""A ticket's life as one table of allowed actions; code, documentation and tests derive from it."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.ids import TicketId, TicketNumber
from citizen_gateway.platform.actor import Actor, ActorKind, Role
from citizen_gateway.platform.i18n import message
from citizen_gateway.tickets.errors import IllegalAction

RATING_WINDOW = timedelta(days=7)
"""How long a resolved ticket waits for ratings before it is closed unrated (未评价)."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    PENDING = "pending"  # 待受理
    ASSIGNED = "assigned"  # 已派单
    ACCEPTED = "accepted"  # 已签收
    IN_PROGRESS = "in_progress"  # 处置中
    RESOLVED = "resolved"  # 已办结
    CLOSED = "closed"  # 已归档


class Action(StrEnum):
    """What can be done to a ticket."""

    ASSIGN = "assign"  # 派单
    ACCEPT = "accept"  # 签收
    START = "start"  # 处置
    RESOLVE = "resolve"  # 办结
    CLOSE = "close"  # 归档


class Who(StrEnum):
    """Who may act: the department that holds the ticket, a center, or the system itself."""

    DEPARTMENT = "department"
    CENTER = "center"
    SYSTEM = "system"


class Need(StrEnum):
    """What an action must bring."""

    DEPARTMENT = "department"
    REASON = "reason"
    REPLY = "reply"
    AFTER_PHOTO = "after_photo"  # where the report had a photo


class Step(msgspec.Struct, frozen=True):
    """One row of the table: an action leads from these states to that one, by these people, with these things."""

    action: Action
    origins: tuple[TicketState, ...]
    target: TicketState
    who: tuple[Who, ...]
    needs: tuple[Need, ...] = ()
    public: bool = True

    @property
    def event(self) -> str:
        """The event's type."""
        return f"ticket.{_PAST[self.action]}"


_PAST = {
    Action.ASSIGN: "assigned",
    Action.ACCEPT: "accepted",
    Action.START: "started",
    Action.RESOLVE: "resolved",
    Action.CLOSE: "closed",
}

_S = TicketState

LIFE: tuple[Step, ...] = (
    Step(Action.ASSIGN, (_S.PENDING,), _S.ASSIGNED, (Who.SYSTEM, Who.CENTER), (Need.DEPARTMENT, Need.REASON)),
    Step(Action.ACCEPT, (_S.ASSIGNED,), _S.ACCEPTED, (Who.DEPARTMENT,)),
    Step(Action.START, (_S.ACCEPTED,), _S.IN_PROGRESS, (Who.DEPARTMENT,)),
    # A thing put right on the spot is resolved without having been started.
    Step(
        Action.RESOLVE,
        (_S.ACCEPTED, _S.IN_PROGRESS),
        _S.RESOLVED,
        (Who.DEPARTMENT,),
        (Need.REPLY, Need.AFTER_PHOTO),
    ),
    Step(Action.CLOSE, (_S.RESOLVED,), _S.CLOSED, (Who.SYSTEM,)),
)

for _word in (*TicketState, *Action, *Need):
    message(_word.value)  # a refusal names states and actions

_STEPS = {step.action: step for step in LIFE}


class Suggestion(msgspec.Struct, frozen=True):
    """A department a person might choose, and why."""

    department: str
    reason: str


class DispatchNote(msgspec.Struct, frozen=True):
    """Why a ticket went where it went, or why it waits for a person."""

    automatic: bool
    reason: str
    rule: str | None = None
    confidence: float | None = None
    suggestions: tuple[Suggestion, ...] = ()
    explanation: tuple[str, ...] = ()


class Follower(msgspec.Struct, frozen=True):
    """Who may watch a ticket without being staff: some actors by their keys, and the bearer of a secret."""

    secret_hash: bytes
    actors: tuple[str, ...]


class Ticket(msgspec.Struct, frozen=True):
    """A ticket as it stands; `version` counts its events, `head_hash` ends their chain.

    `assisting` are departments that see it without holding it: police and fire brigade where life is in danger.
    """

    id: TicketId
    number: TicketNumber
    state: TicketState
    version: int
    head_hash: bytes
    title: str
    category: str | None
    area: str | None
    area_path: tuple[str, ...]
    lat: float | None
    lon: float | None
    department: str | None
    emergency: bool
    with_photo: bool
    dispatch: DispatchNote
    opened_at: datetime
    assigned_at: datetime | None = None
    accept_due: datetime | None = None
    resolve_due: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reply: str | None = None
    after_photos: tuple[UUID, ...] = ()
    assisting: tuple[str, ...] = ()


def step_for(action: Action, state: TicketState) -> Step:
    """Return the row of the table. Raises `IllegalAction` with what would be legal in this state."""
    step = _STEPS[action]
    if state not in step.origins:
        raise IllegalAction(action=action.value, state=state.value, legal=[a.value for a in legal_actions(state)])
    return step


def legal_actions(state: TicketState) -> list[Action]:
    """Return what can be done to a ticket in this state, by whomever."""
    return [step.action for step in LIFE if state in step.origins]


def may(actor: Actor, step: Step, department: str | None) -> bool:
    """Whether the actor may take this step on a ticket held by this department."""
    if Who.SYSTEM in step.who and actor.kind is ActorKind.SYSTEM:
        return True
    if Who.CENTER in step.who and actor.holds(Role.CENTER):
        return True
    holder = department is not None and actor.holds(Role.HANDLER, Role.LEAD, department=department)
    return Who.DEPARTMENT in step.who and holder


def overdue(ticket: Ticket, now: datetime) -> dict[str, datetime]:
    """Return which clocks of the ticket have run out and when: `accept` until signed for, `resolve` until resolved."""
    open_states = {TicketState.ASSIGNED, TicketState.ACCEPTED, TicketState.IN_PROGRESS}
    clocks = {"accept": ({TicketState.ASSIGNED}, ticket.accept_due), "resolve": (open_states, ticket.resolve_due)}
    return {
        clock: due
        for clock, (states, due) in clocks.items()
        if ticket.state in states and due is not None and due <= now
    }

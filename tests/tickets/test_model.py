"""A ticket's life as a table."""

from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.ids import TicketId, TicketNumber, uuid7
from citizen_gateway.platform.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Grant, Role
from citizen_gateway.platform.events import GENESIS
from citizen_gateway.tickets.errors import IllegalAction
from citizen_gateway.tickets.model import (
    LIFE,
    Action,
    DispatchNote,
    Step,
    Ticket,
    TicketState,
    Who,
    legal_actions,
    may,
    overdue,
    step_for,
)
from tests.conftest import NOW
from tests.gateway import DEPARTMENT, ELSEWHERE

ROWS = {(origin, step.action): step for step in LIFE for origin in step.origins}
HANDLER = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER, DEPARTMENT),))
LEAD = Actor(ActorKind.STAFF, grants=(Grant(Role.LEAD, DEPARTMENT),))
OTHER = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER, ELSEWHERE), Grant(Role.LEAD, ELSEWHERE)))
CENTER = Actor(ActorKind.STAFF, grants=(Grant(Role.CENTER),))
CITIZEN = Actor(ActorKind.CITIZEN, uuid7(NOW))
NO_OFFICE = Actor(ActorKind.STAFF, grants=(Grant(Role.AUDITOR), Grant(Role.GRID_WORKER), Grant(Role.ADMINISTRATOR)))

TICKET = Ticket(
    id=TicketId(uuid7(NOW)),
    number=TicketNumber("ZZ"),
    state=TicketState.ASSIGNED,
    version=2,
    head_hash=GENESIS,
    title="",
    category="101",
    area=None,
    area_path=(),
    lat=None,
    lon=None,
    department=DEPARTMENT,
    emergency=False,
    with_photo=False,
    dispatch=DispatchNote(automatic=True, reason=""),
    opened_at=NOW,
    assigned_at=NOW,
    accept_due=NOW + timedelta(minutes=30),
    resolve_due=NOW + timedelta(hours=8),
)


class TestTable:
    """Each pair of state and action."""

    @pytest.mark.parametrize(("state", "action"), list(product(TicketState, Action)))
    def test_a_pair_leads_where_the_table_says_or_is_refused(self, state: TicketState, action: Action) -> None:
        """What is in the table has a step; all else is refused, with what would be legal."""
        expected = ROWS.get((state, action))
        if expected is not None:
            assert step_for(action, state) is expected
            return
        with pytest.raises(IllegalAction) as refused:
            step_for(action, state)
        legal = [a.value for a in Action if (state, a) in ROWS]
        assert refused.value.fields == {"action": action.value, "state": state.value, "legal": legal}

    def test_each_action_has_one_row(self) -> None:
        """No action appears twice, and none is missing."""
        assert sorted(step.action for step in LIFE) == sorted(Action)

    def test_every_state_is_reached_and_only_closed_is_the_end(self) -> None:
        """From pending each state is reached; only a closed ticket allows nothing."""
        reached = {TicketState.PENDING} | {step.target for step in LIFE}
        assert reached == set(TicketState)
        assert [state for state in TicketState if not legal_actions(state)] == [TicketState.CLOSED]

    def test_each_action_names_its_own_event(self) -> None:
        """Event types are distinct, so that readers can tell steps apart."""
        assert len({step.event for step in LIFE}) == len(LIFE)

    @given(st.lists(st.sampled_from(Action), max_size=30))
    def test_no_walk_leaves_the_table(self, actions: list[Action]) -> None:
        """Whatever is tried in whatever order, a ticket moves only along rows of the table."""
        state = TicketState.PENDING
        for action in actions:
            legal = legal_actions(state)
            try:
                step = step_for(action, state)
            except IllegalAction:
                assert action not in legal
            else:
                assert action in legal
                state = step.target


class TestWhoMay:
    """Who may take a step on a ticket."""

    @pytest.mark.parametrize("step", LIFE, ids=lambda step: step.action.value)
    def test_exactly_those_the_table_names(self, step: Step) -> None:
        """Handlers and leads of the holding department, the center, the system: each where named, nobody else ever."""
        assert may(HANDLER, step, DEPARTMENT) == may(LEAD, step, DEPARTMENT) == (Who.DEPARTMENT in step.who)
        assert may(CENTER, step, DEPARTMENT) == (Who.CENTER in step.who)
        assert may(SYSTEM, step, DEPARTMENT) == (Who.SYSTEM in step.who)
        assert not any(may(actor, step, DEPARTMENT) for actor in (OTHER, CITIZEN, ANONYMOUS, NO_OFFICE))

    @pytest.mark.parametrize("step", LIFE, ids=lambda step: step.action.value)
    def test_a_ticket_nobody_holds_has_no_department_to_act(self, step: Step) -> None:
        """Without a holder no handler may act, not even one of all departments."""
        everywhere = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER),))
        assert not may(everywhere, step, None)
        assert may(everywhere, step, DEPARTMENT) == (Who.DEPARTMENT in step.who)


class TestOverdue:
    """Which clocks ran out."""

    @pytest.mark.parametrize(
        ("state", "minutes", "clocks"),
        [
            (TicketState.ASSIGNED, 29, []),
            (TicketState.ASSIGNED, 30, ["accept"]),
            (TicketState.ASSIGNED, 480, ["accept", "resolve"]),
            (TicketState.ACCEPTED, 30, []),
            (TicketState.ACCEPTED, 479, []),
            (TicketState.ACCEPTED, 480, ["resolve"]),
            (TicketState.IN_PROGRESS, 480, ["resolve"]),
            (TicketState.RESOLVED, 10_000, []),
            (TicketState.CLOSED, 10_000, []),
            (TicketState.PENDING, 10_000, []),
        ],
    )
    def test_by_state_and_time(self, state: TicketState, minutes: int, clocks: list[str]) -> None:
        """Accepting is due until signed for, resolving until resolved; one never signed for misses both."""
        ticket = msgspec.structs.replace(TICKET, state=state)
        assert list(overdue(ticket, NOW + timedelta(minutes=minutes))) == clocks

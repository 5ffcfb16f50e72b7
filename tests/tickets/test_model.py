"""A ticket's life as a table."""

from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.ids import TicketId, TicketNumber, uuid7
from citizen_gateway.platform.actor import ANONYMOUS, SYSTEM, Actor, ActorKind, Grant, Role, Scope
from citizen_gateway.platform.events import GENESIS
from citizen_gateway.tickets.actions import EFFECTS
from citizen_gateway.tickets.conditions import WHY_NOT, When
from citizen_gateway.tickets.errors import IllegalAction, NotPossible
from citizen_gateway.tickets.model import (
    LIFE,
    Action,
    DispatchNote,
    Step,
    Then,
    Ticket,
    TicketState,
    Who,
    actions_of,
    legal_actions,
    may,
    scopes_of,
    step_for,
)
from tests.conftest import NOW
from tests.gateway import DEPARTMENT, ELSEWHERE

ROWS = {(origin, step.action): step for step in LIFE for origin in step.origins}
DISTRICT, STREET = "410103", "410103001"
HANDLER = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER, DEPARTMENT),))
LEAD = Actor(ActorKind.STAFF, grants=(Grant(Role.LEAD, DEPARTMENT),))
OTHER = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER, ELSEWHERE), Grant(Role.LEAD, ELSEWHERE)))
CENTER = Actor(ActorKind.STAFF, grants=(Grant(Role.CENTER),))
DISTRICT_CENTER = Actor(ActorKind.STAFF, grants=(Grant(Role.CENTER, area=DISTRICT),))
OTHER_CENTER = Actor(ActorKind.STAFF, grants=(Grant(Role.CENTER, area="410105"),))
WALKER = Actor(ActorKind.STAFF, grants=(Grant(Role.GRID_WORKER, area=STREET),))
CITIZEN = Actor(ActorKind.CITIZEN, uuid7(NOW))
NO_OFFICE = Actor(ActorKind.STAFF, grants=(Grant(Role.AUDITOR), Grant(Role.ADMINISTRATOR)))

TICKET = Ticket(
    id=TicketId(uuid7(NOW)),
    number=TicketNumber("ZZ"),
    state=TicketState.ASSIGNED,
    version=2,
    head_hash=GENESIS,
    title="",
    category="101",
    area=STREET,
    area_path=(STREET, DISTRICT),
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
    reports=(uuid7(NOW),),
)


def ticket_in(state: TicketState, **changed: object) -> Ticket:
    """Return a ticket in this state."""
    return msgspec.structs.replace(TICKET, state=state, **changed)


class TestTable:
    """Each pair of state and action."""

    @pytest.mark.parametrize(("state", "action"), list(product(TicketState, Action)))
    def test_a_pair_leads_where_the_table_says_or_is_refused(self, state: TicketState, action: Action) -> None:
        """What is in the table has a step, or a condition that says why not; all else is refused with what is legal."""
        ticket, expected = ticket_in(state), ROWS.get((state, action))
        legal = legal_actions(ticket, NOW)
        if expected is not None and action in legal:
            assert step_for(action, ticket, CENTER, NOW) is expected
            return
        problem = IllegalAction if expected is None else NotPossible
        with pytest.raises(problem) as refused:
            step_for(action, ticket, CENTER, NOW)
        assert refused.value.fields["legal"] == [one.value for one in legal]
        assert set(refused.value.fields["yours"]) <= set(refused.value.fields["legal"])
        assert expected is None or refused.value.fields["condition"] in {one.value for one in expected.when}

    def test_each_action_has_one_row_and_one_effect(self) -> None:
        """No action appears twice, none is missing, and each does something."""
        assert sorted(step.action for step in LIFE) == sorted(Action)
        assert set(EFFECTS) | {Action.MERGE, Action.UNMERGE, Action.SPLIT} == set(Action)

    def test_every_state_is_reached_and_the_ends_are_ends(self) -> None:
        """From pending each state is reached; what was rejected or withdrawn stays so."""
        reached = {TicketState.PENDING} | {step.target for step in LIFE if isinstance(step.target, TicketState)}
        assert reached == set(TicketState)
        ends = {state for state in TicketState if not any(state in step.origins for step in LIFE)}
        assert ends == {TicketState.REJECTED, TicketState.WITHDRAWN}

    def test_each_action_names_its_own_event(self) -> None:
        """Event types are distinct, so that readers can tell steps apart."""
        assert len({step.event for step in LIFE}) == len(LIFE)

    def test_citizens_are_told_of_what_is_public(self) -> None:
        """A row says what citizens see exactly where they may read its event."""
        assert [step.action for step in LIFE if (step.sees is not None) != step.event.public] == []

    def test_each_condition_is_used_and_explained(self) -> None:
        """None is left over, and each says in words why something is not possible."""
        assert {condition for step in LIFE for condition in step.when} == set(When) == set(WHY_NOT)

    @given(st.lists(st.sampled_from(Action), max_size=30))
    def test_no_walk_leaves_the_table(self, actions: list[Action]) -> None:
        """Whatever is tried in whatever order, a ticket moves only along rows of the table."""
        state = TicketState.PENDING
        for action in actions:
            ticket = ticket_in(state)
            legal = legal_actions(ticket, NOW)
            try:
                step = step_for(action, ticket, SYSTEM, NOW)
            except (IllegalAction, NotPossible):
                assert action not in legal
            else:
                assert action in legal
                state = state if isinstance(step.target, Then) else step.target


class TestWhoMay:
    """Who may take a step on a ticket."""

    @pytest.mark.parametrize("step", LIFE, ids=lambda step: step.action.value)
    def test_exactly_those_the_table_names(self, step: Step) -> None:
        """Handlers and leads of the holding department, centers of the area, the system, reporters: where named."""
        assert may(HANDLER, step, TICKET) == may(LEAD, step, TICKET) == (Who.DEPARTMENT in step.who)
        assert may(CENTER, step, TICKET) == may(DISTRICT_CENTER, step, TICKET) == (Who.CENTER in step.who)
        assert may(WALKER, step, TICKET) == (Who.GRID_WORKER in step.who)
        assert may(SYSTEM, step, TICKET) == (Who.SYSTEM in step.who)
        assert may(CITIZEN, step, TICKET, reporter=True) == (Who.REPORTER in step.who)
        assert may(ANONYMOUS, step, TICKET, reporter=True) == (Who.REPORTER in step.who)
        assert not any(may(actor, step, TICKET) for actor in (OTHER, CITIZEN, ANONYMOUS, NO_OFFICE, OTHER_CENTER))

    @pytest.mark.parametrize("step", LIFE, ids=lambda step: step.action.value)
    def test_a_ticket_nobody_holds_has_no_department_to_act(self, step: Step) -> None:
        """Without a holder no handler may act, not even one of all departments."""
        everywhere = Actor(ActorKind.STAFF, grants=(Grant(Role.HANDLER),))
        assert not may(everywhere, step, msgspec.structs.replace(TICKET, department=None))
        assert may(everywhere, step, TICKET) == (Who.DEPARTMENT in step.who)

    def test_who_assists_answers_and_nothing_else(self) -> None:
        """A called department sees the ticket and answers; the lead stays answerable."""
        called = msgspec.structs.replace(TICKET, assisting=(ELSEWHERE,))
        assert actions_of(OTHER, called, NOW) == [Action.ANSWER_CALL]
        assert actions_of(OTHER, TICKET, NOW) == []

    def test_a_ticket_without_place_is_the_citys(self) -> None:
        """A center of one district has no right to a ticket whose place nobody knows."""
        nowhere = msgspec.structs.replace(TICKET, area=None, area_path=())
        assert actions_of(DISTRICT_CENTER, nowhere, NOW) == []
        assert Action.TRANSFER in actions_of(CENTER, nowhere, NOW)

    def test_partners_need_the_scope_of_an_office_that_may(self) -> None:
        """What only people or the system do opens to no scope."""
        assert scopes_of(Action.ACCEPT) == (Scope.TICKETS_HANDLE,)
        assert scopes_of(Action.ASSIST) == (Scope.TICKETS_HANDLE, Scope.TICKETS_CENTER)
        assert scopes_of(Action.URGE) == (Scope.REPORTS_WRITE,)
        assert scopes_of(Action.CLOSE) == ()

"""Random people do random things to tickets: the gateway and a simple model agree after each step."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from citizen_gateway.insights import recounting
from citizen_gateway.insights import store as insights
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import begin
from citizen_gateway.platform.events import Head, first_broken_link, stream_events
from citizen_gateway.tickets import clocks, service, store
from citizen_gateway.tickets.history import replayed
from citizen_gateway.tickets.jobs import Due
from tests.gateway import DEPARTMENT, ELSEWHERE, Gateway, Person
from tests.insights.conftest import dump
from tests.tickets.life_model import (
    BY_CITIZENS,
    CENTER,
    HELPER,
    HOLDER,
    OPEN,
    REPORTER,
    RULES,
    WALKER,
    Modelled,
)
from tests.tickets.life_moves import Deed, body, follow

T = TypeVar("T")
STAFF = {
    "own": (Role.HANDLER, DEPARTMENT, None),
    "other": (Role.LEAD, ELSEWHERE, None),
    "gas": (Role.HANDLER, "zz-gas", None),
    "city": (Role.CENTER, None, None),
    "district": (Role.CENTER, None, "410103"),
    "elsewhere": (Role.CENTER, None, "410105"),
    "walker": (Role.GRID_WORKER, None, "410103"),
}
CITIZENS = ("ann", "ben")
WORKS_FOR = {"own": DEPARTMENT, "other": ELSEWHERE}
PEOPLE = (*STAFF, *CITIZENS, "stranger")
WITH_DEPARTMENT = {"assigned", "accepted", "in_progress", "on_hold"}
_CLOSE = timedelta(seconds=1)


class Life(RuleBasedStateMachine):
    """A district's day, in which everybody tries everything."""

    gateway: Gateway
    loop: asyncio.AbstractEventLoop

    def run(self, work: Awaitable[T]) -> T:
        """Wait for what happens in the gateway's own loop."""
        return self.loop.run_until_complete(work)  # type: ignore[arg-type] # any awaitable will do

    @initialize()
    def morning(self) -> None:
        """Everybody comes to work, and two citizens report something."""
        self.tickets: dict[str, Modelled] = {}
        self.people: dict[str, Person] = {}
        self.subjects = {name: uuid4().hex for name in CITIZENS}
        self.touched: set[str] = set()
        self.sign_in()
        for name in CITIZENS:
            self.report(name)

    def sign_in(self) -> None:
        """Sign everybody in anew; sessions do not last for ever."""
        for name, office in STAFF.items():
            self.people[name] = self.run(self.gateway.staff(*office))
        for name, subject in self.subjects.items():
            self.people[name] = self.run(self.gateway.citizen(subject))
        self.people["stranger"] = self.gateway.stranger

    def report(self, name: str) -> None:
        """Report rubbish, which goes to the district's urban management at once."""
        receipt = self.run(self.people[name].report())
        number, report = receipt["ticket"]["number"], receipt["report_id"]
        ticket = Modelled(number, {report: name}, ["opened", "assigned"])
        now = self.run(self.last_event(number))
        ticket.give(self.gateway.parts.city, now, DEPARTMENT)
        self.tickets[number] = ticket
        self.touched.add(number)

    @rule(who=st.sampled_from(PEOPLE), action=st.sampled_from(sorted(RULES)), first=st.booleans())
    def try_something(self, who: str, action: str, *, first: bool) -> None:
        """Somebody tries something on one of the tickets; it happens exactly where the rules allow it."""
        numbers = list(self.tickets)
        number = numbers[0 if first else -1]
        other = numbers[1 if first else 0]
        self.act(who, action, self.tickets[number], self.tickets[other])

    @rule(pick=st.integers(0, 9999), first=st.booleans())
    def do_something_possible(self, pick: int, *, first: bool) -> None:
        """Somebody does what they may, so that tickets get somewhere."""
        numbers = list(self.tickets)
        ticket, other = self.tickets[numbers[0 if first else -1]], self.tickets[numbers[1 if first else 0]]
        now = self.gateway.clock()
        able = sorted(
            (who, action)
            for action, (origins, _) in RULES.items()
            if ticket.state in origins and ticket.possible(action, now)
            for who in PEOPLE
            if self.roles(who, ticket) & RULES[action][1]
        )
        if able:
            who, action = able[pick % len(able)]
            self.act(who, action, ticket, other)

    @rule(hours=st.sampled_from([0.3, 1, 6, 30, 80]))
    def time_passes(self, hours: float) -> None:
        """Look at the clocks whenever a look is planned, as a worker would at that moment or later."""
        self.gateway.clock.advance(timedelta(hours=hours))
        self.sign_in()
        for ticket in self.tickets.values():
            self.run(self.look(ticket))
            self.touched.add(ticket.number)

    async def look(self, ticket: Modelled) -> None:
        """Do the planned looks that are due, each twice."""
        while True:
            now = self.gateway.clock()
            async with begin(self.gateway.parts.pool, now) as tx:
                row = await store.by_number(tx.conn, ticket.number)
            assert row is not None
            if row.next_check is None or row.next_check > now:
                return
            for _ in range(2):
                async with begin(self.gateway.parts.pool, now) as tx:
                    await service.check_due(tx, self.gateway.parts.city, Due(row.id, row.next_check))
            ticket.warned(now)

    def act(self, who: str, action: str, ticket: Modelled, other: Modelled) -> None:
        """Call the gateway, compare with what should come of it, and move the model on."""
        now = self.gateway.clock()
        given = body(self.gateway.parts.city, action, ticket, other, now)
        answer = self.run(self.people[who].act(ticket.number, action, given))
        expected = self.refusal(who, action, ticket, other, now)
        self.touched |= {ticket.number, other.number}
        if expected is not None:
            assert answer.status_code >= 400, (who, action, ticket.state, expected)
            assert answer.json()["code"] == expected, (who, action, ticket.state, answer.text)
            return
        assert answer.status_code == 200, (who, action, ticket.state, answer.text)
        deed = Deed(who, action, self.run(self.last_event(ticket.number)), given or {}, answer.json())
        follow(self.gateway.parts.city, deed, ticket, other, self.tickets)
        self.touched |= set(self.tickets)

    def refusal(self, who: str, action: str, ticket: Modelled, other: Modelled, now: datetime) -> str | None:
        """Say how the attempt should be refused, None where it should succeed."""
        origins, allowed = RULES[action]
        checks: list[tuple[bool, str]] = [
            (who == "stranger" and action not in BY_CITIZENS, "unauthenticated"),
            (not self.sees(who, ticket), "not_found"),
            (action == "merge" and not self.sees(who, other), "not_found"),
            (ticket.state not in origins, "illegal_action"),
        ]
        for fails, code in checks:
            if fails:
                return code
        if not ticket.possible(action, now):
            return "not_possible"
        if not self.roles(who, ticket) & allowed:
            return "not_your_ticket"
        return self.special(who, action, ticket, other, now)

    def special(self, who: str, action: str, ticket: Modelled, other: Modelled, now: datetime) -> str | None:
        """Say what this one action may be refused for besides."""
        today = now.astimezone(self.gateway.parts.city.calendar.timezone).date()
        into = self.tickets[ticket.merged[0]] if ticket.merged else None
        wish = ticket.extension_wish
        checks = {
            "urge": (ticket.urged.get(who) == today, "urged_today"),
            "merge": (other.state not in OPEN, "other_not_open"),
            "unmerge": (into is None or into.state not in OPEN, "other_not_open"),
            "hold": (ticket.hold_wish is not None and ticket.hold_wish <= now, "not_ahead"),
            "extend": (wish is not None and wish <= ticket.clocks["resolve"].due, "not_ahead")
            if "resolve" in ticket.clocks
            else (False, ""),
        }
        fails, code = checks.get(action, (False, ""))
        return code if fails else None

    def sees(self, who: str, ticket: Modelled) -> bool:
        """Whether somebody may look at a ticket."""
        return who in {"city", "district", "walker"} or who in ticket.followers or bool(self.roles(who, ticket))

    def roles(self, who: str, ticket: Modelled) -> set[str]:
        """Return what somebody is to a ticket."""
        held = {
            HOLDER: ticket.department is not None and WORKS_FOR.get(who) == ticket.department,
            CENTER: who in {"city", "district"},
            WALKER: who == "walker",
            HELPER: who == "gas" and ticket.helped,
            REPORTER: who in ticket.reporters,
        }
        return {role for role, has in held.items() if has}

    @invariant()
    def model_and_gateway_agree(self) -> None:
        """States, departments, limits, events, counts, rights and the chain, of every ticket that was touched."""
        touched, self.touched = getattr(self, "touched", set()), set()
        if touched:
            self.run(self.gateway.catch_up())
        for number in sorted(touched):
            self.run(self.compare(self.tickets[number]))
            self.run(self.compare_figures(self.tickets[number]))

    def teardown(self) -> None:
        """In the evening, figures made anew from all events are those that grew with each of them."""
        self.run(self.recount())

    async def compare(self, ticket: Modelled) -> None:
        """Compare one ticket."""
        async with begin(self.gateway.parts.pool, self.gateway.clock()) as tx:
            row = await store.by_number(tx.conn, ticket.number)
            assert row is not None
            past = await stream_events(tx.conn, row.id, public_only=False)
            assert await first_broken_link(tx.conn, row.id, Head(row.version, row.head_hash)) is None
        assert (row.state, row.department, row.returns) == (ticket.state, ticket.department, ticket.returns)
        assert Counter(event.type.removeprefix("ticket.") for event in past) == +ticket.events
        assert row.version == ticket.events.total()
        assert sorted(map(str, row.reports)) == sorted(ticket.reports)
        assert replayed(row, past) == row
        now = clocks.deadlines(past)
        if row.state in {"assigned", "accepted", "in_progress", "on_hold"}:
            assert (now.accept_due, now.resolve_due) == (row.accept_due, row.resolve_due)
            assert {clock.name.value for clock in now.clocks} == set(ticket.clocks)
            for clock in now.clocks:
                assert abs(clock.due - ticket.clocks[clock.name.value].due) < _CLOSE
        await self.compare_rights(ticket)

    async def compare_figures(self, ticket: Modelled) -> None:
        """Compare what is counted of one ticket."""
        async with begin(self.gateway.parts.pool, self.gateway.clock()) as tx:
            row = await store.by_number(tx.conn, ticket.number)
            assert row is not None
            case = await insights.load(tx.conn, row.id)
        assert case is not None
        happened = ticket.events
        assert (case.state, case.reports, case.urged) == (ticket.state, len(ticket.reports), happened["urged"])
        ended = Counter(turn.ended for turn in case.turns)
        given = sum(happened[kind] for kind in ("assigned", "arbitrated", "transferred", "reopened"))
        assert (len(case.turns), ended["returned"]) == (given, happened["returned"])
        if ticket.state in WITH_DEPARTMENT:
            assert case.turn is not None
            assert (case.department, case.turn.department) == (ticket.department, ticket.department)
        late = {name for warning, name, _ in ticket.told if warning == "overdue"}
        counted = {"accept": "accept_overdue_at", "resolve": "resolve_overdue_at"}
        assert late <= {name for name, at in counted.items() if any(getattr(turn, at) for turn in case.turns)}

    async def recount(self) -> None:
        """Make all figures anew and compare them with those that grew."""
        await self.gateway.catch_up()
        async with begin(self.gateway.parts.pool, self.gateway.clock()) as tx:
            grown = await dump(tx)
            await recounting.recompute(tx, self.gateway.parts.city)
            assert await dump(tx) == grown

    async def compare_rights(self, ticket: Modelled) -> None:
        """Compare what each sees and may do with what the gateway says itself."""
        for who in ("own", "elsewhere", "ann", "walker"):
            answer = await self.people[who].get(f"/v1/tickets/{ticket.number}")
            assert (answer.status_code == 200) == self.sees(who, ticket), (who, ticket.number)
            if answer.status_code == 200:
                now, roles = self.gateway.clock(), self.roles(who, ticket)
                able = {
                    action.replace("-", "_")
                    for action, (origins, allowed) in RULES.items()
                    if ticket.state in origins and roles & allowed and ticket.possible(action, now)
                }
                assert set(answer.json()["actions"]) == able, (who, ticket.state)

    async def last_event(self, number: str) -> datetime:
        """Return when the ticket's last event happened."""
        items: list[Any] = (await self.people["city"].get(f"/v1/tickets/{number}/timeline")).json()["items"]
        return datetime.fromisoformat(items[-1]["at"])


@pytest.fixture
async def machine(gateway: Gateway) -> type[Life]:
    """Return the machine, set up in the loop in which the gateway lives."""
    Life.gateway, Life.loop = gateway, asyncio.get_running_loop()
    return Life


def test_everybody_tries_everything(machine: type[Life]) -> None:
    """States, rights, clocks, events, counts and figures agree after each step, and the chain of hashes holds.

    Eight days of twenty-five attempts; set CITIZEN_LIFE_EXAMPLES for more days.
    """
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("CITIZEN_LIFE_EXAMPLES", "8")),
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )

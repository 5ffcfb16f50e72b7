"""The table of actions as people read it."""

import re

import pytest

from citizen_gateway.app.openapi import describe
from citizen_gateway.platform.resources import resource
from citizen_gateway.tickets.model import LIFE, Step
from citizen_gateway.tickets.reference import page, path_of, sentence
from citizen_gateway.tickets.terms import Action, TicketState
from tests.gateway import Gateway


class TestPage:
    """`docs/reference/ticket-life.md`."""

    def test_is_fresh(self) -> None:
        """`make generate` would change nothing."""
        written = resource("openapi").parent / "docs" / "reference" / "ticket-life.md"
        assert written.read_text("utf-8") == page()

    def test_draws_every_state_and_every_way(self) -> None:
        """No state is missing in the picture, and each row that leads elsewhere is an arrow."""
        drawn = page().partition("```mermaid")[2].partition("```")[0]
        for state in TicketState:
            assert f" as {state}\n" in drawn
        arrows = {(a, b): names.split(", ") for a, b, names in re.findall(r"(\w+) --> (\w+): (.*)", drawn)}
        for step in LIFE:
            for origin in step.origins:
                if isinstance(step.target, TicketState) and step.target is not origin:
                    assert step.action.value in arrows[origin.value, step.target.value]

    @pytest.mark.parametrize("step", LIFE, ids=lambda step: step.action.value)
    def test_has_a_row_for_each_action(self, step: Step) -> None:
        """With its event and everything it needs."""
        row = next(line for line in page().splitlines() if line.startswith(f"| `{step.action}` "))
        assert f"`{step.event.name}`" in row
        assert all(f"`{need}`" in row for need in (*step.needs, *step.may_bring, *step.when))


class TestDescription:
    """The API's description."""

    def test_every_action_is_an_operation_that_says_its_row(self, gateway: Gateway) -> None:
        """Only closing has none: it is the system's."""
        paths = describe(gateway.app)["paths"]
        for action in set(Action) - {Action.CLOSE}:
            operation = paths[f"/v1/tickets/{{number}}/{path_of(action)}"]["post"]
            assert sentence(action) in operation["description"]
        assert "/v1/tickets/{number}/close" not in paths

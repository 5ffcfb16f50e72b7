"""Calls that follow from each other: what one answered is asked about next (schemathesis, stateful)."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema

from citizen_gateway.app.links import LINKS, add_links
from tests.contract.test_served import CHECKS

ROUNDS = 3

Send = Callable[[Case, str], httpx2.Response]


class TestLinks:
    """The links of the description."""

    async def test_what_was_answered_can_be_asked_about(self, schema: BaseSchema, send: Send) -> None:
        """Along the links, whatever the order, every call is answered as described."""
        linked = {*LINKS, *(target for targets in LINKS.values() for target in targets)}
        part = schema.include(operation_id=sorted(linked))
        answered: set[tuple[str, int]] = set()
        failures: list[FailureGroup] = []

        class Workflow(part.as_state_machine()):  # type: ignore[misc]
            def call(self, case: Case, **_: object) -> Response:
                response = send(case, "partner")
                answered.add((case.operation.definition.raw["operationId"], response.status_code))
                return Response.from_any(response)

            def validate_response(self, response: Response, case: Case, **_: object) -> None:
                try:
                    case.validate_response(response, checks=CHECKS)
                except FailureGroup as found:
                    failures.append(found)

        bounded = settings(
            max_examples=20,
            stateful_step_count=10,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        for _ in range(ROUNDS):
            # What there is to ask about differs from one run to the next, which hypothesis may notice; no finding.
            with suppress(FlakyStrategyDefinition):
                await asyncio.to_thread(Workflow.run, settings=bounded)
        assert failures == []
        followed = {target for targets in LINKS.values() for target in targets}
        assert {operation for operation, status in answered if status < 300} & followed

    def test_a_link_to_nowhere_is_found(self) -> None:
        """An operation that was renamed must not leave a link behind."""
        with pytest.raises(LookupError, match="getReport"):
            add_links({"/v1/reports": {"post": {"operationId": "submitReport", "responses": {"201": {}}}}})

"""The application does what its description says, for good calls and bad ones (schemathesis)."""

import asyncio
from collections.abc import Callable

import httpx2
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from citizen_gateway.platform.resources import resource
from tests.contract.conftest import Town

Send = Callable[[Case, str], httpx2.Response]

NEVER_WRONG = {
    # They take nothing, or texts of which any may be right.
    "getHealth",
    "getReadiness",
    "listCategories",
    "getCurrentSession",
    "getInvitation",
    "getTicket",
    "getRatings",
    "getTimeline",
    "listJoinSuggestions",
    "listTickets",
    "listWebhooks",
    "getCertificate",
    "getCertificatePdf",
    "getPoints",
    "getPointsRules",
    "getVolunteer",
    "listFamily",
    "listFilters",
    "listConsents",
    "exportPersonalData",
    "listTicketReports",
}
EXAMPLES = 20
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operation_ids() -> list[str]:
    """Return the id of each operation of the contract."""
    spec = msgspec.json.decode((resource("openapi") / "openapi.json").read_bytes())
    return [operation["operationId"] for item in spec["paths"].values() for operation in item.values()]


def operation_of(schema: BaseSchema, identity: str) -> APIOperation:
    """Return the operation with this id."""
    found = (one.ok() for one in schema.get_all_operations())
    return next(one for one in found if one.definition.raw["operationId"] == identity)


class TestServed:
    """Each operation."""

    @pytest.mark.parametrize("identity", operation_ids())
    async def test_what_is_allowed_is_answered_as_described(
        self, identity: str, schema: BaseSchema, town: Town, send: Send
    ) -> None:
        """Calls of the described form, by all kinds of people, mostly about things that exist."""
        strategy = operation_of(schema, identity).as_strategy(generation_mode=GenerationMode.POSITIVE)

        @BOUNDED
        @given(case=strategy, who=st.sampled_from(sorted(town.people)), data=st.data())
        def run(case: Case, who: str, data: st.DataObject) -> None:
            for name in case.path_parameters or {}:
                if data.draw(st.integers(0, 3)):
                    case.path_parameters[name] = data.draw(st.sampled_from(town.known[name]))
            case.validate_response(send(case, who), checks=CHECKS)

        await asyncio.to_thread(run)

    @pytest.mark.parametrize("identity", [one for one in operation_ids() if one not in NEVER_WRONG])
    async def test_what_is_not_allowed_is_refused_as_described(
        self, identity: str, schema: BaseSchema, send: Send
    ) -> None:
        """Calls that break the described form, by those who could call."""

        @BOUNDED
        @given(
            case=operation_of(schema, identity).as_strategy(generation_mode=GenerationMode.NEGATIVE),
            who=st.sampled_from(["citizen", "handler", "center"]),
        )
        def run(case: Case, who: str) -> None:
            case.validate_response(send(case, who), checks=[*CHECKS, negative_data_rejection])

        await asyncio.to_thread(run)

"""The API's description, for machines and for people."""

import re
from html.parser import HTMLParser

import pytest

from citizen_gateway.app.openapi import UNSAFE, describe
from citizen_gateway.kernel.errors import Problem
from tests.gateway import Gateway, Json


@pytest.fixture(scope="module")
def spec(gateway: Gateway) -> Json:
    """Return the description of the running application."""
    return describe(gateway.app)


def operations(spec: Json) -> list[tuple[str, str, Json]]:
    """Return path, method and description of each operation."""
    return [(path, method, one) for path, item in spec["paths"].items() for method, one in item.items()]


class TestDescription:
    """OpenAPI 3.1."""

    def test_each_operation_has_a_name_of_its_own(self, spec: Json) -> None:
        """Ids are unique, and each has a summary and a tag."""
        ids = [one["operationId"] for _, _, one in operations(spec)]
        assert len(ids) == len(set(ids))
        assert all(one["summary"] and one["tags"] for _, _, one in operations(spec))

    def test_every_refusal_is_a_problem(self, spec: Json) -> None:
        """Whatever is not success is `application/problem+json` and names the codes it may have."""
        for path, _, one in operations(spec):
            for status, response in one["responses"].items():
                if status == "default" or (int(status) >= 400 and path != "/ready"):
                    assert list(response["content"]) == ["application/problem+json"]
                if status.isdigit() and int(status) >= 400 and path != "/ready":
                    codes = re.findall(r"`(\w+)`", response["description"])
                    assert codes
                    assert all(Problem.registry[code].status == int(status) for code in codes)

    def test_unsafe_operations_take_a_key(self, spec: Json) -> None:
        """And declare what a wrong one is answered."""
        for _, method, one in operations(spec):
            named = "Idempotency-Key" in {parameter["name"] for parameter in one.get("parameters", ())}
            assert named == (method in UNSAFE)
            assert named == ("`idempotency_key_reused`" in one["responses"].get("422", {}).get("description", ""))

    def test_credentials_are_asked_for_where_they_are_needed(self, spec: Json) -> None:
        """An operation that declares 401 `unauthenticated` names the bearer scheme, and the other way round."""
        for _, _, one in operations(spec):
            declared = "`unauthenticated`" in one["responses"].get("401", {}).get("description", "")
            assert declared == bool(one.get("security"))

    def test_closed_forms_say_so(self, spec: Json) -> None:
        """Every JSON body forbids members that it does not know; answers leave room for members of later versions."""
        forms = spec["components"]["schemas"]
        bodies = [
            one.get("requestBody", {}).get("content", {}).get("application/json") for _, _, one in operations(spec)
        ]
        taken = set(re.findall(r"#/components/schemas/(\w+)", str(bodies)))
        assert {"SubmitReport", "AssignTicket", "RateReport", "StaffSignIn"} <= taken
        assert [name for name in taken if forms[name].get("additionalProperties") is not False] == []
        assert "additionalProperties" not in forms["Ticket"]

    def test_all_references_lead_somewhere(self, spec: Json) -> None:
        """Each form that is referred to is there."""
        named = set(re.findall(r"#/components/schemas/([^'\"]+)", str(spec)))
        assert named <= set(spec["components"]["schemas"])


class TestPages:
    """`/schema`."""

    async def test_for_machines(self, gateway: Gateway, spec: Json) -> None:
        """The same description, under its media type."""
        answer = await gateway.stranger.get("/schema/openapi.json")
        assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")
        assert answer.json() == spec

    async def test_for_people(self, gateway: Gateway, spec: Json) -> None:
        """One page that names each operation and form, needs no script and nothing from elsewhere."""
        answer = await gateway.stranger.get("/schema")
        assert answer.headers["Content-Type"].startswith("text/html")
        page = answer.text
        assert all(path in page for path in spec["paths"])
        assert "<script" not in page
        assert "http" not in page
        links, ids = _Anchors.of(page)
        assert links <= ids


class _Anchors(HTMLParser):
    """Collects where a page's own links lead, and what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids and links within the page."""
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if name == "href" and value and value.startswith("#"):
                self.links.add(value[1:])

    @classmethod
    def of(cls, page: str) -> tuple[set[str], set[str]]:
        """Return the targets of links and the ids of a page."""
        parser = cls()
        parser.feed(page)
        return parser.links, parser.ids

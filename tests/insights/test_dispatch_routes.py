"""Explanations of dispatch over HTTP, for staff."""

import pytest

from tests.gateway import DEPARTMENT, SPOT, Gateway, Json, Person

EXPLAIN = "/v1/dispatch/explain"


class TestExplain:
    """`GET /v1/dispatch/explain`."""

    async def test_at_a_point(self, handler: Person) -> None:
        """Rule, polygon, evidence, version and what would change it."""
        answer = await handler.get(EXPLAIN, params={"category": "101", **SPOT})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["department"], found["polygon"]["code"]) == (DEPARTMENT, "410103")
        assert found["version"]
        assert len(found["rules_fingerprint"]) == 16
        assert next(rule["verdict"] for rule in found["rules"]) == "decides"
        assert {"If the place were not known"} <= {one["change"] for one in found["what_if"]}

    async def test_in_an_area_and_nowhere(self, center: Person) -> None:
        """An area stands for its points; without a place most cases need a person."""
        there = await center.get(EXPLAIN, params={"category": "101", "area": "410105"})
        assert there.json()["department"] == "410105-cgj"
        nowhere = await center.get(EXPLAIN, params={"category": "101"})
        assert nowhere.json()["department"] is None
        assert nowhere.json()["suggestions"]

    async def test_in_the_callers_language(self, center: Person) -> None:
        """Chinese for who asks for it."""
        answer = await center.call(
            "GET", EXPLAIN, params={"category": "101", **SPOT}, headers={"Accept-Language": "zh-CN"}
        )
        assert "如果" in answer.text

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"category": "nothing"}, 422, "unknown_category"),
            ({"category": "101", "area": "nowhere"}, 422, "unknown_area"),
            ({"category": "101", "lat": 1.0, "lon": 1.0, "datum": "wgs84"}, 404, "no_area_here"),
            ({"category": "101", "lat": 113.6, "lon": 34.7, "datum": "wgs84"}, 404, "no_area_here"),
            ({"category": "101", "lat": 34.72}, 422, "place_unclear"),
            ({"category": "101", "area": "410103", **SPOT}, 422, "place_unclear"),
            ({}, 422, "invalid_request"),
        ],
    )
    async def test_refuses(self, center: Person, query: Json, status: int, code: str) -> None:
        """Each mistake has its own problem."""
        answer = await center.get(EXPLAIN, params=query)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_is_for_staff(self, citizen: Person, gateway: Gateway) -> None:
        """A citizen is told of their ticket, not of the rules."""
        assert (await citizen.get(EXPLAIN, params={"category": "101"})).json()["code"] == "role_missing"
        assert (await gateway.stranger.get(EXPLAIN, params={"category": "101"})).status_code == 401

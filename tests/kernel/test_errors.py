"""Problems callers are told of."""

import string

import pytest

from citizen_gateway.kernel.errors import BadCursor, Forbidden, NotFound, Problem, Violation

ALL = sorted(Problem.registry.items())


class TestProblem:
    """A class is at once a status, a code and its documentation."""

    def test_fields_fill_the_detail(self) -> None:
        """What was raised says what was wrong, and keeps the values for translation."""
        problem = Violation(reason="too long", pointer="/title")
        assert str(problem) == "too long (at /title)"
        assert problem.fields == {"reason": "too long", "pointer": "/title"}

    def test_a_forgotten_field_is_a_defect(self) -> None:
        """A problem raised without a field its text needs fails where it is raised."""
        with pytest.raises(KeyError):
            NotFound()

    def test_two_problems_cannot_share_a_code(self) -> None:
        """Codes are stable names, so a second owner is refused when its class is made."""
        with pytest.raises(TypeError, match="not_found"):
            type("Copy", (Problem,), {"code": "not_found", "title": "", "detail": ""})
        assert Problem.registry["not_found"] is NotFound


class TestRegistry:
    """All problems together are the error catalogue."""

    @pytest.mark.parametrize(("code", "kind"), ALL)
    def test_each_is_complete(self, code: str, kind: type[Problem]) -> None:
        """A client-side status, a code in snake case, a title, a detail and a documented class."""
        assert 400 <= kind.status < 600
        assert set(code) <= set(string.ascii_lowercase + "_")
        assert kind.title
        assert kind.detail
        assert kind.__doc__
        assert not kind.title.endswith(".")

    def test_the_kernel_knows_its_own(self) -> None:
        """What every slice raises is there."""
        assert {kind.code for kind in (NotFound, BadCursor, Forbidden)} <= set(Problem.registry)

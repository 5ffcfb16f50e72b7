"""Duty rules: who is asked first, who settles it, and what a person is told when nobody does."""

import msgspec
import pytest

from citizen_gateway.city.model import (
    AreaCode,
    Basis,
    CategoryCode,
    DepartmentCode,
    DutyLevel,
    DutyRule,
    Location,
)
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City


def place(town: City, area: str) -> Location:
    """Return the location of an area."""
    return town.location_of(AreaCode(area))


class TestOneAnswer:
    """(category, area) → department, by which rule."""

    @pytest.mark.parametrize(
        ("category", "area", "department", "rule"),
        [
            ("litter", "w2", "w-works", "litter-place"),  # an event goes by place, though an owner is named too
            ("litter", "e2", "port-office", "litter-port"),  # a zone governs like a district
            ("litter", "mall", "mall-desk", "mall-litter"),  # a dedicated area goes before the ordinary one
            ("lamp", "w1", "works", "lamp-owner"),  # a component goes by owner, though a place is named too
            ("noise", "w2", "w2-warden", "noise-warden"),  # a street has its own department
            ("gas", "e1", "gasworks", "gas-owner"),
        ],
    )
    def test_assigned(self, town: City, category: str, area: str, department: str, rule: str) -> None:
        """One department, named with its rule and reason."""
        answer = town.dispatch(CategoryCode(category), place(town, area))
        assert (answer.department, answer.rule) == (department, rule)
        assert answer.reason == town.rules[rule].reason["en"]
        assert answer.candidates[0].department == department

    def test_the_next_best_are_named_too(self, town: City) -> None:
        """Whoever reassigns sees whom the other rules and the category's lead would have been."""
        answer = town.dispatch(CategoryCode("noise"), place(town, "w2"))
        assert [candidate.department for candidate in answer.candidates] == ["w2-warden", "works"]
        assert answer.candidates[1].rule is None

    def test_explains_each_step(self, town: City) -> None:
        """Where it is, what comes first, which rule."""
        answer = town.dispatch(CategoryCode("litter"), place(town, "mall"))
        assert answer.explanation == (
            "at East",
            "inside Border Mall",
            "place first",
            "rule mall-litter: the mall sweeps itself",
        )


class TestNobodyIsCertain:
    """A person decides, with suggestions."""

    def test_duty_is_shared(self, town: City) -> None:
        """A rule that names several departments leaves the choice open."""
        answer = town.dispatch(CategoryCode("lamp"), place(town, "w2"))
        assert answer.department is None
        assert answer.reason == "shared by rule lamp-castle: the castle's lamps are disputed"
        assert [candidate.department for candidate in answer.candidates] == ["works", "hall", "w2-warden"]

    def test_rules_contradict(self, town: City) -> None:
        """Two rules that fit equally well and disagree are both named."""
        answer = town.dispatch(CategoryCode("noise"), place(town, "w1"))
        assert (answer.department, answer.rule) == (None, None)
        assert answer.reason == "rules disagree: noise-office, noise-mill"

    def test_no_rule(self, town: City) -> None:
        """The category's lead is the suggestion that is left."""
        answer = town.dispatch(CategoryCode("other"), place(town, "w1"))
        assert answer.department is None
        assert [(c.department, c.reason) for c in answer.candidates] == [("hall", "Town Hall leads")]

    def test_never_more_than_three(self, town: City) -> None:
        """Three suggestions fit one line."""
        for category in town.categories:
            for area in ("w1", "w2", "e1", "e2", "mall"):
                assert len(town.dispatch(category, place(town, area)).candidates) <= 3


class TestNoPlace:
    """A report that says nothing of where."""

    def test_a_rule_for_the_whole_city_still_answers(self, town: City) -> None:
        """Who owns all lamps owns this one."""
        assert town.dispatch(CategoryCode("lamp"), None).department == DepartmentCode("works")

    def test_a_rule_that_needs_the_place_does_not(self, town: City) -> None:
        """Without a place no street can be named."""
        answer = town.dispatch(CategoryCode("noise"), None)
        assert answer.department is None
        assert answer.explanation[0] == "no place"


class TestLanguage:
    """Reasons in the reader's language."""

    def test_an_unknown_language_falls_back_to_the_citys(self, town: City) -> None:
        """There is always a reason to read."""
        assert town.dispatch(CategoryCode("gas"), None, "fr").reason == "gas is the gasworks'"


class TestRuleThatFails:
    """A rule that was stored without being checked."""

    def test_leaves_it_to_a_person_and_says_why(self, tinytown: Pack) -> None:
        """The error is the reason; the category's lead is suggested; other categories are not touched."""
        broken = DutyRule(
            "gas-odd", (CategoryCode("gas"),), Basis.OWNER, DutyLevel.CITY, ("{road}-office",), {"en": "r"}
        )
        directory = msgspec.structs.replace(tinytown.directory, rules=(broken, *tinytown.directory.rules))
        town = City.from_pack(msgspec.structs.replace(tinytown, directory=directory))
        answer = town.dispatch(CategoryCode("gas"), place(town, "w1"))
        assert answer.department is None
        assert answer.reason == "rule gas-odd failed: KeyError: 'road'"
        assert answer.candidates[0].department == "gasworks"
        assert town.dispatch(CategoryCode("litter"), place(town, "w2")).department == "w-works"

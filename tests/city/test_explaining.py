"""Why a case goes where it goes."""

import pytest

from citizen_gateway.city.explaining import Reasons, explain
from citizen_gateway.city.model import AreaCode, CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.geo import Point

MALL = Point(50.05, 10.1)


def why(town: City, category: str, area: str | None = None, point: Point | None = None) -> Reasons:
    """Explain a case of the tiny town."""
    location = town.locate(point) if point else town.location_of(AreaCode(area)) if area else None
    return explain(town, CategoryCode(category), location, point, "en")


class TestAnswer:
    """The answer is the one that dispatch gives, with what it rests on."""

    @pytest.mark.parametrize(
        ("category", "area", "department", "polygon"),
        [
            ("litter", "w2", "w-works", "w"),  # decided by the district's outline
            ("litter", "e2", "port-office", "port"),  # a zone stands for the district
            ("litter", "mall", "mall-desk", "mall"),
            ("noise", "w2", "w2-warden", "w2"),
            ("gas", "w2", "gasworks", None),  # the place did not matter
            ("other", "w2", None, None),
        ],
    )
    def test_names_rule_and_polygon(
        self, town: City, category: str, area: str, department: str | None, polygon: str | None
    ) -> None:
        """Which outline decided."""
        found = why(town, category, area)
        assert found.department == department
        assert (found.polygon.code if found.polygon else None) == polygon
        assert found.evidence


class TestRules:
    """Every rule about the category, and what came of it."""

    def test_verdicts(self, town: City) -> None:
        """Who decides comes first; the others are asked later, hold elsewhere, or name nobody."""
        found = {rule.rule: rule.verdict for rule in why(town, "litter", "w2").rules}
        assert next(iter(found)) == "litter-place"
        assert found == {
            "litter-place": "decides",
            "litter-owner": "suggests",
            "mall-litter": "elsewhere",
            "litter-port": "elsewhere",
        }
        assert {rule.rule: rule.verdict for rule in why(town, "noise", "e").rules}["noise-warden"] == "nobody"

    def test_rules_that_disagree_only_suggest(self, town: City) -> None:
        """No rule decides where a person must."""
        found = why(town, "noise", "w1")
        assert {rule.verdict for rule in found.rules} == {"suggests"}


class TestWhatIf:
    """What would change the answer; what would not is left out."""

    def test_at_the_mall(self, town: City) -> None:
        """Outside it the district, without the rule too; at no known place the owner."""
        changes = {one.change: one.department for one in why(town, "litter", "mall").what_if}
        assert changes["If it did not lie in the dedicated area Border Mall"] == "e-works"
        assert changes["If the place were not known"] == "works"
        assert changes["If there were no rule mall-litter"] == "e-works"

    def test_near_a_border(self, town: City) -> None:
        """Some metres away, the other side answers."""
        found = why(town, "litter", point=Point(50.02, 10.0995))
        assert found.department == "w-works"
        assert any("m to the" in one.change and one.department == "e-works" for one in found.what_if)

    def test_what_changes_nothing_is_not_said(self, town: City) -> None:
        """Gas is the gasworks' wherever it is; only without its rule nobody is certain."""
        assert [one.change for one in why(town, "gas", "w2").what_if] == ["If there were no rule gas-owner"]
        assert why(town, "gas", "w2").what_if[0].department is None

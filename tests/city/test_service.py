"""Where duty rules leave a case to a person."""

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import find_gaps


class TestGaps:
    """Categories × areas without exactly one answer."""

    def test_each_gap_names_category_places_and_reason(self, town: City) -> None:
        """What `city check` prints; the mall belongs to no street, so a warden cannot be named there."""
        gaps = {(gap.category, gap.reason): gap.areas for gap in find_gaps(town)}
        assert gaps[CategoryCode("noise"), "rules disagree: noise-office, noise-mill"] == ("w1",)
        assert gaps[CategoryCode("noise"), "nobody for Noise"] == ("mall",)
        assert gaps[CategoryCode("other"), "nobody for Other"] == ("e1", "e2", "mall", "w1", "w2")
        assert len(gaps) == 4

    def test_settled_cases_are_not_listed(self, town: City) -> None:
        """A category with one answer everywhere is no gap."""
        assert not any(gap.category == "gas" for gap in find_gaps(town))

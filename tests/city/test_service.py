"""Where duty rules leave a case to a person."""

import msgspec

from citizen_gateway.city.coverage import kinds_of_places
from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import coverage_of, places_of


class TestGaps:
    """Categories × areas without exactly one answer."""

    def test_each_gap_names_category_places_and_reason(self, town: City) -> None:
        """What `city check` prints; a warden cannot be named where only the district is known."""
        gaps = {(gap.category, gap.reason): set(gap.areas) for gap in coverage_of(town).gaps}
        assert gaps[CategoryCode("noise"), "rules disagree: noise-office, noise-mill"] == {"w1"}
        assert gaps[CategoryCode("noise"), "nobody for Noise"] == {"e", "w", "port", "mall"}
        assert gaps[CategoryCode("other"), "nobody for Other"] == {"e", "w", "port", "mall", "e1", "e2", "w1", "w2"}
        assert len(gaps) == 4

    def test_settled_cases_are_not_listed(self, town: City) -> None:
        """A category with one answer everywhere is no gap."""
        assert not any(gap.category == "gas" for gap in coverage_of(town).gaps)

    def test_without_a_place(self, town: City) -> None:
        """What needs a place needs a person where there is none."""
        assert coverage_of(town).unplaced == ("noise", "other")


class TestTriage:
    """What the pack says a person decides."""

    def test_all_gaps_are_listed(self, town: City) -> None:
        """So the rules cover the town."""
        coverage = coverage_of(town)
        assert coverage.complete
        assert coverage.settled == ()

    def test_an_unlisted_gap_and_a_needless_listing(self, tinytown: Pack) -> None:
        """One that the pack does not know of breaks the proof; one that rules settle is named."""
        directory = tinytown.directory
        settings = msgspec.structs.replace(directory.settings, triage=("gas", "lamp", "noise"))
        pack = msgspec.structs.replace(tinytown, directory=msgspec.structs.replace(directory, settings=settings))
        coverage = coverage_of(City.from_pack(pack))
        assert not coverage.complete
        assert {gap.category for gap in coverage.gaps if not gap.known} == {"other"}
        assert coverage.settled == ("gas",)


class TestPlaces:
    """What is asked."""

    def test_a_dedicated_area_across_a_border(self, town: City) -> None:
        """The mall lies in two districts: a case there is asked in each of their streets that it touches."""
        places = kinds_of_places(places_of(town), town.rules.values())
        streets = {place.areas[-1].code for place in places if place.dedicated and len(place.areas) > 2}
        assert streets == {"e", "w"}

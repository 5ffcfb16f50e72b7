"""The gazetteer: what a phrase of place names means."""

import pytest

from citizen_gateway.city.model import PlaceKind
from citizen_gateway.city.read_model import City


class TestFind:
    """Phrases and the areas they mean."""

    @pytest.mark.parametrize(
        ("phrase", "areas"),
        [
            ("Mill Ward", ["w1"]),
            ("mill  ward", ["w1"]),  # blanks and case do not matter
            ("Mill", ["w1"]),  # without its suffix
            ("Upper Quarter", ["e2-a", "w1-a"]),  # ambiguous
            ("Mill Ward, Upper Quarter", ["w1-a"]),  # the coarser name settles it
            ("behind the Upper Quarter in Quay Ward", ["e2-a"]),
            ("Quay Ward, Castle Quarter", ["e2"]),  # there is no such quarter in that ward
            ("West", ["w"]),
            ("Border Mall", ["mall"]),
            ("Free Port", ["port"]),
            ("nowhere", []),
            ("", []),
        ],
    )
    def test_areas(self, town: City, phrase: str, areas: list[str]) -> None:
        """The finest area that agrees with the coarser names."""
        assert [place.area for place in town.find_place(phrase)] == areas

    def test_a_road_has_no_area(self, town: City) -> None:
        """Roads are known by name only."""
        (road,) = town.find_place("High Street 5, third floor")
        assert (road.name, road.kind, road.area, road.point) == ("High Street", PlaceKind.ROAD, None, None)

    def test_a_name_of_a_road_and_of_areas_is_ambiguous(self, town: City) -> None:
        """Nobody is sent to the castle for Castle road."""
        kinds = [place.kind for place in town.find_place("Castle")]
        assert kinds == [PlaceKind.AREA, PlaceKind.AREA, PlaceKind.ROAD]

    def test_the_point_lies_in_the_area(self, town: City) -> None:
        """What stands for an area is inside it."""
        (place,) = town.find_place("Ring Quarter")
        assert place.point is not None
        location = town.locate(place.point)
        assert location is not None
        assert place.area in [area.code for area in location.areas]


class TestNames:
    """A lexicon for whoever analyses text."""

    def test_all_names_once(self, town: City) -> None:
        """Areas people name, and roads; not numbered grids."""
        names = town.place_names()
        assert {"Mill Ward", "Upper Quarter", "High Street", "Border Mall", "Free Port", "East"} < set(names)
        assert list(names) == sorted(set(names))
        assert not any(name.endswith(".1") for name in names)

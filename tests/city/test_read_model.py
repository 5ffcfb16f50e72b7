"""The city as handlers ask it."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.city.directory import Layer
from citizen_gateway.city.model import AreaCode, AreaLevel, CategoryCode, DepartmentCode
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.geo import Point

around = st.builds(Point, lat=st.floats(49.98, 50.12), lon=st.floats(9.98, 10.22))


def codes(town: City, lat: float, lon: float) -> list[str] | None:
    """Return the codes of the areas at a point."""
    location = town.locate(Point(lat, lon))
    return [area.code for area in location.areas] if location else None


class TestLocate:
    """From a point to its areas."""

    def test_from_the_finest_to_the_district(self, town: City) -> None:
        """A point in a zone passes through it."""
        found = codes(town, 50.07, 10.181)
        assert found is not None
        micro_grid, grid, *rest = found
        assert micro_grid.startswith(grid)
        assert rest == ["e2-a", "e2", "port", "e"]

    def test_in_the_hole_of_another(self, town: City) -> None:
        """The park lies in the ring's hole and belongs to itself."""
        found = codes(town, 50.051, 10.124)
        assert found is not None
        assert found[-3:] == ["e1-park", "e1", "e"]

    def test_where_finer_polygons_leave_a_gap(self, town: City) -> None:
        """The city's own polygons need not cover everything: the next coarser one answers."""
        assert codes(town, 50.095, 10.12) == ["e1", "e"]

    def test_on_a_border(self, town: City) -> None:
        """A point on a shared edge belongs to the lower code, always."""
        location = town.locate(Point(50.02, 10.1))
        assert location is not None
        assert location.boundary
        assert location.areas[-1].code == "e"

    def test_dedicated_areas_lie_across(self, town: City) -> None:
        """Both sides of the district border are inside the mall."""
        for lon in (10.0985, 10.1015):
            location = town.locate(Point(50.05, lon))
            assert location is not None
            assert location.dedicated is not None
            assert location.dedicated.code == "mall"
            assert location.at(AreaLevel.DEDICATED) is location.dedicated

    @pytest.mark.parametrize(("lat", "lon"), [(0, 0), (10.05, 50.05), (50.2, 10.1), (50.05, 9.999)])
    def test_outside(self, town: City, lat: float, lon: float) -> None:
        """No area of this city."""
        assert codes(town, lat, lon) is None

    @given(point=around)
    def test_agrees_with_asking_every_polygon(self, town: City, tinytown: Pack, point: Point) -> None:
        """The index finds what a search through everything finds."""
        finest = [layer == Layer.FINEST for layer in tinytown.layers]
        rows = [row for row, here in zip(tinytown.rows, finest, strict=True) if here]
        touched = shapely.intersects_xy(tinytown.polygons[finest], point.lon, point.lat)
        expected = [row.code for row, here in zip(rows, touched, strict=True) if here]
        location = town.locate(point)
        if expected:
            assert location is not None
            assert location.boundary or [location.areas[0].code] == expected
        else:
            assert location is None or location.boundary or location.areas[0].code == "e1"


class TestAreaPath:
    """From a code to what it lies in."""

    def test_of_a_dedicated_area(self, town: City) -> None:
        """A dedicated area lies in the district of its middle; as a location it lies across."""
        assert [area.code for area in town.area_path(AreaCode("mall"))] == ["mall", "e"]
        location = town.location_of(AreaCode("mall"))
        assert location.dedicated is not None
        assert [area.code for area in location.areas] == ["e"]

    def test_unknown(self, town: City) -> None:
        """An unknown code raises KeyError."""
        with pytest.raises(KeyError):
            town.area_path(AreaCode("x"))

    def test_responsible_units(self, town: City) -> None:
        """Districts, zones, streets and dedicated areas name who answers for them."""
        units = {code: town.areas[AreaCode(code)].department for code in ("e", "port", "e1", "mall", "e1-park")}
        assert units == {
            "e": "e-office",
            "port": "port-office",
            "e1": "e1-warden",
            "mall": "mall-desk",
            "e1-park": None,
        }

    def test_departments_know_their_area(self, town: City) -> None:
        """A department made from a template belongs to the area it was made for."""
        assert town.departments[DepartmentCode("e-works")].area == "e"
        assert town.departments[DepartmentCode("works")].area is None


class TestDeadlines:
    """By when."""

    FRIDAY = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)  # 11:30 on the clock, half an hour before closing

    def test_accepting_runs_around_the_clock(self, town: City) -> None:
        """Nobody gains time by not signing."""
        assert town.deadlines(CategoryCode("advice"), self.FRIDAY).accept_due == self.FRIDAY + timedelta(hours=2)

    def test_resolving_runs_in_working_hours(self, town: City) -> None:
        """Half an hour on Friday, four on Monday, the rest on Tuesday."""
        due = town.deadlines(CategoryCode("litter"), self.FRIDAY).resolve_due
        assert due == datetime(2026, 3, 10, 10, 30, tzinfo=UTC)

    def test_an_emergency_runs_around_the_clock(self, town: City) -> None:
        """By its category, or by what the report says."""
        late = self.FRIDAY + timedelta(hours=8)
        assert town.deadlines(CategoryCode("gas"), self.FRIDAY).resolve_due == late
        assert town.deadlines(CategoryCode("litter"), self.FRIDAY, emergency=True).resolve_due == late

    def test_says_when_the_calendar_is_not_of_record(self, town: City) -> None:
        """A due time in an unannounced year may still move."""
        eve = datetime(2026, 12, 31, 12, tzinfo=UTC)
        assert town.deadlines(CategoryCode("advice"), eve).unannounced == (2027,)
        assert town.deadlines(CategoryCode("advice"), self.FRIDAY).unannounced == ()

    def test_unknown_category(self, town: City) -> None:
        """A category the city does not have is no deadline."""
        with pytest.raises(KeyError):
            town.deadlines(CategoryCode("x"), self.FRIDAY)

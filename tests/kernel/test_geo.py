"""Datums: what a map says, and where that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.geo import Datum, Point, distance_m, from_wgs84, offset, to_wgs84

SHIFTED = [Datum.GCJ02, Datum.BD09]
in_china = st.builds(Point, lat=st.floats(18, 53), lon=st.floats(74, 134))


class TestKnownPositions:
    """Values computed by the two published reference implementations of the conversions."""

    def test_gcj02_of_tiananmen(self) -> None:
        """The forward shift agrees with the published example to a metre."""
        lat, lon = from_wgs84(Point(39.90734, 116.39089), Datum.GCJ02)
        assert distance_m(Point(lat, lon), Point(39.908744, 116.397131)) < 1

    def test_bd09_of_a_gcj02_position(self) -> None:
        """BD-09 adds Baidu's own turn to GCJ-02 (its documented example)."""
        point = to_wgs84(39.915, 116.404, Datum.GCJ02)
        lat, lon = from_wgs84(point, Datum.BD09)
        assert distance_m(Point(lat, lon), Point(39.92133699351021, 116.41036949371029)) < 0.01

    def test_nothing_is_shifted_outside_china(self) -> None:
        """GCJ-02 is the identity abroad."""
        assert from_wgs84(Point(48.8584, 2.2945), Datum.GCJ02) == (48.8584, 2.2945)


class TestRoundTrip:
    """A position converted there and back is the same position."""

    @pytest.mark.parametrize("datum", list(Datum))
    @given(point=in_china)
    def test_to_and_from_agree(self, datum: Datum, point: Point) -> None:
        """Within a millimetre, far below the metre a pin on a map is good for."""
        assert distance_m(to_wgs84(*from_wgs84(point, datum), datum), point) < 0.001

    @pytest.mark.parametrize("datum", SHIFTED)
    @given(point=in_china)
    def test_the_shift_is_hundreds_of_metres(self, datum: Datum, point: Point) -> None:
        """Taking one datum for another is never harmless."""
        lat, lon = from_wgs84(point, datum)
        assert 20 < distance_m(point, Point(lat, lon)) < 2500


class TestBadInput:
    """Numbers that are no position."""

    @pytest.mark.parametrize(("lat", "lon"), [(113.6, 34.7), (91, 0), (0, 181), (float("nan"), 113.0)])
    def test_refused(self, lat: float, lon: float) -> None:
        """Swapped or impossible values raise instead of landing somewhere else."""
        with pytest.raises(ValueError, match="not a position"):
            to_wgs84(lat, lon)


class TestDistance:
    """Great-circle metres."""

    def test_one_degree_of_latitude(self) -> None:
        """A degree of latitude is 111.2 km on the mean sphere."""
        assert distance_m(Point(34, 113), Point(35, 113)) == pytest.approx(111_195, rel=1e-3)

    @given(a=in_china, b=in_china)
    def test_symmetric_and_zero_at_home(self, a: Point, b: Point) -> None:
        """There and back are equally far."""
        assert distance_m(a, b) == pytest.approx(distance_m(b, a))
        assert distance_m(a, a) == 0

    @given(start=in_china, metres=st.floats(0, 10_000), bearing=st.floats(0, 360))
    def test_an_offset_is_as_far_as_it_says(self, start: Point, metres: float, bearing: float) -> None:
        """The distance back is the distance gone."""
        assert distance_m(start, offset(start, metres, bearing)) == pytest.approx(metres, rel=2e-3, abs=0.01)

"""Made-up polygons: exact, deterministic tilings."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_gateway.city.shapes import Geometries
from citizen_gateway.city.synthesis import Plane, apportion, divide, scatter, settle, surround
from citizen_gateway.kernel.geo import Point

CROOKED = shapely.Polygon([(0, 0), (10, 1), (9, 5), (4, 4), (5, 9), (1, 8)])
LAKE = shapely.Polygon([(20, 0), (30, 0), (30, 10), (20, 10)], [[(23, 3), (23, 7), (27, 7), (27, 3)]])
BOTH = np.array([CROOKED, LAKE], dtype=object)


def assert_tiles(parts: Geometries, whole: shapely.Geometry) -> None:
    """Parts overlap nowhere and leave nothing out."""
    assert shapely.is_valid(parts).all()
    assert shapely.area(parts).min() > 0
    assert shapely.area(parts).sum() == pytest.approx(shapely.area(whole), rel=1e-9)
    assert shapely.area(shapely.symmetric_difference(shapely.union_all(parts), whole)) < 1e-9 * shapely.area(whole)


class TestDivide:
    """Halving until every part stands alone."""

    @settings(max_examples=25, deadline=None)
    @given(first=st.integers(1, 40), second=st.integers(1, 40), passes=st.integers(0, 4))
    def test_parts_tile_their_parent(self, first: int, second: int, passes: int) -> None:
        """Whatever the shape, holes and bays included."""
        parts = divide(BOTH, [first, second], passes)
        assert len(parts) == first + second
        assert_tiles(parts[:first], CROOKED)
        assert_tiles(parts[first:], LAKE)

    def test_passes_make_parts_fair(self) -> None:
        """With some steps no part is twice another."""
        areas = shapely.area(divide(BOTH[:1], [16], 8))
        assert areas.max() < 2 * areas.min()


class TestSurround:
    """Parts around anchors."""

    @settings(max_examples=25, deadline=None)
    @given(seed=st.integers(0, 999), count=st.integers(1, 20))
    def test_parts_tile_and_hold_their_anchors(self, seed: int, count: int) -> None:
        """Each part is what lies nearest its own anchor."""
        unknown = np.full((count, 2), np.nan)
        anchors = settle(LAKE, unknown, np.array([21.0, 1.0]), np.ones(count), seed)
        parts = surround(LAKE, anchors)
        assert_tiles(parts, LAKE)
        assert shapely.distance(parts, shapely.points(anchors)).max() < 0.5

    def test_known_anchors_stay(self) -> None:
        """What is known is not moved."""
        known = np.array([[2.0, 2.0], [np.nan, np.nan]])
        assert settle(CROOKED, known, np.array([2.0, 2.0]), np.ones(2), 1)[0].tolist() == [2.0, 2.0]


class TestApportion:
    """Sharing whole things out."""

    @given(st.integers(0, 5000), st.lists(st.floats(0.1, 10), min_size=1, max_size=60))
    def test_nothing_lost_and_one_for_each(self, extra: int, weights: list[float]) -> None:
        """The total is met exactly."""
        counts = apportion(len(weights) + extra, np.array(weights))
        assert sum(counts) == len(weights) + extra
        assert min(counts) >= 1

    def test_too_few(self) -> None:
        """There must be one for each."""
        with pytest.raises(ValueError, match="cannot give one"):
            apportion(2, np.ones(3))


class TestScatter:
    """Numbers that look random."""

    def test_the_same_everywhere(self) -> None:
        """The generator is written out, so a city is the same on every machine and version."""
        assert scatter(3, 42).tolist() == [0.29177474686041327, 0.5510947277391722, 0.8741408167558329]
        assert 0.45 < scatter(10_000, 7).mean() < 0.55
        assert len(set(scatter(10_000, 7))) == 10_000


class TestPlane:
    """The flat, turned frame."""

    def test_there_and_back(self) -> None:
        """Coming back is exact to far below a millimetre."""
        plane = Plane(34.7, 113.6, 17.0)
        square = np.array([shapely.box(113.5, 34.6, 113.7, 34.8)], dtype=object)
        again = plane.back(plane.into(square))
        assert shapely.equals_exact(again, square, tolerance=1e-12).all()
        assert plane.place(Point(34.7, 113.6)) == (0.0, 0.0)

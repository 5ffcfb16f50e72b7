"""Which polygon holds a point: the index against shapely itself."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.city.shapes import Hit, PointIndex, Shapes

HOLED = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 3), (3, 3), (3, 1)]])
POND = shapely.Polygon([(1, 1), (3, 1), (3, 3), (1, 3)])
ISLANDS = shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 0, 8, 1)])
STAR = shapely.Polygon(
    [(10 + r * np.cos(a), r * np.sin(a)) for a, r in zip(np.arange(0, 6.28, 0.05), [2.0, 0.7] * 63, strict=True)]
)
ALL = np.array([HOLED, POND, ISLANDS, STAR], dtype=object)
INDEX = PointIndex(Shapes.of(ALL, np.arange(4, dtype=np.int32)))

steps = st.integers(-4, 52).map(lambda n: n / 4)
anywhere = st.floats(-1, 13, allow_subnormal=False)


def brute(x: float, y: float) -> int | None:
    """Ask shapely for the lowest polygon that touches the point."""
    hits = np.flatnonzero(shapely.intersects_xy(ALL, x, y))
    return int(hits[0]) if len(hits) else None


class TestFind:
    """A hole, its filling, two islands and a star of 126 corners."""

    @given(x=steps, y=steps)
    def test_agrees_with_shapely_on_corners_and_edges(self, x: float, y: float) -> None:
        """The lattice meets corners, edges, holes and shared borders."""
        hit = INDEX.find(x, y)
        assert (hit.row if hit else None) == brute(x, y)

    @given(x=anywhere, y=anywhere)
    def test_agrees_with_shapely_anywhere(self, x: float, y: float) -> None:
        """Only a point within the tolerance of an edge may differ."""
        hit = INDEX.find(x, y)
        near = shapely.distance(shapely.boundary(ALL), shapely.Point(x, y)).min() < 2e-9
        assert near or (hit.row if hit else None) == brute(x, y)

    @pytest.mark.parametrize(
        ("x", "y", "hit"),
        [
            (0.5, 0.5, Hit(0, False)),
            (2, 2, Hit(1, False)),
            (1, 2, Hit(0, True)),
            (5.5, 0.5, Hit(2, False)),
            (6.5, 0.5, None),
            (99, 99, None),
        ],
    )
    def test_says_whether_it_is_the_edge(self, x: float, y: float, hit: Hit | None) -> None:
        """A shared edge belongs to the lower row."""
        assert INDEX.find(x, y) == hit

    def test_a_hair_beside_an_edge_is_the_edge(self) -> None:
        """Rounding between neighbours leaves no gap to fall through."""
        assert INDEX.find(-5e-10, 2) == Hit(0, True)

    def test_far_along_a_flat_edge_is_not_on_it(self) -> None:
        """An edge ends where it ends, however flat."""
        flat = shapely.Polygon([(0, 0), (1, 1e-10), (1, 1), (0, 1)])
        index = PointIndex(
            Shapes.of(np.array([flat, shapely.box(0, -9, 9, -8)], dtype=object), np.arange(2, dtype=np.int32))
        )
        assert index.find(2, 1e-10) is None


class TestOrder:
    """Which of several polygons answers."""

    def test_rank_goes_before_row(self) -> None:
        """Ranks let a finer polygon answer for one it lies in."""
        nested = np.array([shapely.box(0, 0, 9, 9), shapely.box(1, 1, 2, 2)], dtype=object)
        index = PointIndex(Shapes.of(nested, np.arange(2, dtype=np.int32)), np.array([1, 0]))
        assert index.find(1.5, 1.5) == Hit(1, False)


class TestShapes:
    """Polygons as arrays."""

    def test_joined_lots_answer_like_one(self) -> None:
        """Lots read one after the other are the same polygons."""
        lots = [Shapes.of(ALL[i : i + 1], np.array([i], dtype=np.int32)) for i in range(4)]
        index = PointIndex(Shapes.join(lots))
        for x, y in ((0.5, 0.5), (2, 2), (7.5, 0.5), (10, 0.1), (6.5, 0.5)):
            assert index.find(x, y) == INDEX.find(x, y)

    def test_read_from_wkb(self) -> None:
        """Polygons of one ring are read without shapely, the others with it; the answers are the same."""
        index = PointIndex(Shapes.of_wkb(list(shapely.to_wkb(ALL)), np.arange(4, dtype=np.int32)))
        for x in np.arange(-1, 13, 0.31):
            for y in np.arange(-1, 5, 0.29):
                assert index.find(x, y) == INDEX.find(x, y)

    def test_no_polygons(self) -> None:
        """A city without dedicated areas asks an empty index."""
        assert PointIndex(Shapes.join([])).find(1, 1) is None

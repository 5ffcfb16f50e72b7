"""Cutting polygons in two: numpy for nearly all, shapely for the rest, the same result."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_gateway.city.cutting import split

SHAPES = [
    shapely.box(0, 0, 4, 4),
    shapely.Polygon([(0, 0), (4, 1), (3, 4), (1, 3)]),  # oblique
    shapely.Polygon([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)]),  # a bay: crossed four times
    shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 3), (3, 3), (3, 1)]]),  # a hole
    shapely.MultiPolygon([shapely.box(0, 0, 1, 4), shapely.box(3, 0, 4, 4)]),
]


class TestSplit:
    """Halves on either side of a line."""

    @settings(deadline=None)
    @given(
        shape=st.sampled_from(SHAPES),
        axis=st.integers(0, 1),
        cut=st.one_of(st.floats(0.01, 3.99), st.sampled_from([1.0, 2.0, 3.0])),
    )
    def test_halves_make_the_whole(self, shape: shapely.Geometry, axis: int, cut: float) -> None:
        """Cuts along corners, edges, holes and bays included."""
        (below,), (above,) = split(np.array([shape], dtype=object), np.array([axis]), np.array([cut]))
        assert shapely.is_valid([below, above]).all()
        assert shapely.area(below) + shapely.area(above) == pytest.approx(shapely.area(shape))
        assert shapely.bounds(below)[axis + 2] <= cut + 1e-12
        assert shapely.bounds(above)[axis] >= cut - 1e-12
        assert shapely.area(shapely.symmetric_difference(shapely.union(below, above), shape)) < 1e-9

    def test_many_at_once(self) -> None:
        """Each piece keeps its place, whichever way it was cut."""
        pieces = np.array(SHAPES, dtype=object)
        below, _ = split(pieces, np.zeros(len(pieces), dtype=np.int64), np.full(len(pieces), 0.5))
        for half, piece in zip(below, pieces, strict=True):
            assert shapely.area(half) == pytest.approx(shapely.area(shapely.clip_by_rect(piece, -1, -1, 0.5, 9)))

"""Make up polygons where a city's own are not at hand: exact, deterministic subdivision of a polygon by straight cuts.

What comes out tiles its parent and looks like a street plan; it is nobody's boundary of record, and every area made
here says so (`synthetic`).
"""

from collections.abc import Sequence
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np
import shapely

from citizen_gateway.city.cutting import solid, split
from citizen_gateway.city.shapes import Floats, Geometries
from citizen_gateway.kernel.geo import Point

_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # SplitMix64
_DRAWS = 12


class Plane(NamedTuple):
    """A flat, turned frame around a city in which degrees are equally long both ways and cuts run along the axes."""

    lat: float
    lon: float
    turn: float  # degrees

    def into(self, polygons: Geometries) -> Geometries:
        """Take polygons from longitude and latitude into the plane."""
        shrink, rotation = cos(radians(self.lat)), self._rotation(1)
        flat: Geometries = shapely.transform(polygons, lambda c: ((c - [self.lon, self.lat]) * [shrink, 1]) @ rotation)
        return flat

    def back(self, polygons: Geometries) -> Geometries:
        """Take polygons from the plane back to longitude and latitude."""
        shrink, rotation = cos(radians(self.lat)), self._rotation(-1)
        round_again: Geometries = shapely.transform(
            polygons, lambda c: (c @ rotation) / [shrink, 1] + [self.lon, self.lat]
        )
        return round_again

    def place(self, point: Point) -> tuple[float, float]:
        """Take one point into the plane."""
        x, y = ((np.array([point.lon, point.lat]) - [self.lon, self.lat]) * [cos(radians(self.lat)), 1]) @ (
            self._rotation(1)
        )
        return float(x), float(y)

    def _rotation(self, way: int) -> Floats:
        c, s = cos(radians(self.turn)), way * sin(radians(self.turn))
        return np.array([[c, s], [-s, c]])


def divide(polygons: Geometries, counts: Sequence[int], passes: int) -> Geometries:
    """Cut each polygon into so many parts of about equal size that tile it; all parts in the polygons' order.

    Each is halved across its longer side until every part stands alone; `passes` are the steps by which a cut is moved
    to divide the area fairly, and 0 takes the shape for a rectangle.
    """
    pieces, left = np.asarray(polygons, dtype=object), np.asarray(counts)
    places = np.cumsum(left) - left
    parts = np.empty(int(left.sum()), dtype=object)
    while len(pieces):
        alone = left == 1
        parts[places[alone]] = pieces[alone]
        pieces, places, left = pieces[~alone], places[~alone], left[~alone]
        first = left // 2
        below, above = _cut(pieces, first / left, passes)
        pieces = np.concatenate([below, above])
        places, left = np.concatenate([places, places + first]), np.concatenate([first, left - first])
    return parts


def surround(polygon: shapely.Geometry, anchors: Floats) -> Geometries:
    """Cut a polygon so that each part holds what lies nearest its anchor (Voronoi); anchors outside are moved in.

    Raises ValueError where an anchor is left without land.
    """
    if len(anchors) == 1:
        return np.array([polygon], dtype=object)
    seats = shapely.MultiPoint(_apart(polygon, anchors))
    cells = shapely.voronoi_polygons(seats, extend_to=shapely.envelope(polygon), ordered=True)
    parts = solid(shapely.intersection(shapely.get_parts(cells), polygon))
    if shapely.is_empty(parts).any():
        raise ValueError(f"there is no land left for one of {len(anchors)} streets; check their positions")
    return parts


def _apart(polygon: shapely.Geometry, anchors: Floats) -> Floats:
    """Move anchors into the polygon, and those that would coincide apart, towards its middle."""
    size = np.sqrt(shapely.area(polygon))
    inner = shapely.buffer(polygon, -0.02 * size)
    shores = shapely.shortest_line(polygon if shapely.is_empty(inner) else inner, shapely.points(anchors))
    moved = shapely.get_coordinates(shapely.get_point(shores, 0))
    middle = shapely.get_coordinates(shapely.point_on_surface(polygon))[0]
    for row in range(1, len(moved)):
        while np.hypot(*(moved[:row] - moved[row]).T).min() < 1e-4 * size:
            moved[row] += 0.05 * (middle - moved[row]) + 1e-3 * size
    return moved


def settle(polygon: shapely.Geometry, known: Floats, centre: Floats, spreads: Floats, seed: int) -> Floats:
    """Fill in the anchors that are not known (NaN): around the centre as wide as each may spread, apart from others.

    Of some random positions inside the polygon each takes the one farthest from all before (best candidate).
    """
    west, south, east, north = shapely.bounds(polygon)
    extent = np.array([east - west, north - south])
    draws = scatter(4 * _DRAWS * len(known), seed).reshape(len(known), 2, _DRAWS, 2)
    anchors = known.copy()
    for row in np.flatnonzero(np.isnan(known[:, 0])):
        near = centre + (draws[row, 0] * 2 - 1) * spreads[row] * extent
        anywhere = np.array([west, south]) + draws[row, 1] * extent
        tries = near if shapely.contains_xy(polygon, near).any() else anywhere
        inside = tries[shapely.contains_xy(polygon, tries)]
        tries = inside if len(inside) else tries
        placed = anchors[~np.isnan(anchors[:, 0])]
        gaps = (
            np.hypot(*(tries[:, None] - placed[None]).transpose(2, 0, 1)) if len(placed) else np.ones((len(tries), 1))
        )
        anchors[row] = tries[np.argmax(gaps.min(axis=1))]
    return anchors


def apportion(total: int, weights: Floats) -> list[int]:
    """Share out `total` things by weight, at least one to each (largest remainders, ties to the earlier)."""
    if total < len(weights):
        raise ValueError(f"{total} cannot give one to each of {len(weights)}")
    exact = weights / weights.sum() * (total - len(weights))
    counts = np.floor(exact).astype(int)
    left = total - len(weights) - int(counts.sum())
    counts[np.argsort(-(exact - counts), kind="stable")[:left]] += 1
    return [int(count) + 1 for count in counts]


def scatter(count: int, seed: int) -> Floats:
    """Return numbers in [0, 1) that look random and are the same everywhere, always (SplitMix64)."""
    with np.errstate(over="ignore"):
        state = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed) * np.uint64(0x100000001)) * np.uint64(
            _MIX[0]
        )
        state = (state ^ (state >> np.uint64(30))) * np.uint64(_MIX[1])
        state = (state ^ (state >> np.uint64(27))) * np.uint64(_MIX[2])
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) / 2**53


def _cut(pieces: Geometries, ratios: Floats, passes: int) -> tuple[Geometries, Geometries]:
    """Cut each piece across its longer side so that `ratio` of its area lies below the cut (regula falsi)."""
    boxes = shapely.bounds(pieces).reshape(-1, 4)
    axes = (boxes[:, 3] - boxes[:, 1] > boxes[:, 2] - boxes[:, 0]).astype(np.int64)
    rows = np.arange(len(pieces))
    start, end = boxes[rows, axes], boxes[rows, axes + 2]
    areas = shapely.area(pieces)
    low, high = np.zeros(len(pieces)), np.ones(len(pieces))
    low_ratio, high_ratio, at = low.copy(), high.copy(), ratios.copy()
    for _ in range(passes):
        got = shapely.area(split(pieces, axes, start + at * (end - start))[0]) / areas
        over = got > ratios
        high, high_ratio = np.where(over, at, high), np.where(over, got, high_ratio)
        low, low_ratio = np.where(over, low, at), np.where(over, low_ratio, got)
        at = low + (ratios - low_ratio) / np.maximum(high_ratio - low_ratio, 1e-12) * (high - low)
        at = np.clip(at, low + 0.02 * (high - low), high - 0.02 * (high - low))
    return split(pieces, axes, start + at * (end - start))

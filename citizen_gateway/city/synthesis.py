"""Make up polygons where a city's own are not at hand: exact, deterministic subdivision of a polygon by straight cuts.

What comes out tiles its parent and looks like a street plan; it is nobody's boundary of record, and every area made
here says so (`synthetic`).
"""

from collections.abc import Sequence
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np
import shapely

from citizen_gateway.city.shapes import Floats, Geometries
from citizen_gateway.kernel.geo import Point

_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # SplitMix64
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


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


class Division(NamedTuple):
    """How one polygon is to be cut: a share of the area for each part, and where in the plane it would like to lie."""

    shares: Floats
    wishes: Floats | None = None  # n × 2


def divide(polygons: Geometries, divisions: Sequence[Division], passes: int) -> list[Geometries]:
    """Cut each polygon into parts that tile it, by halving along the longer side until each part stands alone.

    `passes` are the steps by which each cut is moved to divide the area as the shares ask; 0 takes the shape for
    a rectangle.
    """
    parts = [np.empty(len(division.shares), dtype=object) for division in divisions]
    pieces = np.asarray(polygons, dtype=object)
    owners = list(range(len(polygons)))
    wanted = [np.arange(len(division.shares)) for division in divisions]
    while len(pieces):
        open_rows = []
        for row, (owner, members) in enumerate(zip(owners, wanted, strict=True)):
            if len(members) == 1:
                parts[owner][members[0]] = pieces[row]
            else:
                open_rows.append(row)
        pieces = pieces[open_rows]
        if not open_rows:
            break
        owners, wanted = [owners[row] for row in open_rows], [wanted[row] for row in open_rows]
        boxes = shapely.bounds(pieces)
        axes = (boxes[:, 3] - boxes[:, 1] > boxes[:, 2] - boxes[:, 0]).astype(int)
        halves = [
            _halve(divisions[owner], members, axis) for owner, members, axis in zip(owners, wanted, axes, strict=True)
        ]
        below, above = _cut(pieces, axes, np.array([ratio for _, _, ratio in halves]), passes)
        pieces = np.concatenate([below, above])
        owners = owners * 2
        wanted = [first for first, _, _ in halves] + [second for _, second, _ in halves]
    return parts


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


def _halve(division: Division, members: Floats, axis: int) -> tuple[Floats, Floats, float]:
    """Split the parts into two lots of about equal share, neighbours by wish staying together."""
    if division.wishes is not None:
        members = members[np.argsort(division.wishes[members, axis], kind="stable")]
    sums = np.cumsum(division.shares[members])
    first = int(np.argmin(np.abs(sums[:-1] - sums[-1] / 2))) + 1
    return members[:first], members[first:], float(sums[first - 1] / sums[-1])


def _cut(pieces: Geometries, axes: Floats, ratios: Floats, passes: int) -> tuple[Geometries, Geometries]:
    """Cut each piece across its axis so that `ratio` of its area lies below the cut (regula falsi)."""
    boxes = shapely.bounds(pieces)
    rows = np.arange(len(pieces))
    start, end = boxes[rows, axes], boxes[rows, axes + 2]
    areas = shapely.area(pieces)
    low, high = np.zeros(len(pieces)), np.ones(len(pieces))
    low_ratio, high_ratio, at = low.copy(), high.copy(), ratios.copy()
    for _ in range(passes):
        got = shapely.area(_half(pieces, boxes, axes, (None, start + at * (end - start)))) / areas
        over = got > ratios
        high, high_ratio = np.where(over, at, high), np.where(over, got, high_ratio)
        low, low_ratio = np.where(over, low, at), np.where(over, low_ratio, got)
        at = low + (ratios - low_ratio) / np.maximum(high_ratio - low_ratio, 1e-12) * (high - low)
        at = np.clip(at, low + 0.02 * (high - low), high - 0.02 * (high - low))
    cut = start + at * (end - start)
    return _half(pieces, boxes, axes, (None, cut)), _half(pieces, boxes, axes, (cut, None))


def _half(pieces: Geometries, boxes: Floats, axes: Floats, between: tuple[Floats | None, Floats | None]) -> Geometries:
    """Return what of each piece lies on one side of its cut."""
    window = boxes + [-1, -1, 1, 1]
    rows = np.arange(len(pieces))
    low, high = between
    if low is not None:
        window[rows, axes] = low
    if high is not None:
        window[rows, axes + 2] = high
    half: Geometries = shapely.intersection(pieces, shapely.box(*window.T))
    for row in np.flatnonzero(~np.isin(shapely.get_type_id(half), _POLYGONAL)):
        solid = [part for part in shapely.get_parts(half[row]) if part.area > 0]
        half[row] = shapely.union_all(solid)
    return half

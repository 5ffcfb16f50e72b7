"""Polygons as flat arrays, and the question which of a hundred thousand holds a point, answered in microseconds.

A grid of equal cells names the few polygons near a point. Each of them is tested by counting the edges to the right
of the point (even-odd rule, so holes and multipolygons need no care), only among the edges of the point's own
horizontal slab. Everything is read through memoryviews: single elements come out several times faster than from
numpy, and nothing is copied.
"""

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
import shapely

TOUCH = 1e-9
"""Degrees (0.1 mm) within which a point is on an edge; neighbours computed apart may differ by less."""

_EDGES_PER_SLAB = 12
_CELLS_PER_SHAPE = 6
_ONE_RING = struct.pack("<BII", 1, 3, 1)  # WKB: little-endian, polygon, one ring; the number of vertices follows
_RING_AT, _VERTEX = 13, 16

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Geometries = npt.NDArray[np.object_]


class Shapes(msgspec.Struct, frozen=True):
    """Polygons as vertices, rings and owners; `rows` are what the caller knows them by."""

    rows: Ints
    x: Floats
    y: Floats
    ring_starts: Ints
    shape_rings: Ints

    @classmethod
    def of(cls, geometries: Geometries, rows: Ints) -> "Shapes":
        """Flatten shapely polygons and multipolygons."""
        if not len(rows):
            return cls(rows, np.empty(0), np.empty(0), np.zeros(1, np.int32), np.zeros(1, np.int32))
        # a mixture becomes multipolygons, polygons alone stay so: one offset array more or less
        _, coordinates, offsets = shapely.to_ragged_array(geometries)
        rings, *outer = [np.asarray(offset, np.int32) for offset in offsets or ()]
        shape_rings = outer[0][outer[1]] if len(outer) == 2 else outer[0]
        return cls(rows, coordinates[:, 0].copy(), coordinates[:, 1].copy(), rings, shape_rings)

    @classmethod
    def of_wkb(cls, polygons: Sequence[bytes], rows: Ints) -> "Shapes":
        """Flatten polygons in WKB; those of one ring, nearly all, without making objects of them."""
        plain = np.array([polygon.startswith(_ONE_RING) for polygon in polygons], dtype=np.bool_)
        rings = [polygon[_RING_AT:] for polygon, simple in zip(polygons, plain, strict=True) if simple]
        vertices = np.frombuffer(b"".join(rings), dtype="<f8").reshape(-1, 2)
        starts = np.cumsum([0, *(len(ring) // _VERTEX for ring in rings)], dtype=np.int32)
        one_each = np.arange(len(rings) + 1, dtype=np.int32)
        easy = cls(rows[plain], vertices[:, 0].copy(), vertices[:, 1].copy(), starts, one_each)
        rest = [polygon for polygon, simple in zip(polygons, plain, strict=True) if not simple]
        return cls.join([easy, cls.of(shapely.from_wkb(np.array(rest, dtype=object)), rows[~plain])])

    @classmethod
    def join(cls, parts: Sequence["Shapes"]) -> "Shapes":
        """Put several lots of polygons behind each other."""
        if not parts:
            return cls.of(np.empty(0, object), np.empty(0, np.int32))
        return cls(
            np.concatenate([p.rows for p in parts]),
            np.concatenate([p.x for p in parts]),
            np.concatenate([p.y for p in parts]),
            _chain([p.ring_starts for p in parts]),
            _chain([p.shape_rings for p in parts]),
        )


class Hit(NamedTuple):
    """The row of the polygon that holds a point, and whether the point is on its edge."""

    row: int
    boundary: bool


class _Csr(NamedTuple):
    """Lists of ints of different lengths: list i is `items[starts[i]:starts[i + 1]]`."""

    starts: Ints
    items: Ints


class PointIndex:
    """Finds the polygon of a point among many; where several hold or touch it, the one of lowest rank, then row."""

    def __init__(self, shapes: Shapes, ranks: npt.NDArray[Any] | None = None) -> None:
        order = np.lexsort((shapes.rows,) if ranks is None else (shapes.rows, ranks))
        edges, owners = _edges(shapes)
        boxes = _boxes(shapes, edges, owners)
        self.size = len(order)
        self._rows = _ints(shapes.rows)
        self._x, self._y = _floats(shapes.x), _floats(shapes.y)
        self._west, self._south, self._east, self._north = (_floats(side) for side in boxes)
        self._make_slabs(shapes, edges, owners, boxes)
        self._make_cells(boxes, order)

    def find(self, x: float, y: float) -> Hit | None:
        """Return the first polygon that holds or touches the point, None where there is none."""
        column, line = int((x - self._left) * self._per_x), int((y - self._bottom) * self._per_y)
        if not (0 <= column < self._columns and 0 <= line < self._lines):
            return None
        cell = line * self._columns + column
        west, south, east, north = self._west, self._south, self._east, self._north
        for shape in self._near[self._cells[cell] : self._cells[cell + 1]]:
            if west[shape] <= x <= east[shape] and south[shape] <= y <= north[shape]:
                inside, touches = self._test(shape, x, y)
                if inside or touches:
                    return Hit(self._rows[shape], touches)
        return None

    def _test(self, shape: int, x: float, y: float) -> tuple[bool, bool]:
        """Count the polygon's edges right of the point: (inside, on an edge)."""
        xs, ys, inside = self._x, self._y, False
        below, over, last = y - TOUCH, y + TOUCH, -1
        slab, end = self._shape_slabs[shape], self._shape_slabs[shape + 1]
        if end - slab > 1:
            slab += min(int((y - self._south[shape]) * self._slab_scale[shape]), end - slab - 1)
        by = 0.0
        for i in self._slab_edges[self._slabs[slab] : self._slabs[slab + 1]]:
            ay = by if i == last else ys[i]  # an edge mostly begins where the one before ended
            last = i + 1
            by = ys[last]
            if (ay > y) != (by > y):
                ax = xs[i]
                across, up = xs[last] - ax, by - ay
                turn = across * (y - ay) - up * (x - ax)
                if abs(turn) <= TOUCH * (abs(across) + abs(up)) and _near_edge((ax, ay), (xs[last], by), x, y):
                    return True, True
                if (turn > 0) is (up > 0):
                    inside = not inside
            elif (below <= ay <= over or below <= by <= over) and _near_edge((xs[i], ay), (xs[last], by), x, y):
                return True, True
        return inside, False

    def _make_slabs(self, shapes: Shapes, edges: Ints, owners: Ints, boxes: Floats) -> None:
        count = np.bincount(owners, minlength=self.size)
        slabs = np.maximum(1, count // _EDGES_PER_SLAB)
        first = np.concatenate([[0], np.cumsum(slabs)])
        scale = slabs / (boxes[3] - boxes[1])
        low = np.minimum(shapes.y[edges], shapes.y[edges + 1]) - TOUCH
        high = np.maximum(shapes.y[edges], shapes.y[edges + 1]) + TOUCH
        last = slabs[owners] - 1
        start = np.clip(((low - boxes[1][owners]) * scale[owners]).astype(np.int64), 0, last)
        stop = np.clip(((high - boxes[1][owners]) * scale[owners]).astype(np.int64), 0, last)
        which, step = _expand(stop - start + 1)
        listed = _group(first[owners[which]] + start[which] + step, edges[which], int(first[-1]))
        self._shape_slabs, self._slab_scale = _ints(first), _floats(scale)
        self._slabs, self._slab_edges = _ints(listed.starts), _ints(listed.items)

    def _make_cells(self, boxes: Floats, order: npt.NDArray[Any]) -> None:
        left, bottom = (boxes[0].min(), boxes[1].min()) if self.size else (0.0, 0.0)
        width, height = (boxes[2].max() - left, boxes[3].max() - bottom) if self.size else (1.0, 1.0)
        side = np.sqrt(width * height / max(1, self.size * _CELLS_PER_SHAPE))
        self._columns, self._lines = int(width / side) + 1, int(height / side) + 1
        self._left, self._bottom = float(left), float(bottom)
        self._per_x = self._per_y = float(1 / side)
        boxes = boxes[:, order]
        column, line = ((boxes[:2] - [[left], [bottom]]) / side).astype(np.int64)
        to_column, to_line = ((boxes[2:] - [[left], [bottom]]) / side).astype(np.int64)
        wide = to_column - column + 1
        which, step = _expand(wide * (to_line - line + 1))
        cells = (line[which] + step // wide[which]) * self._columns + column[which] + step % wide[which]
        listed = _group(cells, order[which], self._columns * self._lines)
        self._cells, self._near = _ints(listed.starts), _ints(listed.items)


def _ints(array: npt.NDArray[Any]) -> memoryview:
    return array.astype(np.int32, copy=False).data


def _floats(array: Floats) -> "memoryview[float]":
    return cast("memoryview[float]", array.data)


def _near_edge(a: tuple[float, float], b: tuple[float, float], x: float, y: float) -> bool:
    (ax, ay), (bx, by) = a, b
    if not (min(ax, bx) - TOUCH <= x <= max(ax, bx) + TOUCH and min(ay, by) - TOUCH <= y <= max(ay, by) + TOUCH):
        return False
    return abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) <= TOUCH * (abs(bx - ax) + abs(by - ay))


def _edges(shapes: Shapes) -> tuple[Ints, Ints]:
    """Return each edge's first vertex and the shape it belongs to."""
    lengths = np.diff(shapes.ring_starts)
    edges = np.delete(np.arange(len(shapes.x), dtype=np.int32), shapes.ring_starts[1:] - 1)
    ring_owner = np.repeat(np.arange(len(shapes.rows), dtype=np.int32), np.diff(shapes.shape_rings))
    return edges, np.repeat(ring_owner, lengths - 1)


def _boxes(shapes: Shapes, edges: Ints, owners: Ints) -> Floats:
    """Return west, south, east and north of each shape, widened by what counts as touching."""
    starts = np.searchsorted(owners, np.arange(len(shapes.rows)))
    if not len(starts):
        return np.empty((4, 0))
    x, y = shapes.x[edges], shapes.y[edges]
    low = [np.minimum.reduceat(values, starts) - TOUCH for values in (x, y)]
    high = [np.maximum.reduceat(values, starts) + TOUCH for values in (x, y)]
    return np.array([*low, *high])


def _expand(counts: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Repeat each index as often as its count says, with the running number within each."""
    which = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return which, np.arange(len(which)) - np.repeat(ends - counts, counts)


def _group(keys: npt.NDArray[Any], items: npt.NDArray[Any], size: int) -> _Csr:
    """List the items of each key, in the order they came."""
    order = np.argsort(keys, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))])
    return _Csr(starts.astype(np.int32), items[order].astype(np.int32))


def _chain(starts: Sequence[Ints]) -> Ints:
    """Join arrays of starts, each counted from where the one before ended."""
    offsets = np.cumsum([0] + [int(s[-1]) for s in starts[:-1]])
    joined = [s[:-1] + offset for s, offset in zip(starts, offsets, strict=True)]
    return np.concatenate([*joined, [starts[-1][-1] + offsets[-1]]]).astype(np.int32)

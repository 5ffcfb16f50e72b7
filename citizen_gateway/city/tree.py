"""Grow the area tree: the city's own polygons where it has them, made-up ones below."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import cos, radians
from typing import NamedTuple

import numpy as np
import shapely

from citizen_gateway.city.geojson import Feature
from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.pack_files import CommunityRow, DedicatedRow, StreetRow, SynthesisFile, ZoneRow
from citizen_gateway.city.shapes import Floats, Geometries
from citizen_gateway.city.synthesis import Division, Plane, apportion, divide, scatter
from citizen_gateway.kernel.geo import Point

Progress = Callable[[str, float], None]
"""Told what is being done and how much of all is done, from 0 to 1."""

_METRES_PER_DEGREE = 111_195
_CIRCLE_QUARTER = 6  # vertices


class Node(NamedTuple):
    """An area in the making: its polygon in the plane while the tree grows."""

    code: str
    parent: str | None
    level: AreaLevel
    name: str
    synthetic: bool
    polygon: shapely.Geometry | None
    zone: str | None = None
    kind: str = ""


class TreeSource(NamedTuple):
    """What a pack names."""

    imported: Sequence[Feature]
    zones: Sequence[ZoneRow]
    streets: Sequence[StreetRow]
    communities: Sequence[CommunityRow]
    dedicated: Sequence[DedicatedRow]
    synthesis: SynthesisFile | None


class _Wish(NamedTuple):
    """A child to be made: its share of the parent, and perhaps where."""

    node: Node
    share: float
    at: tuple[float, float] | None = None


def grow(source: TreeSource, progress: Progress) -> list[Node]:
    """Return all areas of the city with their polygons in degrees (none for zones).

    Raises ValueError where fewer grids are wanted than there are communities to have one.
    """
    own = defaultdict(list)
    for feature in source.imported:
        own[AreaLevel(feature.area.level)].append(feature)
    districts = [_own(feature) for feature in own[AreaLevel.DISTRICT]]
    extent = shapely.total_bounds([d.polygon for d in districts])
    middle = Point((extent[1] + extent[3]) / 2, (extent[0] + extent[2]) / 2)
    plane = Plane(middle.lat, middle.lon, source.synthesis.turn if source.synthesis else 0.0)
    grower = _Grower(source, plane)
    nodes = level = districts
    for done, child_level in enumerate(grower.makers, 1):
        progress(child_level.value, done / 6)
        level = grower.below(level, child_level, own[child_level])
        nodes = nodes + level
    zones = [Node(z.code, None, AreaLevel.ZONE, z.name, False, None) for z in source.zones]
    special = [_own(f) for f in own[AreaLevel.DEDICATED]] + [_circle(row, districts) for row in source.dedicated]
    return [*nodes, *zones, *special]


class _Grower:
    """Makes one level from the one above it."""

    def __init__(self, source: TreeSource, plane: Plane) -> None:
        self._source, self._plane = source, plane
        self._communities: dict[str, list[CommunityRow]] = defaultdict(list)
        for row in source.communities:
            self._communities[row.street].append(row)
        self._streets: dict[str, list[StreetRow]] = defaultdict(list)
        for street in source.streets:
            self._streets[street.district].append(street)
        self._seats = {f.area.code: f.area for f in source.imported if f.area.lat is not None}
        self.makers: dict[AreaLevel, Callable[[list[Node]], list[list[_Wish]]]] = {
            AreaLevel.STREET: self._make_streets,
            AreaLevel.COMMUNITY: self._make_communities,
            AreaLevel.GRID: self._make_grids,
            AreaLevel.MICRO_GRID: self._make_micro_grids,
        }

    def below(self, parents: list[Node], level: AreaLevel, features: list[Feature]) -> list[Node]:
        """Return the children: the city's own where a parent has any, made-up ones elsewhere."""
        streets = {street.code: street for street in self._source.streets}
        zones = {parent.code: parent.zone for parent in parents}
        kinds = {parent.code: parent.kind for parent in parents}
        children = []
        for feature in features:
            node = _own(feature)
            known = streets.get(node.code)
            zone = known.zone if known else zones.get(node.parent or "")
            kind = known.kind if known else feature.area.kind or kinds.get(node.parent or "", "")
            children.append(node._replace(zone=zone, kind=kind))
        with_own = {feature.area.parent for feature in features}
        open_parents = [parent for parent in parents if parent.code not in with_own]
        wishes = self.makers[level](open_parents)
        wanted = [(parent, wish) for parent, wish in zip(open_parents, wishes, strict=True) if wish]
        if not wanted:
            return children
        flat = self._plane.into(_polygons([parent for parent, _ in wanted]))
        boxes = shapely.bounds(flat)
        divisions = [_division(wish, box) for (_, wish), box in zip(wanted, boxes, strict=True)]
        passes = {AreaLevel.STREET: 12, AreaLevel.COMMUNITY: 6, AreaLevel.GRID: 1}.get(level, 0)
        made = self._plane.back(np.concatenate(divide(flat, divisions, passes)))
        nodes = [wish.node for _, wishes in wanted for wish in wishes]
        return children + [node._replace(polygon=polygon) for node, polygon in zip(nodes, made, strict=True)]

    def _make_streets(self, districts: list[Node]) -> list[list[_Wish]]:
        return [[self._street(district, row) for row in self._streets[district.code]] for district in districts]

    def _street(self, district: Node, row: StreetRow) -> _Wish:
        settings = self._source.synthesis
        weight = settings.street_weights.get(row.kind, 1.0) if settings else 1.0
        share = weight * max(1, len(self._communities[row.code]))
        node = Node(row.code, district.code, AreaLevel.STREET, row.name, True, None, row.zone, row.kind)
        return _Wish(node, share, self._somewhere(district, row))

    def _somewhere(self, district: Node, row: StreetRow) -> tuple[float, float] | None:
        """Say about where a street lies: as its row says, else around the district's seat as wide as its kind spreads."""
        if row.lat is not None and row.lon is not None:
            return self._plane.place(Point(row.lat, row.lon))
        settings, seat = self._source.synthesis, self._seats.get(district.code)
        if settings is None or seat is None or seat.lat is None or seat.lon is None:
            return None
        jitter = scatter(2, settings.seed + _number(row.code)) * 2 - 1
        west, south, east, north = shapely.bounds(self._plane.into(_polygons([district]))[0])
        x, y = self._plane.place(Point(seat.lat, seat.lon))
        spread = settings.spread.get(row.kind, 1.0)
        return float(x + jitter[0] * spread * (east - west)), float(y + jitter[1] * spread * (north - south))

    def _make_communities(self, streets: list[Node]) -> list[list[_Wish]]:
        return [
            [
                _Wish(
                    Node(row.code, street.code, AreaLevel.COMMUNITY, row.name, True, None, street.zone, street.kind),
                    1.0,
                )
                for row in self._communities[street.code]
            ]
            for street in streets
        ]

    def _make_grids(self, communities: list[Node]) -> list[list[_Wish]]:
        settings = self._source.synthesis
        if settings is None:
            return [[] for _ in communities]
        counts = apportion(settings.grids, 0.5 + scatter(len(communities), settings.seed + 1))
        return _numbered(communities, counts, AreaLevel.GRID, "-{n:02d}", settings.grid_name)

    def _make_micro_grids(self, grids: list[Node]) -> list[list[_Wish]]:
        settings = self._source.synthesis
        if settings is None:
            return [[] for _ in grids]
        counts = apportion(settings.micro_grids, 0.5 + scatter(len(grids), settings.seed + 2))
        return _numbered(grids, counts, AreaLevel.MICRO_GRID, "-{n:02d}", settings.micro_grid_name)


def _numbered(parents: list[Node], counts: list[int], level: AreaLevel, code: str, name: str) -> list[list[_Wish]]:
    """Make areas that are told apart by number only."""
    return [
        [
            _Wish(
                Node(
                    parent.code + code.format(n=n),
                    parent.code,
                    level,
                    name.format(parent=parent.name, n=n),
                    True,
                    None,
                    parent.zone,
                    parent.kind,
                ),
                1.0,
            )
            for n in range(1, count + 1)
        ]
        for parent, count in zip(parents, counts, strict=True)
    ]


def _division(wishes: list[_Wish], box: Floats) -> Division:
    shares = np.array([wish.share for wish in wishes])
    if all(wish.at is None for wish in wishes):
        return Division(shares)
    centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return Division(shares, np.array([wish.at or centre for wish in wishes]))


def _own(feature: Feature) -> Node:
    area = feature.area
    level = AreaLevel(area.level)
    return Node(area.code, area.parent, level, area.name, area.synthetic, feature.polygon, None, area.kind)


def _circle(row: DedicatedRow, districts: list[Node]) -> Node:
    """Stand in for a dedicated area's outline; it belongs to the district of its centre."""
    centre = shapely.Point(row.lon, row.lat)
    parent = next((d.code for d in districts if d.polygon is not None and d.polygon.intersects(centre)), None)
    round_one = shapely.buffer(shapely.Point(0, 0), row.radius_m / _METRES_PER_DEGREE, quad_segs=_CIRCLE_QUARTER)
    shrink = cos(radians(row.lat))
    polygon = shapely.transform(round_one, lambda c: c / [shrink, 1] + [row.lon, row.lat])
    return Node(row.code, parent, AreaLevel.DEDICATED, row.name, True, polygon)


def _polygons(nodes: list[Node]) -> Geometries:
    return np.array([node.polygon for node in nodes], dtype=object)


def _number(code: str) -> int:
    return int.from_bytes(code.encode()) % 2**31

"""Grow the area tree: the city's own polygons where it has them, made-up ones below."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import cos, nan, radians
from typing import NamedTuple

import numpy as np
import shapely

from citizen_gateway.city.geojson import Feature
from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.pack_files import CommunityRow, DedicatedRow, StreetRow, SynthesisFile, ZoneRow
from citizen_gateway.city.shapes import Geometries
from citizen_gateway.city.synthesis import Plane, apportion, divide, scatter, settle, surround
from citizen_gateway.kernel.geo import Point

Progress = Callable[[str, float], None]
"""Told what is being done and how much of all is done, from 0 to 1."""

_METRES_PER_DEGREE = 111_195
_CIRCLE_QUARTER = 6  # vertices
_PASSES = {AreaLevel.COMMUNITY: 6, AreaLevel.GRID: 3, AreaLevel.MICRO_GRID: 2}  # of moving each cut


class Node(NamedTuple):
    """An area in the making: its polygon in the plane while the tree grows."""

    code: str
    parent: str | None
    level: AreaLevel
    name: str
    synthetic: bool
    polygon: shapely.Geometry | None
    zone: str | None = None


class TreeSource(NamedTuple):
    """What a pack names."""

    imported: Sequence[Feature]
    zones: Sequence[ZoneRow]
    streets: Sequence[StreetRow]
    communities: Sequence[CommunityRow]
    dedicated: Sequence[DedicatedRow]
    synthesis: SynthesisFile | None


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
        self.makers: dict[AreaLevel, Callable[[list[Node]], list[list[Node]]]] = {
            AreaLevel.STREET: self._make_streets,
            AreaLevel.COMMUNITY: self._make_communities,
            AreaLevel.GRID: self._make_grids,
            AreaLevel.MICRO_GRID: self._make_micro_grids,
        }

    def below(self, parents: list[Node], level: AreaLevel, features: list[Feature]) -> list[Node]:
        """Return the children: the city's own where a parent has any, made-up ones elsewhere."""
        with_own = {feature.area.parent for feature in features}
        open_parents = [parent for parent in parents if parent.code not in with_own]
        made = self.makers[level](open_parents)
        cut = [parent for parent, children in zip(open_parents, made, strict=True) if children]
        families = [children for children in made if children]
        children = self._inherit(parents, features)
        if not cut:
            return children
        flat = self._plane.into(_polygons(cut))
        if level is AreaLevel.STREET:
            lots = [self._lay_out(*family) for family in zip(cut, flat, strict=True)]
            polygons = np.concatenate(lots)
        else:
            polygons = divide(flat, [len(family) for family in families], _PASSES[level])
        nodes = [node for family in families for node in family]
        pairs = zip(nodes, self._plane.back(polygons), strict=True)
        return children + [node._replace(polygon=polygon) for node, polygon in pairs]

    def _inherit(self, parents: list[Node], features: list[Feature]) -> list[Node]:
        """Make nodes of the city's own polygons; kind and zone come from the street's row or the parent."""
        streets = {street.code: street for street in self._source.streets}
        above = {parent.code: parent for parent in parents}
        nodes = []
        for feature in features:
            node, street, parent = _own(feature), streets.get(feature.area.code), above.get(feature.area.parent or "")
            zone = street.zone if street else parent.zone if parent else None
            nodes.append(node._replace(zone=zone))
        return nodes

    def _lay_out(self, district: Node, polygon: shapely.Geometry) -> Geometries:
        """Place the streets of a district: where their rows say, the others around the district's seat."""
        settings, seat = self._source.synthesis, self._seats.get(district.code)
        rows = self._streets[district.code]
        known = [self._plane.place(Point(r.lat, r.lon)) if r.lat and r.lon else (nan, nan) for r in rows]
        centre = shapely.get_coordinates(shapely.centroid(polygon))[0]
        if seat is not None and seat.lat is not None and seat.lon is not None:
            centre = np.array(self._plane.place(Point(seat.lat, seat.lon)))
        spreads = np.array([settings.spread.get(row.kind, 1.0) if settings else 1.0 for row in rows])
        seed = _number(district.code) + (settings.seed if settings else 0)
        return surround(polygon, settle(polygon, np.array(known), centre, spreads, seed))

    def _make_streets(self, districts: list[Node]) -> list[list[Node]]:
        return [
            [Node(row.code, d.code, AreaLevel.STREET, row.name, True, None, row.zone) for row in self._streets[d.code]]
            for d in districts
        ]

    def _make_communities(self, streets: list[Node]) -> list[list[Node]]:
        return [
            [
                Node(row.code, street.code, AreaLevel.COMMUNITY, row.name, True, None, street.zone)
                for row in self._communities[street.code]
            ]
            for street in streets
        ]

    def _make_grids(self, communities: list[Node]) -> list[list[Node]]:
        settings = self._source.synthesis
        if settings is None:
            return [[] for _ in communities]
        counts = apportion(settings.grids, 0.5 + scatter(len(communities), settings.seed + 1))
        return _numbered(communities, counts, AreaLevel.GRID, settings.grid_name)

    def _make_micro_grids(self, grids: list[Node]) -> list[list[Node]]:
        settings = self._source.synthesis
        if settings is None:
            return [[] for _ in grids]
        counts = apportion(settings.micro_grids, 0.5 + scatter(len(grids), settings.seed + 2))
        return _numbered(grids, counts, AreaLevel.MICRO_GRID, settings.micro_grid_name)


def _numbered(parents: list[Node], counts: list[int], level: AreaLevel, name: str) -> list[list[Node]]:
    """Make areas that are told apart by number only."""
    return [
        [
            Node(
                f"{parent.code}-{n:02d}",
                parent.code,
                level,
                name.format(parent=parent.name, n=n),
                True,
                None,
                parent.zone,
            )
            for n in range(1, count + 1)
        ]
        for parent, count in zip(parents, counts, strict=True)
    ]


def _own(feature: Feature) -> Node:
    area = feature.area
    level = AreaLevel(area.level)
    return Node(area.code, area.parent, level, area.name, area.synthetic, feature.polygon)


def _circle(row: DedicatedRow, districts: list[Node]) -> Node:
    """Stand in for a dedicated area's outline; it belongs to the district of its centre."""
    centre = shapely.Point(row.lon, row.lat)
    parent = next((d.code for d in districts if d.polygon is not None and shapely.intersects(d.polygon, centre)), None)
    round_one = shapely.buffer(shapely.Point(0, 0), row.radius_m / _METRES_PER_DEGREE, quad_segs=_CIRCLE_QUARTER)
    shrink = cos(radians(row.lat))
    polygon = shapely.transform(round_one, lambda c: c / [shrink, 1] + [row.lon, row.lat])
    return Node(row.code, parent, AreaLevel.DEDICATED, row.name, True, polygon)


def _polygons(nodes: list[Node]) -> Geometries:
    return np.array([node.polygon for node in nodes], dtype=object)


def _number(code: str) -> int:
    return int.from_bytes(code.encode()) % 2**31

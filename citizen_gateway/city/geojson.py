"""A city's own polygons, read from GeoJSON (RFC 7946) with every mistake named by file and feature."""

import json
from pathlib import Path
from typing import Any

import msgspec
import shapely

from citizen_gateway.city.problems import Findings

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


class Properties(msgspec.Struct, frozen=True):
    """What a feature says of its area; `kind` sorts districts into classes."""

    code: str
    name: str
    level: str
    parent: str | None = None
    name_en: str = ""
    kind: str = ""
    synthetic: bool = False
    lat: float | None = None
    lon: float | None = None


class Feature(msgspec.Struct, frozen=True):
    """One area with its polygon, and where it was read."""

    file: str
    number: int
    area: Properties
    polygon: shapely.Geometry


class _Collection(msgspec.Struct):
    features: list[dict[str, Any]]


def read_features(folder: Path, file: str, bounds: Bounds, findings: Findings) -> list[Feature]:
    """Read the polygons of one file; those with mistakes are noted and left out."""
    try:
        collection = msgspec.json.decode((folder / file).read_bytes(), type=_Collection)
    except FileNotFoundError:
        findings.add(file, "is missing")
        return []
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        findings.add(file, f"is not a GeoJSON FeatureCollection: {error}")
        return []
    features = []
    for number, raw in enumerate(collection.features):
        try:
            area = msgspec.convert(raw.get("properties"), Properties, strict=False)
            polygon = _polygon(raw.get("geometry"), bounds)
        except (msgspec.ValidationError, ValueError) as error:
            findings.add(file, str(error), feature=number)
            continue
        features.append(Feature(file, number, area, polygon))
    return features


def _polygon(geometry: Any, bounds: Bounds) -> shapely.Geometry:  # noqa: ANN401 - unchecked JSON
    """Check a geometry member and make the polygon; ValueError says what is wrong with it."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"is no Polygon or MultiPolygon but {kind}")
    coordinates = geometry.get("coordinates")
    try:
        parts = [coordinates] if kind == "Polygon" else list(coordinates)
        rings = [[(float(p[0]), float(p[1])) for p in ring] for part in parts for ring in part]
    except (TypeError, ValueError, IndexError) as error:
        raise ValueError("has coordinates that are not rings of positions") from error
    if not rings:
        raise ValueError("has no ring")
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("has a ring that is not closed: its first and last position differ")
    _check_bounds([p for ring in rings for p in ring], bounds)
    polygon = shapely.force_2d(shapely.from_geojson(json.dumps({"type": kind, "coordinates": coordinates})))
    if not polygon.is_valid:
        raise ValueError(f"is not a valid polygon: {shapely.is_valid_reason(polygon)}")
    return polygon


def _check_bounds(positions: list[tuple[float, float]], bounds: Bounds) -> None:
    west, south, east, north = bounds
    if all(west <= x <= east and south <= y <= north for x, y in positions):
        return
    if all(west <= y <= east and south <= x <= north for x, y in positions):
        raise ValueError("has latitude and longitude swapped: GeoJSON positions are [longitude, latitude]")
    x, y = next((x, y) for x, y in positions if not (west <= x <= east and south <= y <= north))
    raise ValueError(f"lies outside the city's bounds at longitude {x}, latitude {y}")

"""A city's own polygons: each mistake named by file and feature."""

import json
from pathlib import Path

import pytest

from citizen_gateway.city.geojson import read_features
from citizen_gateway.city.problems import Findings

BOUNDS = (10.0, 50.0, 11.0, 51.0)
SQUARE = [[10.1, 50.1], [10.2, 50.1], [10.2, 50.2], [10.1, 50.2], [10.1, 50.1]]
PROPERTIES = {"code": "a", "name": "A", "level": "street", "parent": "b"}


def problems_of(folder: Path, text: str | bytes) -> list[str]:
    """Read one file and return what is wrong with it."""
    (folder / "x.geojson").write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = Findings()
    read_features(folder, "x.geojson", BOUNDS, findings)
    return [str(problem) for problem in findings.problems]


def feature(geometry: object, properties: object = PROPERTIES) -> str:
    """Write a collection whose second feature is the given one."""
    good = {"type": "Feature", "properties": PROPERTIES, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    tested = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [good, tested]})


class TestFeature:
    """One feature with one mistake: what is said of it."""

    @pytest.mark.parametrize(
        ("geometry", "told"),
        [
            (None, "is no Polygon or MultiPolygon but None"),
            ({"type": "Point", "coordinates": [10.1, 50.1]}, "is no Polygon or MultiPolygon but Point"),
            ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "not closed"),
            ({"type": "Polygon", "coordinates": [[[p[1], p[0]] for p in SQUARE]]}, "latitude and longitude swapped"),
            ({"type": "Polygon", "coordinates": [[[p[0] + 5, p[1]] for p in SQUARE]]}, "outside the city's bounds"),
            (
                {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]]},
                "not a valid polygon: Self-intersection",
            ),
            ({"type": "Polygon", "coordinates": "round"}, "not rings of positions"),
            ({"type": "MultiPolygon", "coordinates": [[[["x", 1]]]]}, "not rings of positions"),
            ({"type": "Polygon", "coordinates": []}, "has no ring"),
        ],
    )
    def test_geometry(self, tmp_path: Path, geometry: object, told: str) -> None:
        """The file, the feature counted from 0, and the mistake."""
        (problem,) = problems_of(tmp_path, feature(geometry))
        assert problem.startswith("x.geojson feature 1: ")
        assert told in problem

    def test_properties(self, tmp_path: Path) -> None:
        """A missing property is named."""
        square = {"type": "Polygon", "coordinates": [SQUARE]}
        (problem,) = problems_of(tmp_path, feature(square, {"name": "A", "level": "street"}))
        assert "feature 1" in problem
        assert "`code`" in problem


class TestFile:
    """Files that cannot be read at all."""

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"type":"FeatureCollection"}', b"\xff\xfe"])
    def test_not_geojson(self, tmp_path: Path, text: str | bytes) -> None:
        """One sentence instead of a traceback."""
        (problem,) = problems_of(tmp_path, text)
        assert problem.startswith("x.geojson: is not a GeoJSON FeatureCollection")

    def test_missing(self, tmp_path: Path) -> None:
        """A missing file is a mistake too."""
        findings = Findings()
        assert read_features(tmp_path, "none.geojson", BOUNDS, findings) == []
        assert [str(problem) for problem in findings.problems] == ["none.geojson: is missing"]

"""Read a city pack: a folder of TOML, CSV and GeoJSON that holds everything a city's name is on."""

import hashlib
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
import shapely

from citizen_gateway.city import pack_checks as checks
from citizen_gateway.city import pack_values as values
from citizen_gateway.city.areas import AreaColumns, AreaLot, AreaRow, AreaTable
from citizen_gateway.city.directory import Directory, Layer
from citizen_gateway.city.duty_checks import check_duties
from citizen_gateway.city.geojson import Feature, read_features
from citizen_gateway.city.joining import FILE as JOINING
from citizen_gateway.city.joining import Joining, check_joining
from citizen_gateway.city.model import AreaLevel, Department, DepartmentKind
from citizen_gateway.city.open311 import Open311File
from citizen_gateway.city.pack_files import (
    CalendarFile,
    CategoryRow,
    ChannelsFile,
    CityFile,
    CommunityRow,
    DedicatedRow,
    DepartmentRow,
    Line,
    RoadRow,
    RuleRow,
    StreetRow,
    SynthesisFile,
    read_csv,
    read_toml,
)
from citizen_gateway.city.points import PointsRules
from citizen_gateway.city.problems import Findings, PackError
from citizen_gateway.city.shapes import Geometries
from citizen_gateway.city.templates import FILE as TEMPLATES
from citizen_gateway.city.templates import TemplatesFile, check_templates
from citizen_gateway.city.tree import Node, Progress, TreeSource, grow

R = TypeVar("R", bound=msgspec.Struct)

FORMAT = "2"
"""Changes when the same files would give another city, so that stored ones are made anew."""

DISTRICTS = "districts.geojson"
OPEN311 = "open311.toml"
CHANNELS = "channels.toml"
_RESPONSIBLE = (DepartmentKind.CENTER, DepartmentKind.STREET, DepartmentKind.STATION)


class Pack(msgspec.Struct, frozen=True):
    """A checked pack: all areas in the order of their codes, with polygon and layer beside each."""

    fingerprint: str
    version: str
    directory: Directory
    rows: tuple[AreaRow, ...]
    polygons: Geometries
    layers: tuple[int, ...]


class _Files(NamedTuple):
    city: CityFile
    calendar: CalendarFile
    synthesis: SynthesisFile | None
    points: PointsRules | None
    features: list[Feature]
    streets: list[Line[StreetRow]]
    communities: list[Line[CommunityRow]]
    dedicated: list[Line[DedicatedRow]]
    roads: list[Line[RoadRow]]
    joining: Joining | None
    open311: Open311File | None
    channels: ChannelsFile | None
    templates: TemplatesFile | None


def load_pack(folder: Path, this_year: int | None = None, progress: Progress = lambda _step, _done: None) -> Pack:
    """Read, check and complete a pack.

    Raises `PackError` with every mistake; `this_year` is one the calendar must have.
    """
    findings = Findings()
    progress("files", 0)
    files = _read(folder, findings)
    directory = _directory(folder, files, this_year, findings)
    findings.stop_if_any()
    nodes = _grow(files, progress, findings)
    progress("checks", 0.95)
    coded = [(node.code, "areas", None, None) for node in nodes]
    checks.check_unique(coded, "area", findings)
    findings.stop_if_any()
    pack = _pack(folder, files, directory, nodes)
    check_duties(folder, directory, AreaTable(AreaColumns.of([AreaLot.of_rows(pack.rows)])), findings)
    findings.stop_if_any()
    progress("done", 1)
    return pack


def fingerprint(folder: Path) -> str:
    """Return a hash of everything the pack says, without reading it any further."""
    digest = hashlib.sha256(FORMAT.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in (".toml", ".csv", ".geojson"):
            content = path.read_bytes()
            digest.update(f"\n{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _read(folder: Path, findings: Findings) -> _Files:
    city = read_toml(folder, "city.toml", CityFile, findings)
    calendar = read_toml(folder, "calendar.toml", CalendarFile, findings)
    synthesis = _optional(folder, "synthesis.toml", SynthesisFile, findings)
    points = _optional(folder, "points.toml", PointsRules, findings)
    if city is None or calendar is None:
        findings.stop_if_any()
        raise AssertionError
    own = sorted(path.relative_to(folder).as_posix() for path in (folder / "areas").glob("*.geojson"))
    return _Files(
        city,
        calendar,
        synthesis,
        points,
        [feature for file in (DISTRICTS, *own) for feature in read_features(folder, file, city.bounds, findings)],
        read_csv(folder, "streets.csv", StreetRow, findings),
        read_csv(folder, "communities.csv", CommunityRow, findings),
        read_csv(folder, "dedicated.csv", DedicatedRow, findings),
        read_csv(folder, "roads.csv", RoadRow, findings),
        _optional(folder, JOINING, Joining, findings),
        _optional(folder, OPEN311, Open311File, findings),
        _optional(folder, CHANNELS, ChannelsFile, findings),
        _optional(folder, TEMPLATES, TemplatesFile, findings),
    )


def _optional(folder: Path, file: str, shape: type[R], findings: Findings) -> R | None:
    return read_toml(folder, file, shape, findings) if (folder / file).exists() else None


def _directory(folder: Path, files: _Files, this_year: int | None, findings: Findings) -> Directory:
    city = files.city
    _check_codes(files, findings)
    checks.check_time_zone(city, findings)
    checks.check_phrases(city, findings)
    checks.check_parents(files.features, files.streets, files.communities, city, findings)
    checks.check_siblings(files.features, files.streets, findings)
    checks.check_dedicated(files.dedicated, city, findings)
    calendar = values.work_calendar(city, files.calendar, folder, this_year, findings)
    settings = msgspec.structs.replace(
        values.settings(city, files.features, files.roads, calendar),
        joining=files.joining,
        satisfaction=city.satisfaction,
        open311=files.open311,
        channels=files.channels.channel if files.channels else {},
        templates=files.templates.template if files.templates else (),
        points=files.points,
    )
    categories = values.categories(read_csv(folder, "categories.csv", CategoryRow, findings), findings)
    rules = values.rules(read_csv(folder, "duty_rules.csv", RuleRow, findings), city.language, findings)
    subjects = values.subjects(files.features, city, files.streets, files.dedicated)
    lines = read_csv(folder, "departments.csv", DepartmentRow, findings)
    departments = values.departments(lines, subjects, findings)
    for lot, what in ((categories, "category"), (rules, "rule")):
        coded = [(getattr(line.row, "code", getattr(line.row, "id", "")), line.file, line.number, None) for line in lot]
        checks.check_unique(coded, what, findings)
    checks.check_unique([(d.code, "departments.csv", n, None) for d, n in departments], "department", findings)
    checks.check_departments(departments, findings)
    if files.templates is not None:
        check_templates(folder, files.templates, [line.row.code for line in categories], findings)
    if files.joining is not None:
        check_joining(files.joining, [line.row.code for line in categories], findings)
    codes = [department.code for department, _ in departments]
    checks.check_leads(categories, codes, findings)
    checks.check_triage(city, [line.row.code for line in categories], findings)
    stations = [d.code for d, _ in departments if d.kind is DepartmentKind.STATION]
    streets = [line.row.code for line in files.streets]
    places = checks.Places(settings, streets, stations, [subject.code for subject in subjects])
    if files.open311:
        checks.check_open311(files.open311, [line.row for line in categories], city.language, findings)
    checks.check_rules(rules, [line.row.code for line in categories], codes, places, findings)
    return Directory(
        settings,
        tuple(line.row for line in categories),
        tuple(department for department, _ in departments),
        tuple(line.row for line in rules),
    )


def _check_codes(files: _Files, findings: Findings) -> None:
    """Note codes given twice in one file or level; a polygon of one's own may have a street's or community's code."""
    checks.check_unique([(f.area.code, f.file, None, f.number) for f in files.features], "area", findings)
    for lines in (files.streets, files.communities, files.dedicated):
        checks.check_unique([(line.row.code, line.file, line.number, None) for line in lines], "area", findings)


def _grow(files: _Files, progress: Progress, findings: Findings) -> list[Node]:
    try:
        return grow(_source(files), progress)
    except ValueError as error:
        findings.add("synthesis.toml", str(error))
        raise PackError(findings.problems) from error


def _source(files: _Files) -> TreeSource:
    own = {feature.area.code for feature in files.features}
    return TreeSource(
        files.features,
        files.city.zone,
        [line.row for line in files.streets],
        [line.row for line in files.communities],
        [line.row for line in files.dedicated if line.row.code not in own],
        files.synthesis,
    )


def _pack(folder: Path, files: _Files, directory: Directory, nodes: list[Node]) -> Pack:
    nodes = sorted(nodes, key=lambda node: node.code)
    polygons = np.array([node.polygon for node in nodes], dtype=object)
    points = shapely.point_on_surface(polygons)
    responsible = _responsible(directory.departments)
    lats, lons = shapely.get_y(points), shapely.get_x(points)
    rows = tuple(
        AreaRow(
            node.code,
            node.parent,
            node.level,
            node.name,
            node.synthetic,
            node.zone,
            responsible.get(node.code),
            float(lat),
            float(lon),
        )
        for node, lat, lon in zip(nodes, lats, lons, strict=True)
    )
    return Pack(fingerprint(folder), files.city.version, directory, rows, polygons, _layers(nodes))


def _responsible(departments: tuple[Department, ...]) -> dict[str, str]:
    return {d.area: d.code for d in departments if d.area is not None and d.kind in _RESPONSIBLE}


def _layers(nodes: list[Node]) -> tuple[int, ...]:
    parents = {node.parent for node in nodes if node.level is not AreaLevel.DEDICATED}
    special = {AreaLevel.ZONE: Layer.NONE, AreaLevel.DEDICATED: Layer.DEDICATED}
    return tuple(special.get(node.level, Layer.COARSER if node.code in parents else Layer.FINEST) for node in nodes)

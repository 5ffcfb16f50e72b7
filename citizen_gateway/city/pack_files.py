"""The files of a city pack, read row by row into typed values that remember their line."""

import csv
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import msgspec

from citizen_gateway.city.model import AreaCode, Localized, Satisfaction
from citizen_gateway.city.problems import Findings
from citizen_gateway.city.working_time import YearStatus

R = TypeVar("R", bound=msgspec.Struct)


class Line(msgspec.Struct, Generic[R], frozen=True):
    """One row of a file and where it stands."""

    file: str
    number: int
    row: R


class ZoneRow(msgspec.Struct, frozen=True):
    """A functional zone: governed like a district, without a polygon of its own."""

    code: AreaCode
    name: str
    name_en: str
    kind: str


class CityFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`city.toml`."""

    name: str
    name_en: str
    ticket_prefix: str
    language: str
    timezone: str
    bounds: tuple[float, float, float, float]
    version: str
    emergency_numbers: dict[str, str]
    working_hours: dict[str, list[tuple[time, time]]]
    phrases: dict[str, Localized]
    place_suffixes: list[str] = []
    emergency_departments: dict[str, list[str]] = {}
    satisfaction: Satisfaction = Satisfaction()
    zone: list[ZoneRow] = []
    triage: list[str] = []


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A run of days off, or of days worked although the week says otherwise."""

    name: str
    first: date
    last: date


class YearFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year of `calendar.toml`."""

    year: int
    status: YearStatus
    source: str
    off: list[Days] = []
    work: list[Days] = []


class CalendarFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`calendar.toml`."""

    year: list[YearFile]


class ChannelsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`channels.toml`: by channel, its own words for the states of a ticket."""

    channel: dict[str, dict[str, str]]


class SynthesisFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`synthesis.toml`: how much to make up below the named areas. No file: nothing is made up below them."""

    seed: int
    turn: float
    grids: int
    micro_grids: int
    grid_name: str
    micro_grid_name: str
    spread: dict[str, float]


class CategoryRow(msgspec.Struct, frozen=True):
    """A line of `categories.csv`."""

    code: str
    group: str
    name: str
    name_en: str
    kind: str
    lead: str
    accept_minutes: Annotated[int, msgspec.Meta(gt=0)]
    resolve_working_hours: Annotated[float, msgspec.Meta(gt=0)]
    definition: str
    emergency: bool = False


class DepartmentRow(msgspec.Struct, frozen=True):
    """A line of `departments.csv`: one department, or a template for each area of the kinds in `scope`."""

    scope: str
    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None = None


class RuleRow(msgspec.Struct, frozen=True):
    """A line of `duty_rules.csv`; lists are separated by blanks."""

    id: str
    categories: str
    basis: str
    level: str
    departments: str
    reason: str
    reason_en: str
    within: str = ""


class StreetRow(msgspec.Struct, frozen=True):
    """A line of `streets.csv`; `lat` and `lon` say about where, for made-up polygons."""

    code: str
    name: str
    kind: str
    district: str
    zone: str | None = None
    lat: float | None = None
    lon: float | None = None


class CommunityRow(msgspec.Struct, frozen=True):
    """A line of `communities.csv`."""

    code: str
    name: str
    street: str


class DedicatedRow(msgspec.Struct, frozen=True):
    """A line of `dedicated.csv`: a circle stands in for the real outline."""

    code: str
    name: str
    name_en: str
    lat: float
    lon: float
    radius_m: float


class RoadRow(msgspec.Struct, frozen=True):
    """A line of `roads.csv`."""

    name: str


def read_csv(folder: Path, file: str, shape: type[R], findings: Findings) -> list[Line[R]]:
    """Read a CSV file with a header; a missing file has no rows, an empty cell is an absent value."""
    path = folder / file
    if not path.exists():
        return []
    lines: list[Line[R]] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, restkey="")
        unknown = set(reader.fieldnames or ()) - set(shape.__struct_fields__)
        if unknown:
            findings.add(file, f"unknown column {', '.join(sorted(unknown))}", line=1)
            return []
        for cells in reader:
            if "" in cells:
                findings.add(file, "more cells than columns", line=reader.line_num)
                continue
            filled = {key: value.strip() for key, value in cells.items() if value and value.strip()}
            try:
                lines.append(Line(file, reader.line_num, msgspec.convert(filled, shape, strict=False)))
            except msgspec.ValidationError as error:
                findings.add(file, str(error), line=reader.line_num)
    return lines


def read_toml(folder: Path, file: str, shape: type[R], findings: Findings) -> R | None:
    """Read a TOML file; None, with the mistake noted, where it is missing or not of that shape."""
    path = folder / file
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), shape, strict=False)
    except FileNotFoundError:
        findings.add(file, "is missing")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        findings.add(file, str(error))
    return None


def line_of(folder: Path, file: str, text: str) -> int | None:
    """Return the line of a file in which a text first stands: TOML does not tell where a value came from."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), None)

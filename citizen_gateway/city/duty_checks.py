"""What must hold of duty rules wherever they are asked: none contradicts another, none is never heard."""

from collections.abc import Iterator
from pathlib import Path

from citizen_gateway.city.areas import AreaTable
from citizen_gateway.city.coverage import conflicts, kinds_of_places, unreachable
from citizen_gateway.city.directory import Directory
from citizen_gateway.city.duty import Duties
from citizen_gateway.city.model import AreaCode, AreaLevel, Location
from citizen_gateway.city.problems import Findings

_FILE = "duty_rules.csv"


def check_duties(folder: Path, directory: Directory, areas: AreaTable, findings: Findings) -> None:
    """Note each rule that contradicts another in a category not listed for triage, and each that decides nothing."""
    settings = directory.settings
    departments = {department.code: department for department in directory.departments}
    duties = Duties(directory.rules, departments, settings.classes, settings.phrases)
    places = kinds_of_places(_locations(directory, areas), directory.rules)
    for conflict in conflicts(duties, directory.categories, places, settings.triage):
        line, other = _line(folder, conflict.second), _line(folder, conflict.first)
        told = f"rule {conflict.second} contradicts rule {conflict.first} (line {other})"
        where = f"category {conflict.category} in {conflict.area}"
        findings.add(_FILE, f"{told}: {where}; make one more precise, or list the category in triage", line=line)
    for rule in unreachable(duties, directory.categories, directory.rules, places):
        told = f"rule {rule} is never heard: others settle all its cases before it, everywhere"
        findings.add(_FILE, told, line=_line(folder, rule))


def _locations(directory: Directory, areas: AreaTable) -> Iterator[Location]:
    """Go through the places that rules know of; a dedicated area may lie in any street of its district."""
    named = {code for rule in directory.rules for code in rule.within if AreaCode(code) in areas}
    rows = areas.rows_of(AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET)
    places = [Location(areas.path(row)) for row in (*rows, *(areas.row(code) for code in sorted(named)))]
    dedicated = [areas.path(row) for row in areas.rows_of(AreaLevel.DEDICATED)]
    yield from (place for place in places if place.areas[0].level is not AreaLevel.DEDICATED)
    for area, *above in dedicated:
        yield Location(tuple(above), area)
        yield from (Location(place.areas, area) for place in places if set(above) & set(place.areas))


def _line(folder: Path, rule: str) -> int | None:
    lines = (folder / _FILE).read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{rule},")), None)

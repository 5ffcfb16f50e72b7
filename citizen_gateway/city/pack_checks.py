"""What must hold across the files of a pack; every breach is noted with its place."""

import string
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from zoneinfo import available_timezones

import shapely

from citizen_gateway.city.directory import Settings
from citizen_gateway.city.duty import PHRASES
from citizen_gateway.city.geojson import Feature
from citizen_gateway.city.model import TREE, AreaCode, AreaLevel, Category, Department, DutyLevel, DutyRule
from citizen_gateway.city.open311 import Open311File
from citizen_gateway.city.pack_files import CityFile, CommunityRow, DedicatedRow, Line, StreetRow
from citizen_gateway.city.problems import Findings

_INSIDE = 0.9  # of an area must lie in its parent; outlines of record never fit to the metre
_NEEDS = {"district": DutyLevel.DISTRICT, "street": DutyLevel.STREET, "dedicated": DutyLevel.DEDICATED}
_ABOVE = {below: above for above, below in pairwise(TREE)}


def check_unique(named: Iterable[tuple[str, str, int | None, int | None]], what: str, findings: Findings) -> None:
    """Note each code that an earlier row has already: rows are (code, file, line, feature)."""
    seen: dict[str, str] = {}
    for code, file, line, feature in named:
        if code in seen:
            findings.add(file, f"{what} {code} is already in {seen[code]}", line=line, feature=feature)
        if not code.isascii():
            findings.add(file, f"{what} {code} is not ASCII", line=line, feature=feature)
        seen.setdefault(code, file)


def check_phrases(city: CityFile, findings: Findings) -> None:
    """Each sentence of dispatch is worded in the city's language, with no field it does not have."""
    for phrase, fields in PHRASES.items():
        wordings = city.phrases.get(phrase, {})
        if city.language not in wordings:
            findings.add("city.toml", f"phrases.{phrase} has no wording in {city.language}")
        for language, text in wordings.items():
            for _, field, _, _ in string.Formatter().parse(text):
                if field is not None and field not in fields:
                    findings.add("city.toml", f"phrases.{phrase}.{language} names {{{field}}}, which it does not have")


def check_time_zone(city: CityFile, findings: Findings) -> None:
    """Note a time zone that the machine does not know."""
    if city.timezone not in available_timezones():
        findings.add("city.toml", f"there is no time zone {city.timezone}")


def check_parents(
    features: Sequence[Feature],
    streets: Sequence[Line[StreetRow]],
    communities: Sequence[Line[CommunityRow]],
    city: CityFile,
    findings: Findings,
) -> None:
    """Each street, community and imported area names a parent that exists."""
    known = {AreaLevel.DISTRICT: {f.area.code for f in features if f.area.level == AreaLevel.DISTRICT}}
    zones = {zone.code for zone in city.zone}
    for line in streets:
        if line.row.district not in known[AreaLevel.DISTRICT]:
            findings.add(line.file, f"street {line.row.code} is in no district {line.row.district}", line=line.number)
        if line.row.zone and line.row.zone not in zones:
            findings.add(line.file, f"street {line.row.code} is in no zone {line.row.zone}", line=line.number)
    known[AreaLevel.STREET] = {line.row.code for line in streets}
    for street in communities:
        if street.row.street not in known[AreaLevel.STREET]:
            message = f"community {street.row.code} is in no street {street.row.street}"
            findings.add(street.file, message, line=street.number)
    _check_features(features, known, {line.row.code: line.row.street for line in communities}, findings)


def _check_features(
    features: Sequence[Feature],
    known: dict[AreaLevel, set[str]],
    communities: Mapping[str, str],
    findings: Findings,
) -> None:
    levels = {level.value: level for level in (*TREE, AreaLevel.DEDICATED)}
    polygons = {feature.area.code: feature.polygon for feature in features}
    for feature in features:
        known.setdefault(levels.get(feature.area.level, AreaLevel.DEDICATED), set()).add(feature.area.code)
    known.setdefault(AreaLevel.COMMUNITY, set()).update(communities)
    for feature in features:
        area, level = feature.area, levels.get(feature.area.level)
        if level is None:
            findings.add(feature.file, f"area {area.code} has the unknown level {area.level}", feature=feature.number)
        elif level in _ABOVE and area.parent not in known.get(_ABOVE[level], ()):
            above = _ABOVE[level]
            findings.add(feature.file, f"area {area.code} is in no {above} {area.parent}", feature=feature.number)
        elif area.parent in polygons and not _mostly_inside(feature.polygon, polygons[area.parent]):
            findings.add(
                feature.file, f"area {area.code} lies outside its parent {area.parent}", feature=feature.number
            )


def _mostly_inside(polygon: shapely.Geometry, parent: shapely.Geometry) -> bool:
    return bool(shapely.area(shapely.intersection(polygon, parent)) >= _INSIDE * shapely.area(polygon))


def check_siblings(features: Sequence[Feature], streets: Sequence[Line[StreetRow]], findings: Findings) -> None:
    """Where a district brings polygons of its own for streets, it brings all of them."""
    own = {feature.area.code for feature in features}
    brings = {feature.area.parent for feature in features if feature.area.level == AreaLevel.STREET}
    for line in streets:
        if line.row.district in brings and line.row.code not in own:
            message = f"street {line.row.code} has no polygon, though others of {line.row.district} have"
            findings.add(line.file, message, line=line.number)


def check_dedicated(rows: Sequence[Line[DedicatedRow]], city: CityFile, findings: Findings) -> None:
    """Note each dedicated area whose centre does not lie within the city's bounds."""
    west, south, east, north = city.bounds
    for line in rows:
        row = line.row
        if west <= row.lon <= east and south <= row.lat <= north:
            continue
        swapped = west <= row.lat <= east and south <= row.lon <= north
        told = "has latitude and longitude swapped" if swapped else "lies outside the city's bounds"
        findings.add(line.file, f"dedicated area {row.code} {told}", line=line.number)


def check_departments(departments: Sequence[tuple[Department, int]], findings: Findings) -> None:
    """Each department's parent exists, and none is its own superior."""
    codes = {department.code for department, _ in departments}
    above: dict[str, str | None] = {department.code: department.parent for department, _ in departments}
    for department, line in departments:
        if circle := _circle(department.code, above):
            findings.add(
                "departments.csv", f"department {circle[0]} is its own superior: {' > '.join(circle)}", line=line
            )
        if department.parent is not None and department.parent not in codes:
            message = f"department {department.code} is under no department {department.parent}"
            findings.add("departments.csv", message, line=line)


def check_triage(city: CityFile, categories: Iterable[str], findings: Findings) -> None:
    """Each category listed for triage exists."""
    for code in sorted(set(city.triage) - set(categories)):
        findings.add("city.toml", f"triage lists no category {code}")


def check_leads(categories: Sequence[Line[Category]], departments: Iterable[str], findings: Findings) -> None:
    """Each category's lead exists."""
    codes = set(departments)
    for line in categories:
        if line.row.lead not in codes:
            findings.add(
                line.file, f"category {line.row.code} is led by no department {line.row.lead}", line=line.number
            )


def _circle(start: str, above: Mapping[str, str | None]) -> list[str]:
    """Return the way from a department back to itself through those above it, nothing where there is none."""
    way, code = [start], above.get(start)
    while code is not None and code not in way:
        way.append(code)
        code = above.get(code)
    return [*way, start] if code == start else []


class Places:
    """What places a pack has, as rules speak of them."""

    def __init__(
        self, settings: Settings, streets: Iterable[str], stations: Iterable[str], areas: Iterable[str]
    ) -> None:
        self.classes: Mapping[AreaCode, str] = settings.classes
        self.streets, self.stations, self.areas = tuple(streets), tuple(stations), set(areas)

    def governing(self, within: Sequence[str]) -> list[AreaCode]:
        """Return the districts and zones a rule's `within` lets in; all where it names finer areas."""
        chosen = [code for code, kind in self.classes.items() if not within or code in within or kind in within]
        return chosen or list(self.classes)


def check_rules(
    rules: Sequence[Line[DutyRule]],
    categories: Iterable[str],
    departments: Iterable[str],
    places: Places,
    findings: Findings,
) -> None:
    """Each rule names categories, areas and departments that exist wherever the rule holds."""
    known_categories, known_departments = set(categories), set(departments)
    known_places = places.areas | set(places.classes.values())
    for line in rules:
        rule = line.row
        for category in sorted(set(rule.categories) - known_categories):
            findings.add(line.file, f"rule {rule.id} names no category {category}", line=line.number)
        for place in sorted(set(rule.within) - known_places):
            findings.add(line.file, f"rule {rule.id} holds within no area or class {place}", line=line.number)
        for template in rule.departments:
            for message in _template_faults(template, rule, known_departments, places):
                findings.add(line.file, f"rule {rule.id} {message}", line=line.number)


def _template_faults(template: str, rule: DutyRule, departments: set[str], places: Places) -> Iterable[str]:
    fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
    order = list(DutyLevel)
    for field in fields:
        if field not in _NEEDS:
            yield f"names {{{field}}}; only {{district}}, {{street}} and {{dedicated}} are known"
            return
        if order.index(_NEEDS[field]) > order.index(rule.level):
            yield f"names {{{field}}} but its level is {rule.level}"
            return
    if not fields:
        if template not in departments:
            yield f"names no department {template}"
        return
    values = {"district": places.governing(rule.within), "street": places.streets, "dedicated": places.stations}
    filled = [template.replace(f"{{{fields[0]}}}", value) for value in values[fields[0]]]
    missing = [code for code in filled if code not in departments]
    if missing:
        yield f"names {template}, which is no department for {len(missing)} of {len(filled)}, first {missing[0]}"


def check_open311(file: Open311File, categories: Sequence[Category], language: str, findings: Findings) -> None:
    """Check that groups and categories exist, that lists have choices, and that texts speak the city's language."""
    groups = {category.group for category in categories}
    for group in sorted(set(file.public_groups) - groups):
        findings.add("open311.toml", f"public_groups names {group!r}, which no category has")
    check_unique([(note.category, "open311.toml", None, None) for note in file.service], "service", findings)
    for note in file.service:
        if note.category not in {category.code for category in categories}:
            findings.add("open311.toml", f"service {note.category}: there is no such category")
        for attribute in note.attribute:
            if attribute.datatype.is_list != bool(attribute.values):
                told = "needs values" if attribute.datatype.is_list else "is no list and takes no values"
                findings.add("open311.toml", f"service {note.category}, attribute {attribute.code}: {told}")
            texts = [attribute.description, *(choice.name for choice in attribute.values)]
            if any(language not in text for text in texts):
                findings.add("open311.toml", f"service {note.category}, attribute {attribute.code}: no {language} text")

"""Turn the rows of a pack's files into the values of the model."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from citizen_gateway.city.directory import Settings
from citizen_gateway.city.geojson import Feature
from citizen_gateway.city.model import AreaCode, AreaLevel, Category, CategoryCode, Department, DutyRule
from citizen_gateway.city.pack_files import (
    CalendarFile,
    CategoryRow,
    CityFile,
    Days,
    DedicatedRow,
    DepartmentRow,
    Line,
    RoadRow,
    RuleRow,
    StreetRow,
    YearFile,
    line_of,
)
from citizen_gateway.city.problems import Findings
from citizen_gateway.city.working_time import WEEK, Shift, WorkCalendar, WorkYear


class Subject(NamedTuple):
    """An area a department template can be filled with."""

    code: AreaCode
    name: str
    name_en: str
    kind: str


def subjects(
    features: Iterable[Feature],
    city: CityFile,
    streets: Iterable[Line[StreetRow]],
    dedicated: Iterable[Line[DedicatedRow]],
) -> list[Subject]:
    """Return the areas that have departments of their own: districts, zones, streets and dedicated areas."""
    wanted = (AreaLevel.DISTRICT, AreaLevel.STREET, AreaLevel.DEDICATED)
    named = {f.area.code: f.area for f in features if f.area.level in wanted}
    found = [
        Subject(
            AreaCode(a.code), a.name, a.name_en or a.name, AreaLevel.DEDICATED if a.level == "dedicated" else a.kind
        )
        for a in named.values()
        if a.level != AreaLevel.STREET
    ]
    found += [Subject(zone.code, zone.name, zone.name_en, zone.kind) for zone in city.zone]
    found += [Subject(AreaCode(s.row.code), s.row.name, s.row.name, s.row.kind) for s in streets]
    found += [Subject(AreaCode(d.row.code), d.row.name, d.row.name_en, AreaLevel.DEDICATED) for d in dedicated]
    return found


def departments(
    lines: Iterable[Line[DepartmentRow]], areas: Sequence[Subject], findings: Findings
) -> list[tuple[Department, int]]:
    """Fill the templates; each department comes with the line it was made from."""
    made = []
    for line in lines:
        kinds = line.row.scope.split()
        filled = [None] if kinds == ["city"] else [area for area in areas if area.kind in kinds]
        if not filled:
            findings.add(line.file, f"no area is of the kind {line.row.scope}", line=line.number)
        for area in filled:
            try:
                made.append((_department(line.row, area), line.number))
            except (msgspec.ValidationError, KeyError, ValueError) as error:
                findings.add(line.file, f"department {line.row.code}: {error}", line=line.number)
                break
    return made


def _department(row: DepartmentRow, area: Subject | None) -> Department:
    fields = area._asdict() if area else {}
    raw = {name: value.format_map(fields) for name, value in msgspec.to_builtins(row).items() if value}
    raw.pop("scope")
    return msgspec.convert(raw | ({"area": area.code} if area else {}), Department)


def categories(lines: Iterable[Line[CategoryRow]], findings: Findings) -> list[Line[Category]]:
    """Check kinds."""
    made = []
    for line in lines:
        try:
            made.append(Line(line.file, line.number, msgspec.convert(msgspec.to_builtins(line.row), Category)))
        except msgspec.ValidationError as error:
            findings.add(line.file, str(error), line=line.number)
    return made


def rules(lines: Iterable[Line[RuleRow]], language: str, findings: Findings) -> list[Line[DutyRule]]:
    """Split lists and check bases and levels."""
    made = []
    for line in lines:
        row = line.row
        raw = {
            "id": row.id,
            "categories": row.categories.split(),
            "basis": row.basis,
            "level": row.level,
            "departments": row.departments.split(),
            "reason": {language: row.reason, "en": row.reason_en},
            "within": row.within.split(),
        }
        try:
            made.append(Line(line.file, line.number, msgspec.convert(raw, DutyRule)))
        except msgspec.ValidationError as error:
            findings.add(line.file, f"rule {row.id}: {error}", line=line.number)
    return made


def settings(
    city: CityFile, features: Iterable[Feature], roads: Iterable[Line[RoadRow]], calendar: WorkCalendar
) -> Settings:
    """Gather what concerns the city as a whole."""
    districts = {AreaCode(f.area.code): f.area.kind for f in features if f.area.level == AreaLevel.DISTRICT}
    return Settings(
        name=city.name,
        name_en=city.name_en,
        ticket_prefix=city.ticket_prefix,
        language=city.language,
        bounds=city.bounds,
        emergency_numbers=city.emergency_numbers,
        emergency_departments={n: tuple(codes) for n, codes in city.emergency_departments.items()},
        calendar=calendar,
        place_suffixes=tuple(city.place_suffixes),
        classes=districts | {zone.code: zone.kind for zone in city.zone},
        version=city.version,
        triage=tuple(CategoryCode(code) for code in city.triage),
        phrases=city.phrases,
        roads=tuple(sorted({line.row.name for line in roads})),
    )


def work_calendar(
    city: CityFile, file: CalendarFile, folder: Path, this_year: int | None, findings: Findings
) -> WorkCalendar:
    """Check that days lie in their year and say one thing only, and that the present year is there."""
    years = {year.year: _year(year, folder, findings) for year in file.year}
    if this_year is not None and this_year not in years:
        findings.add("calendar.toml", f"has no year {this_year}")
    for day in sorted(set(city.working_hours) - {*WEEK, "make_up"}):
        findings.add("city.toml", f"working_hours has no day {day}", line=line_of(folder, "city.toml", day))
    for day, shifts in city.working_hours.items():
        if not _in_order(shifts):
            findings.add("city.toml", f"working_hours.{day} is out of order", line=line_of(folder, "city.toml", day))
    hours = {day: tuple(shifts) for day, shifts in city.working_hours.items()}
    return WorkCalendar(city.timezone, hours, hours.pop("make_up", hours.get("monday", ())), years)


def _in_order(shifts: Sequence[Shift]) -> bool:
    """Whether each shift ends after it begins, and before the next does; one to midnight is the last."""
    ends = [(start, time.max if end == time(0) else end) for start, end in shifts]
    return all(start < end for start, end in ends) and all(one[1] <= other[0] for one, other in pairwise(ends))


def _year(year: YearFile, folder: Path, findings: Findings) -> WorkYear:
    def note(days: Days, message: str) -> None:
        place = line_of(folder, "calendar.toml", days.first.isoformat())
        findings.add("calendar.toml", f"{days.name} {days.first}: {message}", line=place)

    said: dict[date, str] = {}
    for days in (*year.off, *year.work):
        if days.last < days.first:
            note(days, "ends before it begins")
        for day in _days(days):
            if day.year != year.year:
                note(days, f"is not in {year.year}")
            if day in said:
                note(days, f"{day} is already {said[day]}")
            said[day] = days.name
    holidays = {day: days.name for days in year.off for day in _days(days)}
    return WorkYear(year.status, holidays, {day: days.name for days in year.work for day in _days(days)})


def _days(days: Days) -> list[date]:
    return [days.first + timedelta(n) for n in range((days.last - days.first).days + 1)]

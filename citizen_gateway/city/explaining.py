"""Why a case goes where it goes: which rule, in which polygon, by which evidence, and what would change it."""

from collections.abc import Iterator

import msgspec

from citizen_gateway.city.duty import Answering, RuleFailedError
from citizen_gateway.city.model import (
    Area,
    AreaLevel,
    Candidate,
    Category,
    CategoryCode,
    DepartmentCode,
    DutyLevel,
    DutyRule,
    Location,
)
from citizen_gateway.city.read_model import City
from citizen_gateway.kernel.geo import Point, offset
from citizen_gateway.platform.i18n import message, translate

_AROUND_M = (25, 50, 100, 200, 400)
_WINDS = tuple(
    message(wind) for wind in ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
)
_OUTSIDE = message("If it did not lie in the dedicated area {area}")
_NO_PLACE = message("If the place were not known")
_DISTRICT_ONLY = message("If no more than {area} were known of the place")
_WITHOUT = message("If there were no rule {rule}")
_NEARBY = message("{metres} m to the {wind}, in {area}")
_POLYGON = {
    DutyLevel.DEDICATED: AreaLevel.DEDICATED,
    DutyLevel.STREET: AreaLevel.STREET,
    DutyLevel.DISTRICT: AreaLevel.DISTRICT,
}


class RuleAsked(msgspec.Struct, frozen=True):
    """A rule about the category: what it names here, and what came of it.

    `verdict`: `decides`; `suggests` (asked later, or its step names several); `elsewhere` (does not hold here);
    `nobody` (what it names does not exist here).
    """

    rule: str
    basis: str
    level: str
    within: tuple[str, ...]
    departments: tuple[DepartmentCode, ...]
    reason: str
    verdict: str


class WhatIf(msgspec.Struct, frozen=True):
    """A change of the case, and who would act then; nobody means that a person would decide."""

    change: str
    department: DepartmentCode | None
    rule: str | None


class Reasons(msgspec.Struct, frozen=True):
    """Everything that speaks for an answer; `polygon` is the area whose outline decided."""

    category: Category
    location: Location | None
    department: DepartmentCode | None
    rule: str | None
    reason: str
    evidence: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    polygon: Area | None
    rules: tuple[RuleAsked, ...]
    what_if: tuple[WhatIf, ...]


def explain(city: City, code: CategoryCode, location: Location | None, point: Point | None, language: str) -> Reasons:
    """Return why a case goes where it goes. KeyError for an unknown category."""
    category = city.categories[code]
    answer = city.dispatch(code, location, language)
    steps = _steps(city, category, location)
    return Reasons(
        category=category,
        location=location,
        department=answer.department,
        rule=answer.rule,
        reason=answer.reason,
        evidence=answer.explanation,
        candidates=answer.candidates,
        polygon=_polygon(city.rules.get(answer.rule or ""), location),
        rules=tuple(_asked(city, category, location, steps, language)),
        what_if=tuple(_changes(city, category, location, point, language)),
    )


def _steps(
    city: City, category: Category, location: Location | None, without: str | None = None
) -> list[list[Answering]]:
    """Return the rules that answer; none where one of them fails, which is then the answer's reason."""
    try:
        return city.duties.steps(category, location, without)
    except RuleFailedError:
        return []


def _polygon(rule: DutyRule | None, location: Location | None) -> Area | None:
    """Return the area by whose outline a rule decided; a zone stands for the district it governs in its place."""
    if rule is None or location is None or rule.level not in _POLYGON:
        return None
    level = _POLYGON[rule.level]
    if level is AreaLevel.DISTRICT and (zone := location.at(AreaLevel.ZONE)):
        return zone
    return location.at(level)


def _asked(
    city: City, category: Category, location: Location | None, steps: list[list[Answering]], language: str
) -> Iterator[RuleAsked]:
    decided = len({code for _, codes in steps[0] for code in codes}) == 1 if steps else False
    answering = {rule.id: (number, codes) for number, step in enumerate(steps) for rule, codes in step}
    order = {rule: number for number, rule in enumerate(answering)}
    rules = sorted(city.duties.rules_of(category.code), key=lambda rule: order.get(rule.id, len(order)))
    for rule in rules:
        number, codes = answering.get(rule.id, (None, list[DepartmentCode]()))
        if number is None:
            verdict = "nobody" if city.duties.fits(rule, location) else "elsewhere"
        else:
            verdict = "decides" if number == 0 and decided else "suggests"
        reason = rule.reason.get(language) or rule.reason["en"]
        yield RuleAsked(rule.id, rule.basis.value, rule.level.value, rule.within, tuple(codes), reason, verdict)


def _changes(
    city: City, category: Category, location: Location | None, point: Point | None, language: str
) -> Iterator[WhatIf]:
    """Try what might be otherwise, and keep what would give another answer."""
    now = city.dispatch(category.code, location, language)
    for change, other in _other_places(city, location, point, language):
        answer = city.dispatch(category.code, other, language)
        if answer.department != now.department:
            yield WhatIf(change, answer.department, answer.rule)
    if now.rule is not None:
        steps = _steps(city, category, location, without=now.rule)
        named = {code: rule for rule, codes in (steps[0] if steps else []) for code in codes}
        if set(named) != {now.department}:
            department, rule = next(iter(named.items())) if len(named) == 1 else (None, None)
            yield WhatIf(translate(_WITHOUT, language, rule=now.rule), department, rule.id if rule else None)


def _other_places(
    city: City, location: Location | None, point: Point | None, language: str
) -> Iterator[tuple[str, Location | None]]:
    if location is None:
        return
    if location.dedicated:
        yield translate(_OUTSIDE, language, area=location.dedicated.name), Location(location.areas)
    coarse = tuple(area for area in location.areas if area.level in {AreaLevel.DISTRICT, AreaLevel.ZONE})
    if coarse and coarse != location.areas:
        yield translate(_DISTRICT_ONLY, language, area=coarse[0].name), Location(coarse, location.dedicated)
    yield translate(_NO_PLACE, language), None
    if point is not None:
        yield from _nearby(city, location, point, language)


def _nearby(city: City, location: Location, point: Point, language: str) -> Iterator[tuple[str, Location]]:
    """Look around for the nearest other street, district or dedicated area, each once."""
    seen = {_outline(location)}
    for metres in _AROUND_M:
        for number, wind in enumerate(_WINDS):
            other = city.locate(offset(point, metres, number * 360 / len(_WINDS)))
            if other is None or (outline := _outline(other)) in seen:
                continue
            seen.add(outline)
            area = other.dedicated or other.at(AreaLevel.STREET) or other.areas[-1]
            fields = {"metres": metres, "wind": translate(wind, language), "area": area.name}
            yield translate(_NEARBY, language, **fields), other


def _outline(location: Location) -> tuple[str | None, ...]:
    areas = (
        location.at(level) for level in (AreaLevel.STREET, AreaLevel.ZONE, AreaLevel.DISTRICT, AreaLevel.DEDICATED)
    )
    return tuple(area.code if area else None for area in areas)

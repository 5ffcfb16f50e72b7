"""Who must act: duty rules asked in their order (事件先属地后属主，部件先属主后属地), with the reasons in words."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec

from citizen_gateway.city.model import (
    Area,
    AreaCode,
    AreaLevel,
    Basis,
    Candidate,
    Category,
    CategoryCode,
    CategoryKind,
    Department,
    DepartmentCode,
    Dispatch,
    DutyLevel,
    DutyRule,
    Localized,
    Location,
)

SUGGESTIONS = 3

PHRASES = {
    "located": {"path"},
    "dedicated": {"area"},
    "no_location": set[str](),
    "place_first": set[str](),
    "owner_first": set[str](),
    "rule": {"rule", "reason"},
    "no_rule": {"category"},
    "shared": {"rule", "reason"},
    "contradiction": {"rules"},
    "lead": {"department"},
    "failed": {"rule", "error"},
}
"""The sentences a pack must word, and the fields each may use."""

_ORDER = {
    CategoryKind.EVENT: (Basis.PLACE, Basis.OWNER),
    CategoryKind.COMPONENT: (Basis.OWNER, Basis.PLACE),
    CategoryKind.CONSULT: (Basis.OWNER, Basis.PLACE),
    CategoryKind.SUGGEST: (Basis.OWNER, Basis.PLACE),
}
_PRECISION = {level: number for number, level in enumerate(DutyLevel)}


Answering = tuple[DutyRule, list[DepartmentCode]]
"""A rule, and the departments that it names at a place."""


class RuleFailedError(Exception):
    """A rule that cannot be asked: whoever stored it did not check it. A person decides, and sees why."""

    def __init__(self, rule: str, error: str) -> None:
        self.rule, self.error = rule, error
        super().__init__(f"rule {rule} failed: {error}")


class Duties:
    """The duty rules of one city, ready to be asked."""

    def __init__(
        self,
        rules: Iterable[DutyRule],
        departments: Mapping[DepartmentCode, Department],
        classes: Mapping[AreaCode, str],
        phrases: Mapping[str, Localized],
    ) -> None:
        self._departments, self._classes, self._phrases = departments, classes, phrases
        self._by_category: dict[CategoryCode, list[DutyRule]] = {}
        for rule in rules:
            for category in rule.categories:
                self._by_category.setdefault(category, []).append(rule)

    def dispatch(self, category: Category, location: Location | None, language: str) -> Dispatch:
        """Ask the rules: the dedicated area's first, then tier by tier; a tier that answers ends the question."""
        say = partial(self._say, language)
        explanation = self._where(category, location, say)
        try:
            chosen, *later = self.steps(category, location) or [[]]
        except RuleFailedError as failure:
            reason = say("failed", rule=failure.rule, error=failure.error)
            return Dispatch(None, None, reason, self._suggest([], category, language), (*explanation, reason))
        others = [(code, rule) for step in later for rule, codes in step for code in codes]
        if len({code for _, codes in chosen for code in codes}) == 1:
            return self._assigned(chosen[0], (others, explanation), category, language)
        if chosen:
            return self._unsettled(chosen, (others, explanation), category, language)
        reason = say("no_rule", category=category.name if language.startswith("zh") else category.name_en)
        return Dispatch(None, None, reason, self._suggest([], category, language), (*explanation, reason))

    def steps(self, category: Category, location: Location | None, without: str | None = None) -> list[list[Answering]]:
        """Return the rules that name a department here, step by step in the order in which they are asked.

        The first step decides. `without` leaves one rule out, to see what would be if it were not there.
        """
        steps = (
            [(rule, codes) for rule in rules if rule.id != without and (codes := self._codes(rule, location))]
            for rules in self._tiers(category, location)
        )
        return [step for step in steps if step]

    def rules_of(self, category: CategoryCode) -> tuple[DutyRule, ...]:
        """Return all rules about a category, in the order of the pack."""
        return tuple(self._by_category.get(category, ()))

    def fits(self, rule: DutyRule, location: Location | None) -> bool:
        """Whether a rule holds at a place at all."""
        return self._fits(rule, location)

    def first(self, templates: Sequence[str], location: Location | None) -> DepartmentCode | None:
        """Return the first of the departments so named that this place has."""
        names = _names(location)
        found = (DepartmentCode(template.format_map(names)) for template in templates)
        return next((code for code in found if code in self._departments), None)

    def _assigned(
        self,
        chosen: Answering,
        rest: tuple[list[tuple[DepartmentCode, DutyRule]], list[str]],
        category: Category,
        language: str,
    ) -> Dispatch:
        (rule, codes), (others, explanation) = chosen, rest
        reason = _in(rule.reason, language)
        candidates = self._suggest([(codes[0], rule), *others], category, language)
        told = self._say(language, "rule", rule=rule.id, reason=reason)
        return Dispatch(codes[0], rule.id, reason, candidates, (*explanation, told))

    def _unsettled(
        self,
        chosen: list[Answering],
        rest: tuple[list[tuple[DepartmentCode, DutyRule]], list[str]],
        category: Category,
        language: str,
    ) -> Dispatch:
        others, explanation = rest
        if len(chosen) == 1:
            rule = chosen[0][0]
            reason = self._say(language, "shared", rule=rule.id, reason=_in(rule.reason, language))
        else:
            reason = self._say(language, "contradiction", rules=", ".join(rule.id for rule, _ in chosen))
        pairs = [(code, rule) for rule, codes in chosen for code in codes]
        return Dispatch(
            None, None, reason, self._suggest([*pairs, *others], category, language), (*explanation, reason)
        )

    def _where(self, category: Category, location: Location | None, say: "partial[str]") -> list[str]:
        if location is None:
            told = [say("no_location")]
        else:
            told = [
                say("located", path=" / ".join(area.name for area in reversed(location.areas) if _told(area, location)))
            ]
            if location.dedicated:
                told.append(say("dedicated", area=location.dedicated.name))
        first = _ORDER[category.kind][0]
        return [*told, say("place_first" if first is Basis.PLACE else "owner_first")]

    def _tiers(self, category: Category, location: Location | None) -> list[list[DutyRule]]:
        """Sort the rules that fit the place: dedicated ones, then by basis, within it the most precise first."""
        fitting = [r for r in self._by_category.get(category.code, ()) if self._fits(r, location)]
        tiers: dict[tuple[int, int, int], list[DutyRule]] = {}
        order = _ORDER[category.kind]
        for rule in fitting:
            dedicated = rule.level is not DutyLevel.DEDICATED
            precision = -2 * _PRECISION[rule.level] - bool(rule.within)
            tiers.setdefault((int(dedicated), order.index(rule.basis), precision), []).append(rule)
        return [tiers[key] for key in sorted(tiers)]

    def _fits(self, rule: DutyRule, location: Location | None) -> bool:
        if location is None:
            return rule.level is DutyLevel.CITY and not rule.within
        if rule.level is DutyLevel.DEDICATED and location.dedicated is None:
            return False
        if not rule.within:
            return True
        codes = [area.code for area in (*location.areas, *filter(None, [location.dedicated]))]
        governing = _governing(location)
        here = {*codes, self._classes.get(governing, "") if governing else ""}
        return not here.isdisjoint(rule.within)

    def _codes(self, rule: DutyRule, location: Location | None) -> list[DepartmentCode]:
        """Fill in the place; a department that this place does not have is no answer."""
        try:
            codes = [template.format_map(_names(location)) for template in rule.departments]
        except (LookupError, ValueError, AttributeError) as error:
            raise RuleFailedError(rule.id, f"{type(error).__name__}: {error}") from error
        return [DepartmentCode(code) for code in codes if code in self._departments]

    def _suggest(
        self, pairs: list[tuple[DepartmentCode, DutyRule]], category: Category, language: str
    ) -> tuple[Candidate, ...]:
        found: dict[DepartmentCode, Candidate] = {}
        for code, rule in pairs:
            found.setdefault(code, Candidate(code, rule.id, _in(rule.reason, language)))
        lead = self._departments[category.lead]
        name = lead.name if language.startswith("zh") else lead.name_en
        found.setdefault(lead.code, Candidate(lead.code, None, self._say(language, "lead", department=name)))
        return tuple(found.values())[:SUGGESTIONS]

    def _say(self, language: str, phrase: str, **fields: str) -> str:
        return _in(self._phrases[phrase], language).format_map(fields)


def rules_fingerprint(rules: Sequence[DutyRule]) -> str:
    """Return a hash of a set of rules: the same rules in the same order have the same."""
    return hashlib.sha256(msgspec.json.encode(rules, order="sorted")).hexdigest()[:16]


def _told(area: Area, location: Location) -> bool:
    """Leave out the communities and grids between the finest area, whose name repeats theirs, and its street."""
    return area is location.areas[0] or area.level in (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET)


def _governing(location: Location) -> AreaCode | None:
    """Return the code of what governs the place: its zone, else its district."""
    area = location.at(AreaLevel.ZONE) or location.at(AreaLevel.DISTRICT)
    return area.code if area else None


def _names(location: Location | None) -> dict[str, str]:
    """Return what templates may name; an unknown place names nothing that exists."""
    street = location.at(AreaLevel.STREET) if location else None
    dedicated = location.dedicated if location else None
    return {
        "district": (_governing(location) if location else None) or "",
        "street": street.code if street else "",
        "dedicated": (dedicated.department or "") if dedicated else "",
    }


def _in(text: Localized, language: str) -> str:
    return text.get(language) or text.get(language.split("_", maxsplit=1)[0]) or next(iter(text.values()))

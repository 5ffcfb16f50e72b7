"""Explanations of dispatch on the wire."""

import msgspec

from citizen_gateway.city.explaining import Reasons, RuleAsked, WhatIf
from citizen_gateway.city.schema import AreaView


class Suggested(msgspec.Struct, frozen=True):
    """A department that could be asked, and why."""

    department: str
    name: str
    rule: str | None
    reason: str


class DispatchExplanation(msgspec.Struct, frozen=True):
    """Why a case goes where it goes; no department means that a person decides.

    `version` and `rules_fingerprint` name the set of rules that was asked, `polygon` the area whose outline decided,
    `rules` all rules about the category, those that were asked first before the others.
    """

    category: str
    category_name: str
    version: str
    rules_fingerprint: str
    department: str | None
    department_name: str | None
    rule: str | None
    reason: str
    evidence: list[str]
    areas: list[AreaView]
    dedicated: AreaView | None
    on_boundary: bool
    polygon: AreaView | None
    suggestions: list[Suggested]
    rules: list[RuleAsked]
    what_if: list[WhatIf]

    @classmethod
    def of(cls, found: Reasons, names: dict[str, str], version: str, fingerprint: str) -> "DispatchExplanation":
        """Show the reasons; `names` are those of the departments in the reader's language, and of the category."""
        location = found.location
        return cls(
            category=found.category.code,
            category_name=names[found.category.code],
            version=version,
            rules_fingerprint=fingerprint,
            department=found.department,
            department_name=names[found.department] if found.department else None,
            rule=found.rule,
            reason=found.reason,
            evidence=list(found.evidence),
            areas=[AreaView.of(area) for area in location.areas] if location else [],
            dedicated=AreaView.of(location.dedicated) if location and location.dedicated else None,
            on_boundary=location.boundary if location else False,
            polygon=AreaView.of(found.polygon) if found.polygon else None,
            suggestions=[
                Suggested(one.department, names[one.department], one.rule, one.reason) for one in found.candidates
            ],
            rules=list(found.rules),
            what_if=list(found.what_if),
        )

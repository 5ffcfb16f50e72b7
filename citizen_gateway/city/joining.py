"""Which reports may be about one event, as the pack says it (同诉求)."""

import re
from collections import Counter
from collections.abc import Collection
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from citizen_gateway.city.model import CategoryCode
from citizen_gateway.city.problems import Findings

FILE = "joining.toml"

Share = Annotated[float, Meta(ge=0, le=1)]
Bits = Annotated[int, Meta(ge=0, le=64)]


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Categories that may be one event: how far apart its reports may be, and after how many days it is another.

    Where `automatic` is false a person decides.
    """

    name: Annotated[str, Meta(pattern="^[a-z-]+$")]
    categories: tuple[CategoryCode, ...]
    radius_m: Annotated[float, Meta(gt=0, le=5000)]
    days: Annotated[int, Meta(gt=0, le=365)]
    automatic: bool = True


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much doubt each agreement takes away, and what counts as agreement; see the pack's file."""

    words: Share
    words_full: Annotated[float, Meta(gt=0, le=1)]
    near: Share
    here: Annotated[float, Meta(ge=0, lt=1)]
    other_leaf: Share
    spread: Share
    phrase: Share
    community: Share
    photo: Share
    photo_bits: Bits
    photo_plain: Bits


class Joining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`joining.toml`: how surely two reports must be about one event.

    From `sure` on a report joins at once, from `maybe` on a person is asked, from `shown` on a citizen is offered to
    follow the other ticket. `natures` are those of reports that may join; `marks` finds what tells neighbours apart
    (3号楼, 5号楼), and `vague` are words of a place that name none (门口).
    """

    sure: Share
    maybe: Share
    shown: Share
    natures: tuple[Literal["complaint", "question", "help", "suggestion", "tip_off", "praise"], ...]
    marks: str
    vague: tuple[str, ...]
    looked_at: Annotated[int, Meta(gt=0, le=200)]
    voices: Annotated[int, Meta(gt=0, le=16)]
    evidence: Evidence
    family: tuple[Family, ...]

    def families(self) -> dict[CategoryCode, Family]:
        """Return each category's family."""
        return {category: family for family in self.family for category in family.categories}


def check_joining(joining: Joining, categories: Collection[str], findings: Findings) -> None:
    """Note thresholds out of order, and categories that do not exist or are in two families."""
    if not joining.shown <= joining.maybe <= joining.sure:
        findings.add(FILE, "shown, maybe and sure must not fall in this order")
    try:
        re.compile(joining.marks)
    except re.error as error:
        findings.add(FILE, f"marks is no pattern: {error}")
    for name, count in Counter(family.name for family in joining.family).items():
        if count > 1:
            findings.add(FILE, f"family {name} is there {count} times")
    named = Counter(category for family in joining.family for category in family.categories)
    for category, count in named.items():
        if category not in categories:
            findings.add(FILE, f"there is no category {category}")
        elif count > 1:
            findings.add(FILE, f"category {category} is in {count} families")

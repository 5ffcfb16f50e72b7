"""Where duty rules leave a question open, contradict each other or never answer: asked at every kind of place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations

import msgspec

from citizen_gateway.city.duty import Duties
from citizen_gateway.city.model import AreaCode, AreaLevel, Category, CategoryCode, DutyRule, Location

Signature = tuple[AreaCode | None, AreaCode | None, AreaCode | None, frozenset[AreaCode]]


class Gap(msgspec.Struct, frozen=True):
    """A category that no rule settles in some places: a person dispatches it there. `known`: the pack says so."""

    category: CategoryCode
    areas: tuple[AreaCode, ...]
    reason: str
    known: bool = False


class Coverage(msgspec.Struct, frozen=True):
    """What was asked, and what nobody is certain of: what is not among the gaps has exactly one answer.

    `places` are those that rules can tell apart. `unplaced` are the categories that nobody is certain of where the
    place is not known at all, and `settled` those which the pack lists for triage although rules settle them.
    """

    categories: int
    places: int
    gaps: tuple[Gap, ...]
    unplaced: tuple[CategoryCode, ...]
    settled: tuple[CategoryCode, ...]

    @property
    def complete(self) -> bool:
        """Whether every category has one answer everywhere, or is listed for triage."""
        return all(gap.known for gap in self.gaps)


class Conflict(msgspec.Struct, frozen=True):
    """Two rules asked at the same step that name different departments."""

    category: CategoryCode
    first: str
    second: str
    area: AreaCode


def kinds_of_places(locations: Iterable[Location], rules: Iterable[DutyRule]) -> list[Location]:
    """Return one location of each kind that rules can tell apart."""
    named = frozenset(code for rule in rules for code in rule.within)
    found: dict[Signature, Location] = {}
    for location in locations:
        found.setdefault(_signature(location, named), location)
    return list(found.values())


def _signature(location: Location, named: frozenset[str]) -> Signature:
    street, dedicated = location.at(AreaLevel.STREET), location.dedicated
    governing = location.at(AreaLevel.ZONE) or location.at(AreaLevel.DISTRICT)
    codes = [area.code for area in (*location.areas, *([dedicated] if dedicated else []))]
    return (
        governing.code if governing else None,
        street.code if street else None,
        dedicated.code if dedicated else None,
        frozenset(code for code in codes if code in named),
    )


def cover(
    duties: Duties,
    categories: Mapping[CategoryCode, Category],
    places: Sequence[Location],
    triage: Iterable[CategoryCode],
    language: str,
) -> Coverage:
    """Ask who must act for every category at every place."""
    listed = set(triage)
    gaps: dict[tuple[CategoryCode, str], list[AreaCode]] = {}
    for category in categories.values():
        for place in places:
            answer = duties.dispatch(category, place, language)
            if answer.department is None:
                gaps.setdefault((category.code, answer.reason), []).append(_code(place))
    open_ones = {code for code, _ in gaps}
    return Coverage(
        categories=len(categories),
        places=len(places),
        gaps=tuple(Gap(code, tuple(dict.fromkeys(areas)), why, code in listed) for (code, why), areas in gaps.items()),
        unplaced=tuple(c.code for c in categories.values() if duties.dispatch(c, None, language).department is None),
        settled=tuple(sorted(listed - open_ones)),
    )


def conflicts(
    duties: Duties, categories: Iterable[Category], places: Sequence[Location], triage: Iterable[CategoryCode]
) -> Iterator[Conflict]:
    """Find rules that contradict each other in a category which nobody listed for triage; each pair once."""
    listed, seen = set(triage), set[tuple[CategoryCode, str, str]]()
    for category in categories:
        for place in places if category.code not in listed else ():
            deciding = (duties.steps(category, place) or [[]])[0]
            for (first, named), (second, also) in combinations(deciding, 2):
                key = category.code, first.id, second.id
                if also != named and key not in seen:
                    seen.add(key)
                    yield Conflict(category.code, first.id, second.id, _code(place))


def unreachable(
    duties: Duties, categories: Iterable[Category], rules: Iterable[DutyRule], places: Sequence[Location]
) -> list[str]:
    """Return the rules that decide nothing and are never suggested: others go before, or they name nobody."""
    silent = {rule.id: None for rule in rules}
    for category in categories:
        for place in (*places, None):
            first, *later = duties.steps(category, place) or [[]]
            settled = len({code for _, codes in first for code in codes}) == 1
            for rule, _ in chain(first, *(() if settled else later)):
                silent.pop(rule.id, None)
    return list(silent)


def _code(place: Location) -> AreaCode:
    return place.dedicated.code if place.dedicated else place.areas[0].code

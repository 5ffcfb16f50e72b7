"""The gazetteer: names of areas and roads, and what a phrase made of such names may mean."""

from collections.abc import Iterable, Sequence

from citizen_gateway.city.areas import AreaTable
from citizen_gateway.city.model import AreaLevel, Place, PlaceKind

NAMED = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.DEDICATED)
"""Levels whose names people use; finer ones are only numbered."""

_SHORTEST = 2
_COARSENESS = {level: number for number, level in enumerate(AreaLevel)}


class Gazetteer:
    """Knows every name with its aliases: an area's name without its suffix also names it."""

    def __init__(self, areas: AreaTable, roads: Iterable[str], suffixes: Sequence[str]) -> None:
        self._areas, self._roads = areas, {_key(road): road for road in roads}
        self._suffixes = sorted(map(_key, suffixes), key=len, reverse=True)
        self._exact: dict[str, list[int]] = {}
        self._short: dict[str, list[int]] = {}
        for row in areas.rows_of(*NAMED):
            name = _key(areas.path(row)[0].name)
            self._exact.setdefault(name, []).append(row)
            for alias in self._aliases(name):
                self._short.setdefault(alias, []).append(row)
        self._longest = max(map(len, (*self._exact, *self._roads)), default=0)

    def names(self) -> tuple[str, ...]:
        """Return every full name and road, sorted: a lexicon for analysing text."""
        areas = {self._areas.path(row)[0].name for rows in self._exact.values() for row in rows}
        return tuple(sorted(areas.union(self._roads.values())))

    def find(self, phrase: str) -> tuple[Place, ...]:
        """Return what a phrase may mean, exact names before aliases.

        A phrase of several names means the finest area that lies in all the coarser ones it names; areas before
        roads. Several places in the answer say that the phrase is ambiguous.
        """
        text = _key(phrase)
        rows = self._exact.get(text) or self._short.get(text)
        if rows or text in self._roads:
            return self._places(rows or [], [text] if text in self._roads else [])
        mentions = list(self._scan(text))
        named = [self._exact.get(m) or ([] if m in self._roads else self._short.get(m, [])) for m in mentions]
        return self._places(self._finest([r for r in named if r]), [m for m in mentions if m in self._roads])

    def _aliases(self, name: str) -> Iterable[str]:
        for suffix in self._suffixes:
            if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
                yield name.removesuffix(suffix)
                return

    def _scan(self, text: str) -> Iterable[str]:
        """Yield the names in the text, each the longest that begins there."""
        start = 0
        while start < len(text):
            for end in range(min(len(text), start + self._longest), start + _SHORTEST - 1, -1):
                name = text[start:end]
                if name in self._exact or name in self._roads or name in self._short:
                    yield name
                    start = end
                    break
            else:
                start += 1

    def _finest(self, named: list[list[int]]) -> list[int]:
        """Go from the coarsest name to the finest; one that lies in none of those before means something else."""
        kept: list[int] = []
        for rows in sorted(named, key=lambda rows: min(_COARSENESS[self._areas.path(row)[0].level] for row in rows)):
            within = {self._areas.path(row)[0].code for row in kept}
            kept = [row for row in rows if not kept or within & {a.code for a in self._areas.path(row)}] or kept
        return kept

    def _places(self, rows: Sequence[int], roads: Sequence[str]) -> tuple[Place, ...]:
        found = []
        for row in rows:
            area = self._areas.path(row)[0]
            found.append(Place(area.name, PlaceKind.AREA, area.code, self._areas.point(row)))
        return (*found, *(Place(self._roads[road], PlaceKind.ROAD) for road in roads))


def _key(name: str) -> str:
    """Write a name as it is looked up: blanks and case do not matter."""
    return "".join(name.split()).casefold()

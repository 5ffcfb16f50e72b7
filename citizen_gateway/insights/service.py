"""Use cases of figures: asked for by whom they concern, told apart, and cleared of what must not count."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from citizen_gateway.city.model import Area, AreaCode, AreaLevel, CategoryCode, DepartmentCode
from citizen_gateway.city.read_model import City
from citizen_gateway.insights import questions
from citizen_gateway.insights.errors import AreaNeeded
from citizen_gateway.insights.figures import BeforeAfter, Grouping
from citizen_gateway.insights.periods import chosen_days
from citizen_gateway.insights.questions import Selection
from citizen_gateway.insights.rights import Reach, reach_of
from citizen_gateway.insights.schema import FigureGroup, Figures, SelectionView
from citizen_gateway.platform.db import Transaction
from citizen_gateway.tickets.errors import UnknownCategory

_FINE = (AreaLevel.GRID, AreaLevel.MICRO_GRID)
_TOP = (AreaLevel.DISTRICT, AreaLevel.ZONE)


class Asked(msgspec.Struct, frozen=True):
    """What somebody wants counted: days by name or by their ends, and of what."""

    period: str | None = None
    first: date | None = None
    last: date | None = None
    department: str | None = None
    area: str | None = None
    category: str | None = None
    channel: str | None = None


class Apart(msgspec.Struct, frozen=True):
    """By what figures are told apart; by area, at which level (none: right below the selection's area)."""

    by: Grouping
    level: AreaLevel | None = None


def today(tx: Transaction, city: City) -> date:
    """Return the day it is in the city."""
    return tx.now.astimezone(ZoneInfo(city.timezone)).date()


def selection_of(tx: Transaction, city: City, asked: Asked) -> Selection:
    """Return what is counted for this actor.

    Raises what `reach_of` and `chosen_days` do, and `UnknownCategory`.
    """
    reach = reach_of(tx.actor, city, asked.department, asked.area)
    if asked.category is not None and CategoryCode(asked.category) not in city.categories:
        raise UnknownCategory(category=asked.category)
    first, last = chosen_days(asked.period, asked.first, asked.last, today(tx, city))
    return selected(city, reach, first, last, category=asked.category, channel=asked.channel)


def selected(
    city: City, reach: Reach, first: date, last: date, *, category: str | None = None, channel: str | None = None
) -> Selection:
    """Return the selection of a reach and some days."""
    return Selection(
        first,
        last,
        city.timezone,
        frozenset({reach.department}) if reach.department else None,
        frozenset({reach.area}) if reach.area else None,
        category,
        channel,
    )


async def figures(tx: Transaction, city: City, selection: Selection, apart: Apart | None, language: str) -> Figures:
    """Return the figures of a selection, told apart if wanted. Raises `AreaNeeded` for areas too fine to list all."""
    total = (await questions.figures(tx.conn, selection))[""]
    groups: list[FigureGroup] = []
    if apart is not None:
        by = apart.by
        codes = [area.code for area in areas_told_apart(city, selection, apart.level)] if by is Grouping.AREA else ()
        found = await questions.figures(tx.conn, selection, by, codes)
        groups = [FigureGroup(key, name_of(city, by, key, language), both) for key, both in sort(by, found)]
    return Figures(view(selection), total, apart.by if apart else None, groups)


def sort(by: Grouping, found: dict[str, BeforeAfter]) -> list[tuple[str, BeforeAfter]]:
    """Return groups with the most first, days and the like in their order."""
    if by in {Grouping.DAY, Grouping.WEEK, Grouping.MONTH}:
        return sorted(found.items())
    return sorted(found.items(), key=lambda pair: (-pair[1].before.opened, -pair[1].before.answered, pair[0]))


def areas_told_apart(city: City, selection: Selection, level: AreaLevel | None) -> Sequence[Area]:
    """Return the areas of a level within the selection, or those right below its area."""
    outer = next(iter(selection.areas), None) if selection.areas else None
    if level in _FINE and outer is None:
        raise AreaNeeded(level=level.value)
    if outer is None:
        return city.areas_of(*([level] if level else _TOP))
    if level is None:
        below = {
            AreaLevel.DISTRICT: AreaLevel.STREET,
            AreaLevel.ZONE: AreaLevel.STREET,
            AreaLevel.STREET: AreaLevel.COMMUNITY,
            AreaLevel.COMMUNITY: AreaLevel.GRID,
            AreaLevel.GRID: AreaLevel.MICRO_GRID,
        }
        level = below.get(city.areas[AreaCode(outer)].level)
        if level is None:
            return [city.areas[AreaCode(outer)]]
    return [area for area in city.areas_of(level) if any(one.code == outer for one in city.area_path(area.code))]


def name_of(city: City, by: Grouping, key: str, language: str) -> str:
    """Return what a group is called in a language; its key where nothing else is known."""
    chinese = language.startswith("zh")
    if by is Grouping.DEPARTMENT and (department := city.departments.get(DepartmentCode(key))):
        return department.name if chinese else department.name_en
    if by is Grouping.CATEGORY and (category := city.categories.get(CategoryCode(key))):
        return category.name if chinese else category.name_en
    if by is Grouping.AREA and key:
        return city.areas[AreaCode(key)].name
    return key


def view(selection: Selection) -> SelectionView:
    """Show what was counted."""
    return SelectionView(
        selection.first,
        selection.last,
        selection.timezone,
        next(iter(selection.departments), None) if selection.departments else None,
        next(iter(selection.areas), None) if selection.areas else None,
        selection.category,
        selection.channel,
    )

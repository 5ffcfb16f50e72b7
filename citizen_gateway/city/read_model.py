"""The city as handlers ask it: immutable, in memory, one per process."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np

from citizen_gateway.city.areas import AreaColumns, AreaLot, AreaTable
from citizen_gateway.city.directory import Directory, Layer, Layers
from citizen_gateway.city.duty import Duties
from citizen_gateway.city.model import (
    Area,
    AreaCode,
    AreaLevel,
    Category,
    CategoryCode,
    Deadlines,
    Department,
    DepartmentCode,
    Dispatch,
    DutyRule,
    Location,
    Place,
)
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.places import Gazetteer
from citizen_gateway.city.shapes import PointIndex, Shapes
from citizen_gateway.city.working_time import Calendar
from citizen_gateway.kernel.geo import Point


class City:
    """Answers where a point is, who must act there and by when. Safe to share between threads."""

    def __init__(self, directory: Directory, columns: AreaColumns, layers: Layers) -> None:
        settings = directory.settings
        self.settings = settings
        self.name, self.timezone = settings.name, settings.calendar.timezone
        self.bounds = settings.bounds
        self.calendar = Calendar(settings.calendar)
        self.categories: Mapping[CategoryCode, Category] = MappingProxyType({c.code: c for c in directory.categories})
        self.departments: Mapping[DepartmentCode, Department] = MappingProxyType(
            {d.code: d for d in directory.departments}
        )
        self.rules: Mapping[str, DutyRule] = MappingProxyType({rule.id: rule for rule in directory.rules})
        self._areas = AreaTable(columns)
        self.areas: Mapping[AreaCode, Area] = self._areas
        self._finest = PointIndex(layers.finest)
        self._coarser = PointIndex(layers.coarser, -columns.levels[layers.coarser.rows].astype(int))
        self._dedicated = PointIndex(layers.dedicated)
        self.duties = Duties(directory.rules, self.departments, settings.classes, settings.phrases)
        self._gazetteer = Gazetteer(self._areas, settings.roads, settings.place_suffixes)

    @classmethod
    def from_pack(cls, pack: Pack) -> "City":
        """Make the city straight from its pack, without a database."""
        return cls(*cls.parts_of(pack))

    @staticmethod
    def parts_of(pack: Pack) -> tuple[Directory, AreaColumns, Layers]:
        """Return what the city of a pack is made of."""
        layers = np.array(pack.layers)

        def shapes(layer: int) -> Shapes:
            rows = np.flatnonzero(layers == layer).astype(np.int32)
            return Shapes.of(pack.polygons[rows], rows)

        columns = AreaColumns.of([AreaLot.of_rows(pack.rows)])
        return pack.directory, columns, Layers(shapes(Layer.FINEST), shapes(Layer.COARSER), shapes(Layer.DEDICATED))

    def locate(self, point: Point) -> Location | None:
        """Return where a point lies, None outside the city.

        A point on a shared edge belongs to the area of the lower code, and `boundary` says so.
        """
        hit = self._finest.find(point.lon, point.lat) or self._coarser.find(point.lon, point.lat)
        if hit is None:
            return None
        special = self._dedicated.find(point.lon, point.lat)
        dedicated = self._areas.path(special.row)[0] if special else None
        return Location(self._areas.path(hit.row), dedicated, hit.boundary)

    def location_of(self, code: AreaCode) -> Location:
        """Return the location of a report that names an area but no point; KeyError for an unknown code."""
        path = self.area_path(code)
        if path[0].level is not AreaLevel.DEDICATED:
            return Location(path)
        return Location(path[1:], path[0])

    def areas_of(self, *levels: AreaLevel) -> tuple[Area, ...]:
        """Return all areas of some levels, in the order of their codes."""
        return tuple(self._areas.path(row)[0] for row in self._areas.rows_of(*levels))

    def area_path(self, code: AreaCode) -> tuple[Area, ...]:
        """Return an area and what it lies in, up to the district; KeyError for an unknown code."""
        return self._areas.path(self._areas.row(code))

    def area_point(self, code: AreaCode) -> Point | None:
        """Return a point inside the area, None for one without a polygon; KeyError for an unknown code."""
        return self._areas.point(self._areas.row(code))

    def place_names(self) -> tuple[str, ...]:
        """Return the names of districts, zones, streets, communities, dedicated areas and roads."""
        return self._gazetteer.names()

    def find_place(self, phrase: str) -> tuple[Place, ...]:
        """Return what a place name or a phrase of place names may mean; several places say it is ambiguous."""
        return self._gazetteer.find(phrase)

    def dispatch(self, category: CategoryCode, location: Location | None, language: str | None = None) -> Dispatch:
        """Return who must act, or the best suggestions and why nobody is certain; KeyError for an unknown category."""
        return self.duties.dispatch(self.categories[category], location, language or self.settings.language)

    def emergency_departments(self, numbers: Iterable[str], location: Location | None) -> tuple[DepartmentCode, ...]:
        """Return who is told of a danger for which these emergency numbers are called, each once."""
        templates = (self.settings.emergency_departments.get(number, ()) for number in numbers)
        found = (self.duties.first(several, location) for several in templates)
        return tuple(dict.fromkeys(code for code in found if code))

    def deadlines(self, category: CategoryCode, dispatched_at: datetime, *, emergency: bool = False) -> Deadlines:
        """Return when a ticket dispatched then is due.

        Accepting runs around the clock; resolving in working hours, and around the clock for what is an emergency by
        its category or by its report. KeyError for an unknown category.
        """
        limits = self.categories[category]
        accept_due = dispatched_at.astimezone(UTC) + timedelta(minutes=limits.accept_minutes)
        if emergency or limits.emergency:
            hours = timedelta(hours=limits.resolve_working_hours)
            return Deadlines(accept_due, dispatched_at.astimezone(UTC) + hours)
        due = self.calendar.add_working_hours(dispatched_at, limits.resolve_working_hours)
        return Deadlines(accept_due, due, self.calendar.unannounced(dispatched_at, due))

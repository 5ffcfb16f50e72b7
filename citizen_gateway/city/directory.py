"""What a city's read model is made of: everything but its areas, and the polygons by use."""

import msgspec

from citizen_gateway.city.joining import Joining
from citizen_gateway.city.model import AreaCode, Category, CategoryCode, Department, DutyRule, Localized, Satisfaction
from citizen_gateway.city.open311 import Open311File
from citizen_gateway.city.points import PointsRules
from citizen_gateway.city.shapes import Shapes
from citizen_gateway.city.templates import Template
from citizen_gateway.city.working_time import WorkCalendar


class Settings(msgspec.Struct, frozen=True):
    """What a pack says about the city as a whole.

    `bounds` are west, south, east, north in degrees; `classes` sort what governs (districts and zones) into kinds that
    duty rules may name; `emergency_departments` are, by emergency number, who is told of a case there (templates as in
    duty rules, the first that the place has); `triage` are the categories that rules do not settle everywhere, so that
    a person dispatches them there; `phrases` are the sentences in which dispatch explains itself;
    `points` are the rules of volunteers' points, None where the city offers none;
    `open311` is there where the city speaks it; `channels` are, by channel, its own words for a ticket's states;
    `templates` are what departments usually write. Without `joining` every report has a ticket of its own.
    """

    name: str
    name_en: str
    ticket_prefix: str
    language: str
    bounds: tuple[float, float, float, float]
    emergency_numbers: dict[str, str]
    calendar: WorkCalendar
    place_suffixes: tuple[str, ...] = ()
    classes: dict[AreaCode, str] = {}
    phrases: dict[str, Localized] = {}
    roads: tuple[str, ...] = ()
    emergency_departments: dict[str, tuple[str, ...]] = {}
    points: PointsRules | None = None
    joining: Joining | None = None
    satisfaction: Satisfaction = Satisfaction()
    version: str = ""
    triage: tuple[CategoryCode, ...] = ()
    open311: Open311File | None = None
    channels: dict[str, dict[str, str]] = {}
    templates: tuple[Template, ...] = ()


class Directory(msgspec.Struct, frozen=True):
    """Everything of a city but its areas."""

    settings: Settings
    categories: tuple[Category, ...]
    departments: tuple[Department, ...]
    rules: tuple[DutyRule, ...]


class Layers(msgspec.Struct, frozen=True):
    """The polygons by what they are asked for.

    `finest` have no polygon below them and answer nearly every question; `coarser` answer where a city's own finest
    polygons leave a gap; `dedicated` lie across.
    """

    finest: Shapes
    coarser: Shapes
    dedicated: Shapes


class Layer:
    """What an area's polygon is asked for, as numbers; a zone has no polygon."""

    NONE, FINEST, COARSER, DEDICATED = range(4)

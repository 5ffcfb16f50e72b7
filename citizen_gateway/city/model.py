"""What a city consists of, as plain values; codes are the pack's own texts."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType

import msgspec

from citizen_gateway.kernel.geo import Point

AreaCode = NewType("AreaCode", str)
DepartmentCode = NewType("DepartmentCode", str)
CategoryCode = NewType("CategoryCode", str)

Localized = dict[str, str]
"""The same sentence by language tag; the pack's own language is always there."""


class AreaLevel(StrEnum):
    """How fine an area is, from the coarsest (网格层级)."""

    DISTRICT = "district"  # 区县
    ZONE = "zone"  # 功能区: governed like a district, laid over one or more of them
    STREET = "street"  # 街道、乡镇
    COMMUNITY = "community"  # 社区、村
    GRID = "grid"  # 网格
    MICRO_GRID = "micro_grid"  # 微网格
    DEDICATED = "dedicated"  # 专属网格: a station, mall or campus, laid over the ordinary ones


TREE = (AreaLevel.DISTRICT, AreaLevel.STREET, AreaLevel.COMMUNITY, AreaLevel.GRID, AreaLevel.MICRO_GRID)
"""The levels that tile each other; zones group streets, dedicated areas lie across."""


class Area(msgspec.Struct, frozen=True):
    """One node of the grid. `synthetic` says that its polygon was generated and is no boundary of record."""

    code: AreaCode
    parent: AreaCode | None
    level: AreaLevel
    name: str
    synthetic: bool = False
    zone: AreaCode | None = None
    department: DepartmentCode | None = None


class CategoryKind(StrEnum):
    """What a category is about; it decides who is asked first."""

    EVENT = "event"  # 事件 (GB/T 30428.2)
    COMPONENT = "component"  # 部件
    CONSULT = "consult"  # 咨询
    SUGGEST = "suggest"  # 建议


class Category(msgspec.Struct, frozen=True):
    """One leaf of the directory with its limits; `lead` is the department answerable for the subject city-wide."""

    code: CategoryCode
    group: str
    name: str
    name_en: str
    kind: CategoryKind
    lead: DepartmentCode
    accept_minutes: int
    resolve_working_hours: float
    definition: str
    emergency: bool = False


class DepartmentKind(StrEnum):
    """What sort of unit a department is (责任单位)."""

    CENTER = "center"  # 城运中心
    BUREAU = "bureau"  # 委办局
    BRANCH = "branch"  # 区县部门
    STREET = "street"  # 街道办事处、乡镇政府
    UTILITY = "utility"  # 公用企业
    STATION = "station"  # 专属网格工作站


class Department(msgspec.Struct, frozen=True):
    """Who may be given a ticket, and the area it answers for (None: the whole city)."""

    code: DepartmentCode
    name: str
    name_en: str
    kind: DepartmentKind
    area: AreaCode | None = None
    parent: DepartmentCode | None = None


class Basis(StrEnum):
    """Why a department answers: the place is its own, or the thing or subject is."""

    PLACE = "place"  # 属地
    OWNER = "owner"  # 属主


class DutyLevel(StrEnum):
    """What must be known of the place before a rule can name a department; later ones are more precise."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    DEDICATED = "dedicated"


class DutyRule(msgspec.Struct, frozen=True):
    """Category × area level → department.

    `departments` are codes in which `{district}`, `{street}` and `{dedicated}` stand for the place's own; several codes
    say that duty is shared or unsettled and a person decides. `within` limits the rule to areas (by code) or to
    kinds of districts.
    """

    id: str
    categories: tuple[CategoryCode, ...]
    basis: Basis
    level: DutyLevel
    departments: tuple[str, ...]
    reason: Localized
    within: tuple[str, ...] = ()


class Location(msgspec.Struct, frozen=True):
    """Where a point lies: its areas from the finest to the district, and the dedicated area across them."""

    areas: tuple[Area, ...]
    dedicated: Area | None = None
    boundary: bool = False

    def at(self, level: AreaLevel) -> Area | None:
        """Return the area of that level, if the place has one."""
        if level is AreaLevel.DEDICATED:
            return self.dedicated
        return next((area for area in self.areas if area.level is level), None)


class Candidate(msgspec.Struct, frozen=True):
    """A department that could be asked, and why."""

    department: DepartmentCode
    rule: str | None
    reason: str


class Dispatch(msgspec.Struct, frozen=True):
    """The answer of the duty rules: one department, or None with up to three suggestions for a person."""

    department: DepartmentCode | None
    rule: str | None
    reason: str
    candidates: tuple[Candidate, ...] = ()
    explanation: tuple[str, ...] = ()


class Deadlines(msgspec.Struct, frozen=True):
    """When a dispatched ticket must be accepted and resolved; `unannounced` years were counted Monday to Friday."""

    accept_due: datetime
    resolve_due: datetime
    unannounced: tuple[int, ...] = ()


class Satisfaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a city asks whether people are satisfied.

    `follow_up_share` of the closed tickets are drawn for a call (回访); a department sees votes only as a sum of at
    least `small_group`, since of fewer it would know whose they are.
    """

    follow_up_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    small_group: Annotated[int, msgspec.Meta(ge=2)] = 5


class PlaceKind(StrEnum):
    """What a name of the gazetteer names."""

    AREA = "area"
    ROAD = "road"


class Place(msgspec.Struct, frozen=True):
    """One meaning of a place name; a road has no position in the pack."""

    name: str
    kind: PlaceKind
    area: AreaCode | None = None
    point: Point | None = None

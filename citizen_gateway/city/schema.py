"""The city on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from citizen_gateway.city.model import Area, AreaLevel, Category, CategoryKind
from citizen_gateway.kernel.geo import Datum


class Position(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point, always with its datum: Chinese maps say gcj02, Baidu bd09, GPS wgs84. What we answer is WGS-84."""

    lat: Annotated[float, Meta(ge=-180, le=180, description="Degrees north")]
    lon: Annotated[float, Meta(ge=-180, le=180, description="Degrees east")]
    datum: Datum


class CategoryView(msgspec.Struct, frozen=True):
    """A leaf of the category directory; limits in minutes from dispatch and in working hours of the city."""

    code: str
    group: str
    name: str
    name_en: str
    kind: CategoryKind
    accept_minutes: int
    resolve_working_hours: float
    definition: str
    emergency: bool

    @classmethod
    def of(cls, category: Category) -> "CategoryView":
        """Show a category."""
        return cls(**{name: getattr(category, name) for name in cls.__struct_fields__})


class Categories(msgspec.Struct, frozen=True):
    """The whole directory."""

    items: list[CategoryView]


class AreaView(msgspec.Struct, frozen=True):
    """An area; `synthetic` says that its boundary was generated and is none of record."""

    code: str
    level: AreaLevel
    name: str
    synthetic: bool

    @classmethod
    def of(cls, area: Area) -> "AreaView":
        """Show an area."""
        return cls(area.code, area.level, area.name, area.synthetic)


class AreasHere(msgspec.Struct, frozen=True):
    """The areas at a point, finest first, and the dedicated area across them where there is one."""

    areas: list[AreaView]
    dedicated: AreaView | None
    boundary: bool

"""The fake's small city, from `city.json`."""

from pathlib import Path

import msgspec

from citizen_gateway_sdk.models import Area, Category, CategoryKind, CategoryRef, Datum, DepartmentRef, Position


class CityCategory(msgspec.Struct, frozen=True):
    """A category with the department it goes to and the words by which it is guessed."""

    code: str
    group: str
    name: str
    name_en: str
    kind: str
    department: str
    accept_minutes: int
    resolve_working_hours: float
    words: tuple[str, ...]

    def view(self) -> Category:
        """Show it as the directory does."""
        return Category(
            code=self.code,
            group=self.group,
            name=self.name,
            name_en=self.name_en,
            kind=CategoryKind(self.kind),
            definition=self.name,
            emergency=False,
            accept_minutes=self.accept_minutes,
            resolve_working_hours=self.resolve_working_hours,
        )

    def ref(self) -> CategoryRef:
        """Refer to it."""
        return CategoryRef(code=self.code, name=self.name, name_en=self.name_en)


class City(msgspec.Struct, frozen=True):
    """All there is to know of it; bounds in degrees of WGS-84."""

    name: str
    west: float
    south: float
    east: float
    north: float
    area: Area
    departments: tuple[DepartmentRef, ...]
    categories: tuple[CityCategory, ...]
    danger: dict[str, tuple[str, ...]]

    def category(self, code: str | None) -> CityCategory | None:
        """Return a category by its code."""
        return next((one for one in self.categories if one.code == code), None)

    def department(self, code: str | None) -> DepartmentRef | None:
        """Return a department by its code."""
        return next((one for one in self.departments if one.code == code), None)

    def guess(self, text: str) -> CityCategory | None:
        """Return the category whose word is in a text."""
        return next((one for one in self.categories if any(word in text.lower() for word in one.words)), None)

    def emergency(self, text: str) -> list[str]:
        """Return the words of danger in a text."""
        return [word for word in self.danger if word in text.lower()]

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies in the city."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east

    @property
    def middle(self) -> Position:
        """A point in it."""
        return Position(lat=(self.south + self.north) / 2, lon=(self.west + self.east) / 2, datum=Datum.WGS84)


def read_city() -> City:
    """Return the fake's city."""
    return msgspec.json.decode((Path(__file__).parent / "city.json").read_bytes(), type=City)

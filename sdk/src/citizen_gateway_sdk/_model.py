"""What the generated models are made of."""

from enum import StrEnum
from typing import Generic, Self, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

T = TypeVar("T")

HIDDEN = frozenset({"token", "secret"})
"""Fields that open something: their value never shows in a repr, so it never reaches a log that way."""


class Model(msgspec.Struct, kw_only=True, frozen=True):
    """One object of the API.

    Fields the gateway adds later are ignored, so an older SDK reads a newer gateway.
    """

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Name the fields and their values, with those that open something left out."""
        return [(name, "…" if name in HIDDEN else getattr(self, name)) for name in self.__struct_fields__]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({fields})"


class OpenEnum(StrEnum):
    """Words of the API, open to new ones.

    A word that this version does not know becomes a member of its own, outside the list of members: it compares equal
    to its text, is sent back unchanged, and says `is_known` False.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether this version of the SDK knows the word."""
        return self.value in type(self)._value2member_map_


def given(value: T | None) -> T | UnsetType:
    """Return the value, or what leaves its field out of a body."""
    return UNSET if value is None else value


def seen(version: int | None) -> str | None:
    """Return the `If-Match` header by which an action is refused where the version is another by now."""
    return None if version is None else f'"{version}"'


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items, and the cursor of what follows; no cursor on the last page."""

    items: list[T]
    next_cursor: str | None = None

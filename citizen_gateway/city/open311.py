"""What a pack says for Open311 GeoReport v2 clients: `open311.toml`."""

from enum import StrEnum

import msgspec

from citizen_gateway.city.model import CategoryCode, Localized


class DataType(StrEnum):
    """How an attribute is answered (GeoReport v2, GET Service Definition)."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTIPLE = "multivaluelist"

    @property
    def is_list(self) -> bool:
        """Whether it is answered by choosing."""
        return self in {DataType.SINGLE, DataType.MULTIPLE}


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a list."""

    key: str
    name: Localized


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question a service asks beside words and place; not `variable` means that it only informs."""

    code: str
    datatype: DataType
    description: Localized
    required: bool = False
    variable: bool = True
    hint: Localized = {}
    values: tuple[Choice, ...] = ()


class ServiceNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Open311 must know of one category; a `batch` service answers with a token first."""

    category: CategoryCode
    batch: bool = False
    attribute: tuple[Attribute, ...] = ()


class Open311File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`open311.toml`: the jurisdiction, whom to ask, and which categories are public matters.

    Requests in one of the `public_groups` are listed for everybody, their words masked; the others only for whoever
    filed them.
    """

    jurisdiction: str
    contact: Localized
    key_service: Localized
    public_groups: tuple[str, ...] = ()
    service: tuple[ServiceNote, ...] = ()

    def note(self, category: CategoryCode) -> ServiceNote:
        """Return what is said of a category."""
        return next((one for one in self.service if one.category == category), ServiceNote(category))

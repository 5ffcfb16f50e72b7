"""Queues and what narrows them, as plain values."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from citizen_gateway.kernel.errors import BadCursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLACE_BYTES = 25


class Queue(StrEnum):
    """A list of tickets on which somebody must do something; emergencies stand first, then what is due first."""

    MINE = "mine"  # what you signed for or began
    DEPARTMENT = "department"  # what your departments hold or assist
    OPEN = "open"  # all open tickets you see
    TRIAGE = "triage"  # 待受理: nobody has it yet
    DUE_SOON = "due_soon"  # four fifths of the running clock are over
    OVERDUE = "overdue"  # 超期
    RETURNED = "returned"  # 退单: given back by a department, and nobody has it again
    SUPERVISED = "supervised"  # 督办


class Conditions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What narrows a queue; a member that is absent narrows nothing. Areas count with all that lies in them."""

    department: str | None = None
    area: str | None = None
    category: str | None = None
    state: str | None = None
    emergency: bool | None = None


class Place(msgspec.Struct, frozen=True):
    """Where a row stands in a queue: a page that begins behind it is right whatever happened to that row since."""

    emergency: bool
    at: datetime
    id: UUID

    def encode(self) -> str:
        """Return the opaque cursor that continues behind this place."""
        micros = (self.at - _EPOCH) // _MICROSECOND
        packed = bytes([self.emergency]) + micros.to_bytes(8, signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def decode(cls, cursor: str) -> "Place":
        """Return the place a cursor stands for. Raises `BadCursor` for anything `encode` did not make."""
        try:
            packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            if len(packed) != _PLACE_BYTES or packed[0] > 1:
                raise BadCursor
            at = _EPOCH + int.from_bytes(packed[1:9], signed=True) * _MICROSECOND
            place = cls(bool(packed[0]), at, UUID(bytes=packed[9:]))
        except (ValueError, OverflowError, binascii.Error) as error:
            raise BadCursor from error
        if place.encode() != cursor:  # base64 has several spellings of the same bytes
            raise BadCursor
        return place


class SavedFilter(msgspec.Struct, frozen=True):
    """Conditions somebody kept under a name."""

    id: UUID
    name: str
    conditions: Conditions
    created_at: datetime

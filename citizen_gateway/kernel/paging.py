"""Pages by cursor: a page says where the next one begins, and new rows never shift it."""

import base64
import binascii
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from citizen_gateway.kernel.errors import BadCursor

T = TypeVar("T")

MAX_PAGE = 100


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items, and the cursor of what follows; no cursor on the last page."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(key: UUID) -> str:
    """Return the opaque cursor that continues behind the row with this id."""
    return base64.urlsafe_b64encode(key.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> UUID:
    """Return the id a cursor stands for.

    Raises `BadCursor` for anything `encode_cursor` did not make.
    """
    try:
        key = UUID(bytes=base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if encode_cursor(key) != cursor:  # base64 has several spellings of the same bytes
        raise BadCursor
    return key


def page_of(rows: list[T], limit: int, keys: list[UUID]) -> Page[T]:
    """Cut `limit + 1` fetched rows to a page; `keys` are the rows' ids in the same order."""
    if len(rows) <= limit:
        return Page(rows)
    return Page(rows[:limit], encode_cursor(keys[limit - 1]))

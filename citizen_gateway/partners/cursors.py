"""Places in the event feed as partners keep them: opaque, signed, and good for one reader alone."""

import base64
import binascii
import hashlib
import struct
from datetime import UTC, datetime, timedelta

import msgspec

from citizen_gateway.kernel.errors import BadCursor
from citizen_gateway.partners.errors import ForeignCursor, StaleCursor
from citizen_gateway.platform.vault import Vault

KEPT = timedelta(days=30)
"""How far back the feed reaches; a cursor not renewed for so long may have missed something."""

LATEST = "latest"
"""In place of a cursor: behind everything that has happened so far."""

_FORM = struct.Struct(">8sQQI")  # whose, xid, seq, issued at in seconds
_MAC = 12


class Place(msgspec.Struct, frozen=True, order=True):
    """A place in the event log: behind this event."""

    xid: int = 0
    seq: int = 0


class Cursors:
    """Writes and reads the cursors of one reader."""

    def __init__(self, vault: Vault, reader: str) -> None:
        self._vault = vault
        self._whose = hashlib.sha256(reader.encode()).digest()[:8]

    def write(self, place: Place, now: datetime) -> str:
        """Return the cursor of a place, as of now."""
        body = _FORM.pack(self._whose, place.xid, place.seq, int(now.timestamp()))
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode()

    def read(self, cursor: str, now: datetime) -> Place:
        """Return the place of a cursor. Raises `BadCursor`, `ForeignCursor` or `StaleCursor`."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadCursor from error
        body = raw[: _FORM.size]
        if len(raw) != _FORM.size + _MAC or raw[_FORM.size :] != self._mac(body):
            raise BadCursor
        whose, xid, seq, issued = _FORM.unpack(body)
        if whose != self._whose:
            raise ForeignCursor
        if datetime.fromtimestamp(issued, UTC) < now - KEPT:
            raise StaleCursor(days=KEPT.days)
        return Place(xid, seq)

    def _mac(self, body: bytes) -> bytes:
        return self._vault.index(f"event-cursor:{body.hex()}")[:_MAC]

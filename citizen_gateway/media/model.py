"""What a photo is, and every limit on one."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum

import msgspec

from citizen_gateway.kernel.ids import PhotoId

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000
"""Width × height as the file's header claims it, before anything is decoded."""

MAX_SCANNED_PIXELS = 20 * MAX_PIXELS
"""Pixels × scans of a progressive JPEG: its decoder visits all pixels once per scan, and a file may have thousands."""

MAX_PARTS = 10_000
"""Segments of a JPEG, chunks of a PNG: a real photo has hundreds, and each costs the reader of headers some time."""

FULL_SIDE = 2560
"""Longest side of the clean copy, in pixels."""

FULL_QUALITY = 85

THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 78

LARGE_PIXELS = 25_000_000
DECODES_AT_ONCE = 2
"""Photos up to `LARGE_PIXELS` decoded at the same time by one process, beside a single larger one.

At `MAX_PIXELS` decoding takes up to 6 s and 0.7 GB (JPEG, PNG) or 1.1 GB (WebP); a phone's usual 12 megapixels take
0.3 to 0.7 s and 60 MB.
"""

CAMERA_ZONE = timezone(timedelta(hours=8))
"""Cameras note local time, the older ones without its zone; all of China keeps UTC+8."""


class PhotoState(StrEnum):
    """How far the work on a photo is."""

    RECEIVED = "received"
    READY = "ready"  # its thumbnail is stored


class PhotoSize(StrEnum):
    """Which copy of a photo is wanted."""

    FULL = "full"
    THUMBNAIL = "thumbnail"


class CleanPhoto(msgspec.Struct, frozen=True):
    """A photo as it may be kept: a JPEG of pixels alone, and beside it what its file told about time and place.

    `position` is (latitude, longitude) in WGS-84. `perceptual_hash` is a dHash of 64 bits, as a signed number.
    """

    jpeg: bytes
    width: int
    height: int
    perceptual_hash: int
    taken_at: datetime | None = None
    position: tuple[float, float] | None = None


class Photo(msgspec.Struct, frozen=True):
    """One photo of one owner; `sha256` is of the bytes as uploaded, the sizes are those of the clean copy."""

    id: PhotoId
    owner: str
    sha256: bytes
    state: PhotoState
    width: int
    height: int
    size_bytes: int
    perceptual_hash: int
    taken_at: datetime | None
    position: tuple[float, float] | None
    created_at: datetime


_FOLDERS = {PhotoSize.FULL: "photos", PhotoSize.THUMBNAIL: "thumbnails"}
_UNSIGNED_64 = 2**64 - 1


def blob_name(sha256: bytes, size: PhotoSize) -> str:
    """Return under which name a copy of the upload with this hash is kept."""
    digest = sha256.hex()
    return f"{_FOLDERS[size]}/{digest[:2]}/{digest}.jpg"


def hash_distance(one: int, other: int) -> int:
    """Return in how many of 64 bits two perceptual hashes differ: 0 for the same picture, about 32 for strangers."""
    return ((one ^ other) & _UNSIGNED_64).bit_count()

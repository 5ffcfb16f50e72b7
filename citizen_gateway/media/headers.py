"""What a file says it is, read from its first bytes before any decoder touches them."""

import re
import struct
from enum import StrEnum

import msgspec

from citizen_gateway.media.errors import PhotoFormatUnsupported, PhotoUnreadable
from citizen_gateway.media.model import MAX_PARTS


class Format(StrEnum):
    """A format that is read here."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"


class Header(msgspec.Struct, frozen=True):
    """The format, the size in pixels, and how often a decoder visits each pixel (scans of a progressive JPEG)."""

    format: Format
    width: int
    height: int
    scans: int = 1

    @property
    def pixels(self) -> int:
        """Width × height."""
        return self.width * self.height


_ELSEWHERE = (  # pictures citizens do send, and that deserve a better answer than "not a picture"
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (0, b"%PDF-", "a PDF"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000"),
    (0, b"\xff\x0a", "a JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL"),
    (4, b"ftypavif", "an AVIF"),
    (4, b"ftypavis", "an AVIF"),
    *((4, b"ftyp" + brand, "a HEIC") for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")),
    (4, b"ftyp", "a video"),
)

# A marker of a JPEG: not a stuffed zero, a restart or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END, _ALONE = 0xDA, 0xD9, frozenset({0x01, 0xD8})


def read_header(content: bytes) -> Header:
    """Return what the file claims to be.

    Raises `PhotoFormatUnsupported` for other known picture formats and `PhotoUnreadable` for everything else.
    """
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError) as error:
        raise PhotoUnreadable from error
    for offset, magic, name in _ELSEWHERE:
        if content.startswith(magic, offset):
            raise PhotoFormatUnsupported(format=name)
    raise PhotoUnreadable


def _jpeg(content: bytes) -> Header:
    """Walk the segments of the first picture (phones put previews and whole videos behind it)."""
    at, scans, size = 2, 0, None
    for _ in range(MAX_PARTS):
        found = _MARKER.search(content, at)
        marker = content[found.end() - 1] if found else _END
        if found is None or marker == _END:
            break
        at = found.end()
        if marker in _ALONE:
            continue
        if marker in _START_OF_FRAME and size is None:
            size = struct.unpack_from(">xxxHH", content, at)
        scans += marker == _START_OF_SCAN
        at += int.from_bytes(content[at : at + 2])
    else:
        raise PhotoUnreadable
    return _checked(Format.JPEG, (size[1], size[0]) if size else (0, 0), scans)


def _png(content: bytes) -> Header:
    at, parts = 8, 0
    while at + 8 <= len(content):
        at += 12 + int(struct.unpack_from(">I", content, at)[0])
        parts += 1
        if parts > MAX_PARTS:
            raise PhotoUnreadable
    return _checked(Format.PNG, struct.unpack_from(">II", content, 16))


def _webp(content: bytes) -> Header:
    kind = content[12:16]
    if kind == b"VP8X" and len(content) >= 30:
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, 26))
    else:
        raise PhotoUnreadable
    return _checked(Format.WEBP, (width, height))


def _checked(kind: Format, size: tuple[int, ...], scans: int = 1) -> Header:
    if not all(size) or not scans:
        raise PhotoUnreadable
    return Header(kind, size[0], size[1], scans)

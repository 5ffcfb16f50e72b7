"""What a file claims to be."""

import struct
import zlib
from collections.abc import Callable

import pytest

from citizen_gateway.media.errors import PhotoFormatUnsupported, PhotoUnreadable
from citizen_gateway.media.headers import Format, Header, read_header
from citizen_gateway.media.model import MAX_PARTS

Shot = Callable[..., bytes]


class TestFormats:
    """Formats are known by their first bytes, never by a name."""

    @pytest.mark.parametrize(
        ("form", "options", "expected"),
        [
            ("JPEG", {}, Format.JPEG),
            ("JPEG", {"progressive": True}, Format.JPEG),
            ("PNG", {}, Format.PNG),
            ("WEBP", {}, Format.WEBP),
            ("WEBP", {"lossless": True}, Format.WEBP),
            ("WEBP", {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"}, Format.WEBP),
        ],
    )
    def test_size_is_read_from_the_header(
        self, shot: Shot, form: str, options: dict[str, object], expected: Format
    ) -> None:
        """Each way of writing a format tells its size."""
        header = read_header(shot((67, 45), form, **options))
        assert (header.format, header.width, header.height) == (expected, 67, 45)

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"GIF89a\x01\0\x01\0", "a GIF"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0", "a HEIC"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "an AVIF"),
            (b"\0\0\0\x1cftypisom\0\0\0\0", "a video"),
            (b"%PDF-1.7", "a PDF"),
        ],
    )
    def test_other_formats_are_named(self, content: bytes, name: str) -> None:
        """Who sends a known format that is not read here learns which it is."""
        with pytest.raises(PhotoFormatUnsupported) as refused:
            read_header(content)
        assert refused.value.fields == {"format": name}

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"There is a hole in the road.\n",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\0\0\0\0WEBP",
            b"RIFF\0\0\0\0WEBPVP8X",
            b"RIFF\0\0\0\0WEBPJUNK" + bytes(40),
        ],
    )
    def test_everything_else_is_unreadable(self, content: bytes) -> None:
        """A text, nothing at all, or a picture's first bytes alone are no photo."""
        with pytest.raises(PhotoUnreadable):
            read_header(content)


class TestCost:
    """Reading a header costs little, whatever the file does."""

    def test_scans_of_a_progressive_jpeg_are_counted(self, shot: Shot) -> None:
        """A scan that was copied a hundred times counts a hundred times."""
        content = shot(progressive=True)
        last = content.rindex(b"\xff\xda")
        before = read_header(content).scans
        repeated = content[:-2] + content[last:-2] * 100 + content[-2:]
        assert read_header(repeated).scans == before + 100

    def test_what_lies_behind_the_first_picture_does_not_count(self, shot: Shot) -> None:
        """Phones append previews and videos; their bytes are not the photo's scans."""
        content = shot()
        assert read_header(content + content + b"\xff\xda" * 500) == read_header(content) == Header(Format.JPEG, 64, 48)

    def test_endless_segments_are_refused(self, shot: Shot) -> None:
        """A JPEG made of nothing but tiny segments is no photo."""
        comments = b"\xff\xfe\0\x02" * (MAX_PARTS + 1)
        with pytest.raises(PhotoUnreadable):
            read_header(b"\xff\xd8" + comments + shot()[2:])

    def test_endless_chunks_are_refused(self, shot: Shot) -> None:
        """A PNG made of nothing but tiny chunks is no photo."""
        chunk = struct.pack(">I", 0) + b"teXt" + struct.pack(">I", zlib.crc32(b"teXt"))
        content = shot(form="PNG")
        with pytest.raises(PhotoUnreadable):
            read_header(content[:33] + chunk * (MAX_PARTS + 1) + content[33:])

"""From uploads to clean copies: what is refused, and that nothing else ever happens."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from citizen_gateway.kernel.errors import Problem
from citizen_gateway.media.errors import (
    PhotoFormatUnsupported,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoUnreadable,
)
from citizen_gateway.media.imaging import inspect_and_reencode, thumbnail
from citizen_gateway.media.model import FULL_SIDE, MAX_PIXELS, MAX_UPLOAD_BYTES, CleanPhoto

Shot = Callable[..., bytes]
MakeNotes = Callable[..., Image.Exif]


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG header with no picture behind it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def jpeg_that_claims(shot: Shot, width: int, height: int) -> bytes:
    """Return a JPEG whose header lies about its size."""
    content = bytearray(shot())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_that_claims(width: int, height: int) -> bytes:
    """Return an extended WebP header with no picture behind it."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x22\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + sides + bytes(16)


class TestRefused:
    """What is no photo is refused by a problem that says why."""

    def test_a_text_file_named_jpg(self) -> None:
        """A name makes no picture."""
        with pytest.raises(PhotoUnreadable):
            inspect_and_reencode("路上有个坑。".encode())

    def test_a_gif(self, shot: Shot) -> None:
        """A picture in another format is told apart from no picture."""
        with pytest.raises(PhotoFormatUnsupported):
            inspect_and_reencode(shot(form="GIF"))

    def test_too_many_bytes(self, shot: Shot) -> None:
        """A picture with a tail that makes it too large is refused, one byte less is not."""
        content = shot()
        padded = content + bytes(MAX_UPLOAD_BYTES - len(content))
        assert inspect_and_reencode(padded).width == 64
        with pytest.raises(PhotoTooLarge):
            inspect_and_reencode(padded + b"\0")

    @pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_cut_short(self, shot: Shot, form: str, cut: float) -> None:
        """A picture that ends too early is refused, not completed in grey."""
        content = shot((640, 480), form)
        with pytest.raises(PhotoUnreadable):
            inspect_and_reencode(content[: int(len(content) * cut)])


class TestBombs:
    """Small files that would become very large ones are refused by their header alone."""

    @pytest.mark.parametrize("size", [(65_000, 65_000), (8001, 8001), (2_000_000_000, 1)])
    def test_png(self, size: tuple[int, int]) -> None:
        """There is no picture behind this header, so it was the header that was refused."""
        with pytest.raises(PhotoTooManyPixels):
            inspect_and_reencode(png_that_claims(*size))

    def test_jpeg(self, shot: Shot) -> None:
        """A JPEG may claim four thousand megapixels."""
        with pytest.raises(PhotoTooManyPixels):
            inspect_and_reencode(jpeg_that_claims(shot, 65_000, 65_000))

    def test_webp(self) -> None:
        """A WebP canvas may claim 16384 pixels each way, and its decoder takes memory at once."""
        with pytest.raises(PhotoTooManyPixels):
            inspect_and_reencode(webp_that_claims(16_384, 16_384))

    def test_a_real_one(self) -> None:
        """Nine thousand pixels each way, all white, in a few kilobytes."""
        file = BytesIO()
        Image.new("1", (9000, 9000), 1).save(file, "PNG")
        assert len(file.getvalue()) < 50_000
        with pytest.raises(PhotoTooManyPixels):
            inspect_and_reencode(file.getvalue())

    def test_the_largest_allowed(self) -> None:
        """Exactly the limit passes."""
        file = BytesIO()
        Image.new("1", (8000, MAX_PIXELS // 8000), 1).save(file, "PNG")
        assert inspect_and_reencode(file.getvalue()).width == FULL_SIDE

    def test_a_progressive_jpeg_of_endless_scans(self, shot: Shot) -> None:
        """Each scan costs the decoder a visit to every pixel; a file of 300 kB could keep it busy for hours."""
        content = shot((2000, 2000), progressive=True)
        last = content.rindex(b"\xff\xda")
        with pytest.raises(PhotoTooManyPixels):
            inspect_and_reencode(content[:-2] + content[last:-2] * 400 + content[-2:])


def outcome(content: bytes) -> CleanPhoto | Problem:
    """Return the clean photo or the problem; whatever else is raised fails the test."""
    try:
        return inspect_and_reencode(content)
    except (PhotoUnreadable, PhotoFormatUnsupported, PhotoTooManyPixels, PhotoTooLarge) as problem:
        return problem


def assert_sound(result: CleanPhoto | Problem) -> None:
    """Assert that a photo that passed is whole."""
    if isinstance(result, CleanPhoto):
        assert 0 < max(result.width, result.height) <= FULL_SIDE
        assert Image.open(BytesIO(thumbnail(result.jpeg))).getexif() == {}


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of broken EXIF, which is the point here
class TestArbitraryBytes:
    """Whatever the bytes are, there is a clean photo or one of the four problems."""

    @given(
        content=st.binary(max_size=400), magic=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8"])
    )
    def test_noise(self, content: bytes, magic: bytes) -> None:
        """Noise is refused, also behind a picture's first bytes."""
        assert isinstance(outcome(magic + content), Problem)

    @settings(max_examples=300, deadline=None)
    @given(data=st.data(), form=st.sampled_from(["JPEG", "PNG", "WEBP"]))
    def test_damaged_pictures(self, shot: Shot, notes: MakeNotes, data: st.DataObject, form: str) -> None:
        """Real pictures with EXIF, of which some bytes changed and the end may be missing."""
        exif = notes((34.7, 113.6), "2026:11:22 09:30:00", 6)
        content = bytearray(shot((48, 32), form, exif=exif, **({"progressive": True} if form == "JPEG" else {})))
        places = st.integers(0, len(content) - 1) | st.integers(0, min(300, len(content) - 1))
        for at, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=12)):
            content[at] = value
        end = data.draw(st.just(len(content)) | places)
        assert_sound(outcome(bytes(content[:end])))

    @settings(max_examples=200, deadline=None)
    @given(edits=st.lists(st.tuples(st.integers(0, 250), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6))
    def test_damaged_notes(self, shot: Shot, notes: MakeNotes, edits: list[tuple[int, bytes]]) -> None:
        """Broken EXIF costs the position, never the picture."""
        raw = bytearray(notes((34.7, 113.6), "2026:11:22 09:30:00", 6).tobytes())
        for at, value in edits:
            raw[6 + at : 6 + at + len(value)] = value
        clean = outcome(shot(exif=bytes(raw)))
        assert {cast("CleanPhoto", clean).width, cast("CleanPhoto", clean).height} == {64, 48}

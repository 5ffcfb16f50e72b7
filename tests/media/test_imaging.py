"""From uploads to clean copies: what is accepted, and what comes out."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from citizen_gateway.media.imaging import inspect_and_reencode, thumbnail
from citizen_gateway.media.model import FULL_SIDE, THUMBNAIL_SIDE, CleanPhoto, hash_distance

Shot = Callable[..., bytes]
MakeNotes = Callable[..., Image.Exif]
Draw = Callable[..., Image.Image]
SQUARE = (34.7472, 113.6249)


def pixels(jpeg: bytes) -> Image.Image:
    """Decode a clean copy."""
    picture = Image.open(BytesIO(jpeg))
    picture.load()
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    return picture


def colour(clean: CleanPhoto, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a place given in parts of width and height."""
    found = pixels(clean.jpeg).getpixel((int(x * clean.width), int(y * clean.height)))
    assert isinstance(found, tuple)
    return found


def is_red(seen: tuple[int, ...]) -> bool:
    """Whether a colour is the red of the drawn quarter."""
    return seen[0] > 180 and max(seen[1:]) < 80


def segments(jpeg: bytes) -> list[int]:
    """Return the markers before the picture's data."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return found


class TestAccepted:
    """Every honest picture comes out as an RGB JPEG of the same look."""

    @pytest.mark.parametrize(
        ("form", "mode", "options"),
        [
            ("JPEG", "RGB", {}),
            ("JPEG", "RGB", {"progressive": True}),
            ("JPEG", "CMYK", {}),
            ("PNG", "RGB", {}),
            ("PNG", "RGBA", {}),
            ("PNG", "P", {}),
            ("WEBP", "RGB", {"quality": 90}),
            ("WEBP", "RGBA", {"lossless": True}),
        ],
    )
    def test_formats_and_colour_modes(self, shot: Shot, form: str, mode: str, options: dict[str, object]) -> None:
        """The red quarter is red, the rest is grey, and the size stays."""
        clean = inspect_and_reencode(shot((96, 64), form, mode, **options))
        assert (clean.width, clean.height) == pixels(clean.jpeg).size == (96, 64)
        assert is_red(colour(clean, 0.2, 0.2))
        assert max(colour(clean, 0.8, 0.8)) - min(colour(clean, 0.8, 0.8)) < 25

    @pytest.mark.parametrize("mode", ["L", "LA", "1"])
    def test_greys(self, shot: Shot, mode: str) -> None:
        """Black and white pictures stay so."""
        clean = inspect_and_reencode(shot((96, 64), "PNG", mode))
        assert pixels(clean.jpeg).size == (96, 64)

    def test_sixteen_bits_of_grey_keep_their_brightness(self) -> None:
        """A deep grey PNG is scaled, not cut off at 255."""
        file = BytesIO()
        Image.new("I;16", (32, 32), 0x8000).save(file, "PNG")
        assert abs(colour(inspect_and_reencode(file.getvalue()), 0.5, 0.5)[0] - 0x80) <= 2

    def test_what_is_transparent_becomes_white(self) -> None:
        """A clear pixel hides whatever colour it has."""
        file = BytesIO()
        Image.new("RGBA", (16, 16), (0, 200, 0, 0)).save(file, "PNG")
        assert min(colour(inspect_and_reencode(file.getvalue()), 0.5, 0.5)) > 250

    @pytest.mark.parametrize("form", ["PNG", "WEBP", "MPO"])
    def test_of_many_frames_the_first(self, form: str) -> None:
        """An animation, or a phone's picture with a second one behind it, is its first frame."""
        file = BytesIO()
        red, blue = Image.new("RGB", (32, 32), "red"), Image.new("RGB", (32, 32), "blue")
        red.save(file, form, save_all=True, append_images=[blue])
        assert is_red(colour(inspect_and_reencode(file.getvalue()), 0.5, 0.5))

    @pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000)])
    def test_odd_sizes(self, shot: Shot, size: tuple[int, int]) -> None:
        """A line of pixels stays a line when it is shortened."""
        clean = inspect_and_reencode(shot(size, "PNG"))
        assert min(clean.width, clean.height) == 1
        assert max(clean.width, clean.height) == min(max(size), FULL_SIDE)


class TestClean:
    """Nothing but pixels is kept."""

    def test_only_pictorial_segments_remain(self, shot: Shot, notes: MakeNotes) -> None:
        """EXIF, XMP, a comment, a colour profile and a tail behind the picture are all gone."""
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        given = shot(exif=notes(SQUARE), comment=b"secret", icc_profile=profile, xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
        clean = inspect_and_reencode(given + b"secret tail").jpeg
        assert set(segments(clean)) == {0xE0, 0xDB, 0xC0, 0xC4}
        assert not any(word in clean for word in (b"secret", b"Exif", b"ICC_PROFILE", b"Telephone"))

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_position_and_time_are_read_then_stripped(self, shot: Shot, notes: MakeNotes, form: str) -> None:
        """In every format the camera's notes are told once, and the copies carry none."""
        exif = notes(SQUARE, camera_time="2026:11:22 09:30:00")
        clean = inspect_and_reencode(shot(form=form, exif=exif))
        assert clean.position == pytest.approx(SQUARE, abs=1e-6)
        assert clean.taken_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
        assert not pixels(clean.jpeg).getexif()
        assert not pixels(thumbnail(clean.jpeg)).getexif()

    def test_words_in_a_png_do_not_survive(self, draw: Draw) -> None:
        """Text chunks go the way of all metadata."""
        info, file = PngInfo(), BytesIO()
        info.add_itxt("Comment", "secret")
        draw((32, 32)).save(file, "PNG", pnginfo=info)
        assert b"secret" not in inspect_and_reencode(file.getvalue()).jpeg

    @pytest.mark.parametrize(
        ("orientation", "corner"),
        [
            (1, (0.2, 0.2)),
            (2, (0.8, 0.2)),
            (3, (0.8, 0.8)),
            (4, (0.2, 0.8)),
            (5, (0.2, 0.2)),
            (6, (0.8, 0.2)),
            (7, (0.8, 0.8)),
            (8, (0.2, 0.8)),
        ],
    )
    def test_stands_upright(self, shot: Shot, notes: MakeNotes, orientation: int, corner: tuple[float, float]) -> None:
        """The red top left quarter comes to lie where the camera says, and the sides change places."""
        clean = inspect_and_reencode(shot((96, 64), exif=notes(orientation=orientation)))
        assert is_red(colour(clean, *corner))
        assert (clean.width, clean.height) == ((96, 64) if orientation < 5 else (64, 96))

    def test_colours_are_converted_by_the_profile(self, draw: Draw) -> None:
        """A profile in which red and green have changed places turns the red quarter green."""
        data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
        red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
        data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
        file = BytesIO()
        draw((96, 64)).save(file, "JPEG", icc_profile=bytes(data))
        seen = colour(inspect_and_reencode(file.getvalue()), 0.2, 0.2)
        assert seen[1] > 180 > seen[0]

    @pytest.mark.parametrize("profile", [b"\0", b"no profile at all", bytes(200)])
    def test_a_broken_profile_is_no_reason_to_refuse(self, shot: Shot, profile: bytes) -> None:
        """The colours are then taken as they are."""
        assert is_red(colour(inspect_and_reencode(shot(icc_profile=profile)), 0.2, 0.2))


class TestSizes:
    """Copies are as large as needed."""

    def test_large_photos_shrink(self, shot: Shot) -> None:
        """Twelve megapixels become one copy of 2560 and one of 480 on the long side."""
        clean = inspect_and_reencode(shot((4000, 3000)))
        assert (clean.width, clean.height) == (FULL_SIDE, 1920)
        assert pixels(thumbnail(clean.jpeg)).size == (THUMBNAIL_SIDE, 360)
        assert is_red(colour(clean, 0.2, 0.2))

    def test_small_photos_do_not_grow(self, shot: Shot) -> None:
        """A picture smaller than a thumbnail keeps its size in both copies."""
        clean = inspect_and_reencode(shot((100, 50)))
        assert pixels(thumbnail(clean.jpeg)).size == (clean.width, clean.height) == (100, 50)


class TestLikeness:
    """The perceptual hash knows a picture again."""

    def test_the_same_picture_resized_and_recompressed(self, shot: Shot) -> None:
        """Another size, format and quality differ in a few bits at most."""
        one = inspect_and_reencode(shot((1200, 900), quality=95))
        other = inspect_and_reencode(shot((640, 480), "WEBP", quality=40))
        assert hash_distance(one.perceptual_hash, other.perceptual_hash) <= 4

    def test_another_picture(self, draw: Draw) -> None:
        """The mirror image is far away."""
        hashes = []
        for picture in (draw((640, 480)), draw((640, 480)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
            file = BytesIO()
            picture.save(file, "PNG")
            hashes.append(inspect_and_reencode(file.getvalue()).perceptual_hash)
        assert hash_distance(*hashes) > 6

"""Pictures as phones make them, drawn here."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational


def _draw(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Draw a ramp of greys whose top left quarter is red, so that one sees which side is up."""
    ramp = Image.linear_gradient("L").resize(size)
    drawn = Image.merge("RGB", (ramp, ramp, ramp))
    drawn.paste((220, 30, 30), (0, 0, size[0] // 2, size[1] // 2))
    return drawn.convert(mode)


def _shot(size: tuple[int, int] = (64, 48), form: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    _draw(size, mode).save(file, form, **options)
    return file.getvalue()


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes = abs(degrees) % 1 * 60
    return (
        IFDRational(int(abs(degrees))),
        IFDRational(int(minutes)),
        IFDRational(round(minutes % 1 * 60 * 10_000), 10_000),
    )


def _notes(
    position: tuple[float, float] | None = None,
    camera_time: str | None = None,
    orientation: int | None = None,
    **gps: object,
) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "Telephone"
    if orientation is not None:
        exif[Base.Orientation] = orientation
    if camera_time is not None:
        stamp, _, offset = camera_time.partition("+")
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = stamp
        if offset:
            exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = f"+{offset}"
    satellite = exif.get_ifd(IFD.GPSInfo)
    if position is not None:
        satellite[GPS.GPSLatitudeRef] = "N" if position[0] >= 0 else "S"
        satellite[GPS.GPSLatitude] = _sexagesimal(position[0])
        satellite[GPS.GPSLongitudeRef] = "E" if position[1] >= 0 else "W"
        satellite[GPS.GPSLongitude] = _sexagesimal(position[1])
    for name, value in gps.items():
        satellite[GPS[name]] = value
    return exif


@pytest.fixture(scope="session")
def draw() -> Callable[..., Image.Image]:
    """Return what draws a picture of a size and a mode."""
    return _draw


@pytest.fixture(scope="session")
def shot() -> Callable[..., bytes]:
    """Return what makes a file of a size, a format and a mode; other options are those of Pillow."""
    return _shot


@pytest.fixture(scope="session")
def notes() -> Callable[..., Image.Exif]:
    """Return what makes EXIF of a position, a time and an orientation; other options are GPS tags by name."""
    return _notes

"""What the camera wrote beside the picture: which side is up, when, and where (EXIF 3.0, JEITA CP-3451)."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

import msgspec
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from citizen_gateway.media.model import CAMERA_ZONE

_YEARS = range(1990, 2100)
_UPRIGHT = 1


class Notes(msgspec.Struct, frozen=True):
    """What is of use; `orientation` is 1 to 8, `position` (latitude, longitude) in WGS-84."""

    orientation: int = _UPRIGHT
    taken_at: datetime | None = None
    position: tuple[float, float] | None = None


def read_notes(exif: Image.Exif) -> Notes:
    """Return what can be understood; a note that cannot be is as good as absent."""
    details = exif.get_ifd(IFD.Exif)
    satellite = exif.get_ifd(IFD.GPSInfo)
    orientation = exif.get(Base.Orientation, _UPRIGHT)
    return Notes(
        orientation if isinstance(orientation, int) and orientation in range(1, 9) else _UPRIGHT,
        _satellite_time(satellite) or _camera_time(details, CAMERA_ZONE),
        _position(satellite),
    )


def _camera_time(details: Mapping[int, object], zone: tzinfo) -> datetime | None:
    offset = _text(details.get(Base.OffsetTimeOriginal))
    stamp = _text(details.get(Base.DateTimeOriginal))
    try:
        local = datetime.strptime(stamp, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        if re.fullmatch(r"[+-]\d\d:\d\d", offset):
            local = datetime.strptime(f"{stamp} {offset}", "%Y:%m:%d %H:%M:%S %z")
    except ValueError:
        return None
    return local.astimezone(UTC) if local.year in _YEARS else None


def _satellite_time(satellite: Mapping[int, object]) -> datetime | None:
    """GPS time is UTC, so it needs no guess about the zone."""
    clock = _numbers(satellite.get(GPS.GPSTimeStamp))
    if clock is None:
        return None
    try:
        day = datetime.strptime(_text(satellite.get(GPS.GPSDateStamp)), "%Y:%m:%d").replace(tzinfo=UTC)
        moment = day.replace(hour=int(clock[0]), minute=int(clock[1]), second=int(clock[2]))
    except ValueError:
        return None
    return moment if moment.year in _YEARS else None


def _position(satellite: Mapping[int, object]) -> tuple[float, float] | None:
    """No position beats a wrong one: another datum than WGS-84, a receiver without a fix (0, 0), nonsense."""
    datum = re.sub(r"[\s_-]", "", _text(satellite.get(GPS.GPSMapDatum))).upper()
    if datum not in {"", "WGS84"}:
        return None
    latitude = _degrees(satellite.get(GPS.GPSLatitude), satellite.get(GPS.GPSLatitudeRef), "NS")
    longitude = _degrees(satellite.get(GPS.GPSLongitude), satellite.get(GPS.GPSLongitudeRef), "EW")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return None if latitude == longitude == 0 else (latitude, longitude)


def _degrees(value: object, reference: object, signs: str) -> float | None:
    parts, side = _numbers(value), _text(reference).upper()
    if parts is None or side not in tuple(signs):
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    return round(degrees if side == signs[0] else -degrees, 7)


def _numbers(value: object) -> tuple[float, float, float] | None:
    """Return three finite numbers, none of them negative."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        first, second, third = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return (first, second, third) if all(math.isfinite(n) and n >= 0 for n in (first, second, third)) else None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""

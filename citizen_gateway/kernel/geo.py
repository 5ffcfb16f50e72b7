"""Positions and their datums: everything is kept as WGS-84; maps made in China speak GCJ-02 or BD-09."""

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

import msgspec

_AXIS = 6_378_245.0  # Krasovsky 1940, on which GCJ-02 is defined
_ECCENTRICITY = 0.00669342162296594323
_EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius
_BAIDU_TURN = pi * 3000 / 180
_STEPS = 10

_Pair = tuple[float, float]


class Datum(StrEnum):
    """What a pair of degrees is measured in."""

    WGS84 = "wgs84"  # GPS
    GCJ02 = "gcj02"  # 国测局坐标: AMap, Tencent, WeChat, Google in China
    BD09 = "bd09"  # 百度坐标


class Point(msgspec.Struct, frozen=True):
    """A position in degrees, always WGS-84."""

    lat: float
    lon: float


def to_wgs84(lat: float, lon: float, datum: Datum = Datum.WGS84) -> Point:
    """Read a position given in `datum`; the inverse of the conversions below to far less than a millimetre.

    Raises ValueError where the two numbers are not a latitude and a longitude, as when they were swapped.
    """
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a position: latitude {lat}, longitude {lon}")
    if datum is Datum.BD09:
        lat, lon = _invert(_gcj02_to_bd09, lat, lon)
    if datum is not Datum.WGS84:
        lat, lon = _invert(_wgs84_to_gcj02, lat, lon)
    return Point(lat, lon)


def from_wgs84(point: Point, datum: Datum) -> tuple[float, float]:
    """Return latitude and longitude of `point` in `datum`."""
    if datum is Datum.WGS84:
        return point.lat, point.lon
    shifted = _wgs84_to_gcj02(point.lat, point.lon)
    return shifted if datum is Datum.GCJ02 else _gcj02_to_bd09(*shifted)


def distance_m(a: Point, b: Point) -> float:
    """Return metres along the great circle (haversine, ± 0.5 %)."""
    half_lat, half_lon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def offset(point: Point, metres: float, bearing: float) -> Point:
    """Return the point so many metres away, in degrees clockwise from north; for distances of a city (± 0.1 %)."""
    north, east = metres * cos(radians(bearing)), metres * sin(radians(bearing))
    degree = radians(1) * _EARTH_RADIUS_M
    return Point(point.lat + north / degree, point.lon + east / (degree * cos(radians(point.lat))))


def _invert(forward: Callable[[float, float], _Pair], lat: float, lon: float) -> _Pair:
    """Find what `forward` maps to (lat, lon); its shift changes so slowly that each step gains two to three digits."""
    guess_lat, guess_lon = lat, lon
    for _ in range(_STEPS):
        got_lat, got_lon = forward(guess_lat, guess_lon)
        guess_lat, guess_lon = guess_lat + lat - got_lat, guess_lon + lon - got_lon
    return guess_lat, guess_lon


def _wgs84_to_gcj02(lat: float, lon: float) -> _Pair:
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return lat, lon  # GCJ-02 is defined in this box only
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    phi = radians(lat)
    flat = 1 - _ECCENTRICITY * sin(phi) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat)) * pi / 180
    parallel = _AXIS / sqrt(flat) * cos(phi) * pi / 180
    return lat + north / meridian, lon + east / parallel


def _gcj02_to_bd09(lat: float, lon: float) -> _Pair:
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURN)
    return radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065

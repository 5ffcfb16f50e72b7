"""A storm: hundreds of people report what happens at some dozens of places, and who reported what is known (story 20).

Places are micro-grids of the city's pack, wordings those of its `storm.toml`. At each place several events happen, one
of them twice, some hundred metres apart; some people report something of their own.
"""

import math
import random
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from citizen_gateway.platform.failures import StartupError

_JITTER_M = 15.0  # of a phone's position among buildings
_DEGREE_M = 111_195.0
_APART_M = (150.0, 600.0)


class StormEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of event and how people word it; `{place}` is the community's name."""

    category: str
    wordings: tuple[str, ...]


class Apart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people say of something of their own."""

    wordings: tuple[str, ...]


class Wordings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`storm.toml`."""

    event: tuple[StormEvent, ...]
    apart: Apart


class StormPlace(msgspec.Struct, frozen=True):
    """Where something happens, and what people call it."""

    lat: float
    lon: float
    name: str


class StormReport(msgspec.Struct, frozen=True):
    """One report to be sent: of which event (a number), by which person, where, in what words."""

    event: int
    person: int
    lat: float
    lon: float
    text: str


def read_wordings(pack: Path) -> Wordings:
    """Read a pack's `storm.toml`. Raises `StartupError` where it has none or it cannot be read."""
    path = pack / "storm.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Wordings)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StartupError(f"The storm of the city pack cannot be read: {path}: {error}.") from error


def storm(wordings: Wordings, places: Sequence[StormPlace], reports: int, seed: int) -> list[StormReport]:
    """Return so many reports in a random order, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a storm that can be repeated
    made: list[StormReport] = []
    for event, (place, kind) in enumerate(_events(wordings, places, chance)):
        for _ in range(chance.choice((1, 2, 3, 6, 12)) if kind else 1):
            words = kind.wordings if kind else wordings.apart.wordings
            at = _moved(place, chance.gauss(0, _JITTER_M), chance.gauss(0, _JITTER_M))
            text = chance.choice(words).replace("{place}", place.name)
            made.append(StormReport(event, len(made), at.lat, at.lon, text))
            if len(made) == reports:
                chance.shuffle(made)
                return made
    raise RuntimeError("events do not end")


def _events(
    wordings: Wordings, places: Sequence[StormPlace], chance: random.Random
) -> Iterator[tuple[StormPlace, StormEvent | None]]:
    """Yield events without end: at each place two kinds, one of them again nearby, and something of somebody's own."""
    while True:
        for place in places:
            one, other = chance.sample(wordings.event, 2)
            turn, metres = chance.uniform(0, math.tau), chance.uniform(*_APART_M)
            yield place, one
            yield place, other
            yield _moved(place, metres * math.sin(turn), metres * math.cos(turn)), one
            yield place, None


def _moved(place: StormPlace, north: float, east: float) -> StormPlace:
    lon_m = _DEGREE_M * math.cos(math.radians(place.lat))
    return StormPlace(place.lat + north / _DEGREE_M, place.lon + east / lon_m, place.name)

"""What a city pack lets citizens say, for the demo and the benchmark."""

import tomllib
from pathlib import Path

import msgspec

from citizen_gateway.platform.failures import StartupError


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One complaint: the words, where (WGS-84) where it has a place, and how the city answers."""

    text: str
    reply: str
    place: str = ""
    lat: float | None = None
    lon: float | None = None


def read_stories(pack: Path) -> list[Story]:
    """Read a pack's stories. Raises `StartupError` where it has none or they cannot be read."""
    path = pack / "stories.toml"
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(found["story"], list[Story])
    except (OSError, KeyError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StartupError(f"The stories of the city pack cannot be read: {path}: {error}.") from error

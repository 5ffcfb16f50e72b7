"""What a line in the terminal means."""

from pathlib import Path

from citizen_bots.conversation import Photo, Place, Position, Words
from citizen_bots.texts import mark
from citizen_gateway_sdk import Datum

USAGE = mark("Write, or: /photo PATH · /place LAT LON [wgs84|gcj02|bd09] · /place WORDS · /quit")


class NotUnderstood(Exception):  # noqa: N818 - named by what happened
    """A line that is no message; `text` says why, with its fields."""

    def __init__(self, text: str, **fields: object) -> None:
        super().__init__(text)
        self.text = text
        self.fields = fields


def read_line(line: str) -> Words | Photo | Place | Position:
    """Return what the citizen sends by this line. Raises `NotUnderstood`."""
    text = line.strip()
    name, _, rest = text.partition(" ")
    match name:
        case "/photo":
            return _photo(rest.strip())
        case "/place":
            return _place(rest.strip())
        case _ if text.startswith("/"):
            raise NotUnderstood(USAGE)
    return Words(text)


def _photo(path: str) -> Photo:
    found = Path(path).expanduser()
    if not found.is_file():
        raise NotUnderstood(mark("There is no file {path}."), path=path)
    return Photo(str(found.absolute()))


def _place(text: str) -> Place | Position:
    lat, lon, *rest = *text.replace(",", " ").split(), "", ""
    degrees = _degrees(lat), _degrees(lon)
    datum = rest[0].lower() if rest else ""
    if degrees[0] is not None and degrees[1] is not None:
        if datum and datum not in set(Datum):
            raise NotUnderstood(USAGE)
        return Position(degrees[0], degrees[1], Datum(datum or Datum.WGS84))
    if not text:
        raise NotUnderstood(USAGE)
    return Place(text)


def _degrees(text: str) -> float | None:
    """Return the number, if it can be degrees at all; the gateway knows which are in the city."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -180 <= number <= 180 else None

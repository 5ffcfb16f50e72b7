"""What a line in the terminal means."""

from pathlib import Path

import pytest

from citizen_bots.console.reading import NotUnderstood, read_line
from citizen_bots.conversation import Photo, Place, Position, Words
from citizen_gateway_sdk import Datum


def test_a_line_is_words() -> None:
    """Whatever does not begin with a slash is written to the city."""
    assert read_line(" 路灯坏了 \n") == Words("路灯坏了")


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("/place 34.72 113.64", Position(34.72, 113.64, Datum.WGS84)),
        ("/place 34.72, 113.64 GCJ02", Position(34.72, 113.64, Datum.GCJ02)),
        ("/place 34.72,113.64 bd09", Position(34.72, 113.64, Datum.BD09)),
    ],
)
def test_two_numbers_are_a_position(line: str, position: Position) -> None:
    """Degrees come with their datum, that of satellites where none is named."""
    assert read_line(line) == position


@pytest.mark.parametrize("place", ["工三街", "12 Gongsan Street", "34.72", "nan nan", "1000 2000"])
def test_anything_else_is_a_place_in_words(place: str) -> None:
    """A place may begin with a number."""
    assert read_line(f"/place {place}") == Place(place)


def test_a_photo_is_a_file(tmp_path: Path) -> None:
    """The path may have blanks."""
    photo = tmp_path / "a lamp.jpg"
    photo.write_bytes(b"x")
    assert read_line(f"/photo {photo}") == Photo(str(photo))


@pytest.mark.parametrize(
    "line", ["/place", "/place 34.72 113.64 mars", "/photo", "/photo /nowhere.jpg", "/photo /", "/dance"]
)
def test_what_cannot_be_sent_is_refused(line: str) -> None:
    """A line that begins with a slash and is no message is never sent as words."""
    with pytest.raises(NotUnderstood):
        read_line(line)

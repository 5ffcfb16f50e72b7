"""What the camera wrote beside the picture."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from citizen_gateway.media.exif import Notes, read_notes

MakeNotes = Callable[..., Image.Exif]
SQUARE = (34.7472, 113.6249)  # 二七塔


def reread(exif: Image.Exif) -> Notes:
    """Read notes that went through their binary form."""
    copy = Image.Exif()
    copy.load(exif.tobytes())
    return read_notes(copy)


class TestPosition:
    """Where the camera was."""

    @pytest.mark.parametrize("position", [SQUARE, (-33.8568, 151.2153), (51.4779, -0.0015), (-0.1807, -78.4678)])
    def test_all_four_quarters_of_the_globe(self, notes: MakeNotes, position: tuple[float, float]) -> None:
        """Degrees, minutes and seconds become signed degrees, to a few centimetres."""
        assert reread(notes(position)).position == pytest.approx(position, abs=1e-6)

    @pytest.mark.parametrize("datum", ["WGS-84", "WGS84", "wgs 84", "WGS-84\0"])
    def test_the_usual_datum_in_any_spelling(self, notes: MakeNotes, datum: str) -> None:
        """A camera that names WGS-84 is believed."""
        assert reread(notes(SQUARE, GPSMapDatum=datum)).position is not None

    @pytest.mark.parametrize(
        "gps",
        [
            {"GPSMapDatum": "GCJ-02"},
            {"GPSMapDatum": "TOKYO"},
            {"GPSLatitudeRef": ""},
            {"GPSLatitudeRef": "NS"},
            {"GPSLatitude": (IFDRational(95), IFDRational(0), IFDRational(0))},
            {"GPSLatitude": (IFDRational(34), IFDRational(0, 0), IFDRational(0))},
            {"GPSLatitude": (IFDRational(34), IFDRational(12))},
            {"GPSLongitude": (IFDRational(181), IFDRational(0), IFDRational(0))},
        ],
    )
    def test_no_position_beats_a_wrong_one(self, notes: MakeNotes, gps: dict[str, object]) -> None:
        """Another datum, a missing half, or degrees that cannot be leave no position."""
        assert reread(notes(SQUARE, **gps)).position is None

    def test_a_receiver_without_a_fix(self, notes: MakeNotes) -> None:
        """Zero and zero is what cameras write that do not know."""
        assert reread(notes((0.0, 0.0))).position is None

    def test_no_notes_at_all(self) -> None:
        """A picture without EXIF has no position, no time, and stands upright."""
        assert read_notes(Image.Exif()) == Notes()


class TestTime:
    """When the picture was taken."""

    def test_satellite_time_is_preferred(self, notes: MakeNotes) -> None:
        """It is UTC, so nothing is guessed; the camera's own clock may stand at another zone."""
        clock = (IFDRational(1), IFDRational(2), IFDRational(3))
        exif = notes(SQUARE, "2026:11:22 18:00:00", GPSDateStamp="2026:11:22", GPSTimeStamp=clock)
        assert reread(exif).taken_at == datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)

    def test_the_camera_names_its_zone(self, notes: MakeNotes) -> None:
        """Local time with an offset becomes UTC by that offset."""
        assert reread(notes(camera_time="2026:11:22 09:30:00+09:00")).taken_at == datetime(
            2026, 11, 22, 0, 30, tzinfo=UTC
        )

    def test_the_camera_names_no_zone(self, notes: MakeNotes) -> None:
        """Local time without an offset is taken as China's."""
        assert reread(notes(camera_time="2026:11:22 09:30:00")).taken_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        "stamp", ["0000:00:00 00:00:00", "    :  :     :  :  ", "0001:01:01 00:00:00", "9999:12:31 23:59:59", "昨天"]
    )
    def test_clocks_never_set(self, notes: MakeNotes, stamp: str) -> None:
        """What is no plausible time is no time."""
        assert reread(notes(camera_time=stamp)).taken_at is None


class TestOrientation:
    """Which side is up."""

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_the_eight_of_the_standard(self, notes: MakeNotes, orientation: int) -> None:
        """Each of the eight is read as it is."""
        assert reread(notes(orientation=orientation)).orientation == orientation

    @pytest.mark.parametrize("orientation", [0, 9, 65535])
    def test_others_mean_upright(self, notes: MakeNotes, orientation: int) -> None:
        """A number outside the standard is no reason to turn anything."""
        assert reread(notes(orientation=orientation)).orientation == 1

"""Whether two reports tell of one event: pure comparisons."""

import re
from datetime import UTC, datetime
from math import isclose
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_gateway.city.joining import Evidence, Family, Joining
from citizen_gateway.city.model import CategoryCode
from citizen_gateway.intake.matching import Grid, Known, Sought, Voice, known_as, likeness, lock_of, voice
from citizen_gateway.kernel.geo import Point, distance_m
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.resources import resource
from citizen_nlp import analyse

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HERE = Point(34.72, 113.64)
BOUNDS = (112.7, 34.25, 114.23, 35.0)
LAMPS = Family("lamps", (CategoryCode("501"),), radius_m=120, days=14)
RULES = msgspec.toml.decode((resource("cities") / "zhengzhou" / "joining.toml").read_bytes(), type=Joining)
EVIDENCE: Evidence = RULES.evidence
MARKS = re.compile(RULES.marks)


def north(metres: float) -> Point:
    """Return a point so far north of here."""
    return Point(HERE.lat + metres / 111_195, HERE.lon)


def told(text: str) -> Voice:
    """Return what a caption tells."""
    return voice(analyse("", text), "501", text, MARKS)


def sought(text: str, point: Point | None = HERE, **more: object) -> Sought:
    """Return a report whose event is looked for."""
    plain = Sought(LAMPS, told(text), NOW, point, None, None, (), sure_at_all=True)
    return msgspec.structs.replace(plain, **more)


def known(text: str, point: Point | None = HERE, **more: object) -> Known:
    """Return an open ticket."""
    lat, lon = (point.lat, point.lon) if point else (None, None)
    plain = Known(TicketId(UUID(int=1)), "lamps", lat, lon, None, None, (told(text),), (), False, 1, NOW)
    return msgspec.structs.replace(plain, **more)


def score(one: Sought, other: Known) -> float:
    """Return how alike they are, 0 where they are not compared."""
    found = likeness(one, other, EVIDENCE)
    return found.score if found else 0.0


class TestLikeness:
    """Words, place and picture together."""

    def test_same_words_here_are_surely_one_event(self) -> None:
        """Nearly no doubt is left."""
        assert score(sought("路灯不亮"), known("路灯不亮")) > 0.95

    def test_nearness_and_words_each_add(self) -> None:
        """Farther or in other words is less sure; beyond the radius nothing is compared."""
        scores = [score(sought("路灯不亮", north(metres)), known("路灯不亮")) for metres in (0, 60, 119, 121)]
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] == 0
        assert score(sought("晚上摸黑走"), known("路灯不亮")) < scores[0]

    def test_same_words_at_the_edge_are_not_sure(self) -> None:
        """A general caption a hundred metres on may be the next lamp."""
        assert score(sought("路灯不亮", north(118)), known("路灯不亮")) < RULES.sure

    def test_another_category_of_the_family_is_less_sure(self) -> None:
        """Nearness alone says little where the categories differ."""
        other = msgspec.structs.replace(told("有个坑"), code="503")
        assert score(sought("晚上摸黑走", voice=other), known("路灯不亮")) < RULES.maybe

    def test_one_picture_needs_few_words(self) -> None:
        """Six bits apart is the same photo, resaved; a black night shows nothing."""
        picture = 0x5555_1234_ABCD_0F0F
        near = sought("照明没有了", north(70), photos=(picture ^ 0b111,))
        assert score(near, known("路灯不亮", photos=(picture,))) >= RULES.sure
        dark = sought("照明没有了", north(70), photos=(1,))
        assert score(dark, known("路灯不亮", photos=(1,))) < RULES.sure

    def test_numbers_of_buildings_contradict(self) -> None:
        """3号楼 is not 5号楼, however alike the rest is; one who names none contradicts nobody."""
        for text, apart in (("5号楼路灯不亮", True), ("3号楼路灯不亮", False), ("路灯不亮", False)):
            found = likeness(sought(text), known("3号楼路灯不亮"), EVIDENCE)
            assert found is not None
            assert found.apart is apart

    def test_a_place_in_words(self) -> None:
        """Without a pin the same name is near, the same community nearly, and no name is nowhere."""
        one, other = (
            sought("路灯不亮", None, phrase="a~x", community="c"),
            known("路灯不亮", None, phrase="a~x", community="c"),
        )
        assert score(one, other) >= RULES.sure
        assert score(one, other) > score(one, msgspec.structs.replace(other, phrase="a~y")) > 0
        assert likeness(sought("路灯不亮", None), known("路灯不亮", None), EVIDENCE) is None

    @settings(max_examples=100, deadline=None)
    @given(
        words=st.tuples(st.text(max_size=60), st.text(max_size=60)),
        metres=st.floats(0, 200),
        pictures=st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1)),
    )
    def test_any_two_reports(self, words: tuple[str, str], metres: float, pictures: tuple[int, int]) -> None:
        """Whatever is said, the score is between 0 and 1, and the same seen from either side."""
        one = sought(words[0], photos=pictures[:1]), known(words[1], north(metres), photos=pictures[1:])
        other = sought(words[1], north(metres), photos=pictures[1:]), known(words[0], photos=pictures[:1])
        assert 0 <= score(*one) <= 1
        assert isclose(score(*one), score(*other), abs_tol=0.001)


class TestGrid:
    """Squares in which what is near is found."""

    @settings(max_examples=200, deadline=None)
    @given(
        lat=st.floats(34.3, 34.95),
        lon=st.floats(112.8, 114.2),
        radius=st.sampled_from([60.0, 120.0, 600.0]),
        step=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    )
    def test_whatever_is_within_the_radius_is_in_a_square_around(
        self, lat: float, lon: float, radius: float, step: tuple[float, float]
    ) -> None:
        """Of two near points the one's square is always among the other's, and those are four at most."""
        family, grid = msgspec.structs.replace(LAMPS, radius_m=radius), Grid(BOUNDS)
        one = Point(lat, lon)
        other = Point(lat + step[0] * radius / 111_195, lon + step[1] * radius / 91_400)
        if distance_m(one, other) <= radius:
            assert grid.cell(family, other) in grid.around(family, one)
            assert grid.cell(family, one) in grid.around(family, other)
        assert grid.cell(family, one) in grid.around(family, one)
        assert len(grid.around(family, one)) <= 4

    def test_locks_are_the_same_in_every_process(self) -> None:
        """A number of 64 bits that depends on the place alone."""
        assert lock_of("lamps:1:2") == lock_of("lamps:1:2") != lock_of("lamps:1:3")
        assert -(2**63) <= lock_of("x") < 2**63


class TestKnownAs:
    """What is kept when one more report joins."""

    def test_a_new_wording_is_kept_while_there_is_room(self) -> None:
        """Repeating adds nothing; after so many wordings no more are kept; the count goes on."""
        event = known("路灯不亮")
        for text in ("路灯不亮", "路灯坏了", "晚上一片漆黑", "照明没有了", "灯杆上的灯灭了", "黑灯瞎火"):
            event = known_as(event, told(text), (5,), voices=3)
        assert len(event.voices) == 3
        assert (event.reports, event.photos) == (7, (5,))

    @pytest.mark.parametrize("text", ["", "🙂", "a" * 5000, "\u202e" * 50])
    def test_words_that_say_nothing(self, text: str) -> None:
        """They are compared with nothing, and nothing breaks."""
        assert score(sought(text), known("路灯不亮")) <= 0.81

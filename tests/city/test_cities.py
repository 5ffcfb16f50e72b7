"""The packs that are shipped: each is sound, and what its own examples.toml says of it is true."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
import shapely

from citizen_gateway.city.directory import Layer
from citizen_gateway.city.model import TREE, AreaCode, AreaLevel, CategoryCode
from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import coverage_of
from citizen_gateway.city.working_time import YearStatus
from citizen_gateway.kernel.geo import Point

CITIES = sorted(p.parent for p in (Path(__file__).resolve().parents[2] / "cities").glob("*/city.toml"))


class Place(msgspec.Struct):
    """A position and the areas it must lie in."""

    lat: float
    lon: float
    within: list[str]
    dedicated: str | None = None


class Phrase(msgspec.Struct):
    """A phrase and the areas it must mean."""

    text: str
    areas: list[str]


class Duty(msgspec.Struct):
    """A case and the department it must go to; none means a person decides."""

    category: CategoryCode
    area: AreaCode
    department: str | None = None


class Examples(msgspec.Struct):
    """What a pack claims of itself."""

    triage: list[str]
    counts: dict[AreaLevel, int]
    place: list[Place] = []
    phrase: list[Phrase] = []
    duty: list[Duty] = []


class Shipped(msgspec.Struct):
    """A shipped pack, made once for all tests."""

    pack: Pack
    city: City
    examples: Examples


@pytest.fixture(scope="module", params=CITIES, ids=lambda folder: folder.name)
def shipped(request: pytest.FixtureRequest) -> Shipped:
    """Load each pack there is."""
    folder: Path = request.param
    examples = msgspec.toml.decode((folder / "examples.toml").read_bytes(), type=Examples)
    pack = load_pack(folder)
    return Shipped(pack, City.from_pack(pack), examples)


class TestAreas:
    """The tree of areas."""

    def test_counts(self, shipped: Shipped) -> None:
        """As many areas of each level as the pack says."""
        assert Counter(row.level for row in shipped.pack.rows) == shipped.examples.counts

    def test_what_was_made_up_says_so(self, shipped: Shipped) -> None:
        """Only districts and zones are real here."""
        for row in shipped.pack.rows:
            assert row.synthetic is (row.level not in (AreaLevel.DISTRICT, AreaLevel.ZONE))

    def test_each_level_tiles_the_city(self, shipped: Shipped) -> None:
        """No level leaves gaps or overlaps, and every parent is as large as its children together."""
        areas = shapely.area(shipped.pack.polygons)
        sums: Counter[str] = Counter()
        sizes: dict[str, float] = {}
        for row, area in zip(shipped.pack.rows, areas.tolist(), strict=True):
            sizes[row.code] = area
            if row.parent and row.level in TREE:
                sums[row.parent] += area
        assert all(sums[code] == pytest.approx(sizes[code], rel=1e-9) for code in sums)
        assert shapely.is_valid(shipped.pack.polygons[[layer != Layer.NONE for layer in shipped.pack.layers]]).all()

    def test_places(self, shipped: Shipped) -> None:
        """Known places lie where they belong."""
        for place in shipped.examples.place:
            location = shipped.city.locate(Point(place.lat, place.lon))
            assert location is not None
            assert set(place.within) <= {area.code for area in location.areas}, place
            assert (location.dedicated.code if location.dedicated else None) == place.dedicated

    def test_every_area_is_found_at_its_own_point(self, shipped: Shipped) -> None:
        """The point that stands for an area lies in it (one in fifty is asked)."""
        for row in [row for row in shipped.pack.rows if row.level is AreaLevel.MICRO_GRID][::50]:
            location = shipped.city.locate(Point(row.lat, row.lon))
            assert location is not None
            assert location.areas[0].code == row.code

    def test_phrases(self, shipped: Shipped) -> None:
        """Phrases mean what people mean by them."""
        for phrase in shipped.examples.phrase:
            found = [place.area for place in shipped.city.find_place(phrase.text) if place.area]
            assert found == phrase.areas, phrase


class TestDuties:
    """Who answers for what."""

    def test_every_case_has_one_answer_or_is_known_to_need_a_person(self, shipped: Shipped) -> None:
        """All categories in all streets and dedicated areas."""
        found = coverage_of(shipped.city)
        assert found.complete
        assert found.settled == ()
        assert sorted({gap.category for gap in found.gaps}) == shipped.examples.triage

    def test_cases(self, shipped: Shipped) -> None:
        """Known cases go where they belong."""
        for case in shipped.examples.duty:
            answer = shipped.city.dispatch(case.category, shipped.city.location_of(case.area))
            assert answer.department == case.department, case
            assert answer.candidates

    def test_every_reason_is_worded_in_english_too(self, shipped: Shipped) -> None:
        """A reader without the city's language can follow."""
        for rule in shipped.city.rules.values():
            assert rule.reason["en"].isascii()


class TestCalendar:
    """Working time."""

    def test_this_year_is_announced(self, shipped: Shipped) -> None:
        """The present year's holidays are those of record."""
        assert shipped.city.calendar.year_status(2026) is YearStatus.ANNOUNCED

    def test_make_up_days_are_weekends(self, shipped: Shipped) -> None:
        """A day is only made up for on a day that would be off."""
        for year in shipped.city.settings.calendar.years.values():
            assert all(day.weekday() >= 5 for day in year.workdays)
            assert not set(year.workdays) & set(year.holidays)

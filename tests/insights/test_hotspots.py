"""Hot spots of recorded histories, with what they consist of."""

from datetime import date

from citizen_gateway.city.read_model import City
from citizen_gateway.insights.events import Excluded
from citizen_gateway.insights.hotspots import hotspots
from citizen_gateway.insights.questions import Selection
from tests.insights.conftest import STREET, ZONE, Chronicle, opened

DAY = Selection(date(2021, 6, 30), date(2021, 6, 30), ZONE.key)


async def clash(chronicle: Chronicle, count: int, *, excluded: bool = False) -> None:
    """Record so many tickets of one kind at one place around noon."""
    for number in range(count):
        history = [(f"2021-06-30 1{1 + number % 2}:{10 + number:02d}", opened(category="402"))]
        if excluded:
            history.append(("2021-06-30 20:00", Excluded("made up")))  # type: ignore[arg-type]
        await chronicle.tell(*history)
    await chronicle.read()


class TestBurst:
    """Couriers and guards clash around noon."""

    async def test_is_found_with_its_tickets_and_hours(self, chronicle: Chronicle, city: City) -> None:
        """Where, what, how many, against which past, and at which hours."""
        await chronicle.tell(("2021-06-09 12:00", opened(category="402")))
        await clash(chronicle, 8)
        (spot,) = await hotspots(chronicle.tx.conn, city, DAY, "en")
        assert (spot.area, spot.category, spot.observed, spot.days) == (STREET, "402", 8, 1)
        assert (spot.area_name, spot.category_name) == ("淮河路街道", "Illegal car parking")
        assert spot.past == (0, 0, 1, 0, 0, 0, 0, 0)
        assert spot.peak is not None
        assert (spot.peak.start, spot.peak.share) == (10, 1.0)
        assert len(spot.evidence) == 8
        assert {one.area for one in spot.evidence} == {STREET}

    async def test_in_another_area_is_not_shown(self, chronicle: Chronicle, city: City) -> None:
        """A district sees its own."""
        await clash(chronicle, 8)
        elsewhere = Selection(DAY.first, DAY.last, DAY.timezone, areas=frozenset({"410105"}))
        assert await hotspots(chronicle.tx.conn, city, elsewhere, "en") == []
        here = Selection(DAY.first, DAY.last, DAY.timezone, areas=frozenset({"410103"}))
        assert len(await hotspots(chronicle.tx.conn, city, here, "en")) == 1

    async def test_of_excluded_tickets_is_none(self, chronicle: Chronicle, city: City) -> None:
        """What is left out of the figures makes no hot spot."""
        await clash(chronicle, 8, excluded=True)
        assert await hotspots(chronicle.tx.conn, city, DAY, "en") == []

    async def test_of_few_is_none(self, chronicle: Chronicle, city: City) -> None:
        """Two make no burst."""
        await clash(chronicle, 2)
        assert await hotspots(chronicle.tx.conn, city, DAY, "en") == []

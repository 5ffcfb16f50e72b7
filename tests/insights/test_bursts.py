"""Which counts are more than the past explains."""

import random
from collections import defaultdict
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.insights.bursts import WEEKS, Above, Burst, Surroundings, Tally, find_bursts, tail

PLACES, TOPICS = 200, 70


def weekly(area: str, topic: str, counts: list[int], day: int = 0) -> list[Tally]:
    """Return the tallies of one cell: the present week first."""
    return [Tally(area, topic, week, day, count) for week, count in enumerate(counts) if count]


def bursts(tallies: list[Tally], above: Above | None = None, places: int = PLACES, topics: int = TOPICS) -> list[Burst]:
    """Look for bursts in a city that has no other tickets than these."""
    usual: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
    for tally in tallies:
        usual[tally.topic][tally.day] += tally.tickets if tally.week else 0
    peers = {tally.area: places for tally in tallies}
    return find_bursts(tallies, Surroundings(usual, peers, above or {}, places * topics))


class TestTail:
    """The upper tail of the negative binomial law."""

    @given(observed=st.integers(0, 40), shape=st.integers(1, 30), rate=st.integers(1, 10))
    def test_agrees_with_the_sum_over_what_is_less(self, observed: int, shape: int, rate: int) -> None:
        """For a whole shape the law has a closed form."""
        p = rate / (rate + 1)
        less = sum(comb(n + shape - 1, n) * p**shape * (1 - p) ** n for n in range(observed))
        assert tail(observed, shape, rate) == pytest.approx(1 - less, abs=1e-9)

    def test_far_out(self) -> None:
        """What is next to impossible has a probability still, not zero and not less."""
        assert 0 < tail(60, 0.05, 9) < 1e-40
        assert tail(100_000, 1e6, 9) == pytest.approx(1.0, abs=1e-6)

    @pytest.mark.parametrize("observed", [185, 188, 189, 190, 200, 5_000])
    def test_smaller_than_any_number(self, observed: int) -> None:
        """Many tickets where there never were any: so small a probability cannot be told, and is told all the same."""
        assert 0 < tail(observed, 0.001, 50) < 1e-280

    def test_as_good_as_certain(self) -> None:
        """The same below what is expected."""
        assert tail(1, 1e6, 9) == 1.0

    @given(observed=st.integers(1, 200), shape=st.floats(0.001, 500), rate=st.floats(0.5, 50))
    def test_more_is_rarer(self, observed: int, shape: float, rate: float) -> None:
        """And all of it is a probability."""
        more, less = tail(observed + 1, shape, rate), tail(observed, shape, rate)
        assert 0 <= more <= less + 1e-9 <= 1 + 1e-9


class TestFind:
    """Bursts among ordinary counts."""

    def test_a_burst_is_found(self) -> None:
        """Nine tickets where there was hardly one before."""
        (burst,) = bursts(weekly("a", "rubbish", [9, 0, 1, 0, 0, 0, 0, 0, 0]))
        assert (burst.area, burst.topic, burst.observed, burst.days) == ("a", "rubbish", 9, 1)
        assert burst.past == (0, 1, 0, 0, 0, 0, 0, 0)
        assert burst.expected < 0.2
        assert burst.p_value < burst.q_value < 0.001

    def test_what_was_always_so_is_none(self) -> None:
        """Forty a week are ordinary where there were forty a week."""
        assert bursts(weekly("a", "parking", [44, 40, 38, 41, 42, 39, 40, 37, 43])) == []

    def test_two_are_none(self) -> None:
        """Two tickets where there never was one are chance, or somebody's neighbour."""
        assert bursts(weekly("a", "sewer", [2])) == []

    def test_a_slow_burst_is_found_in_its_week(self) -> None:
        """Two a day are ordinary for a day, and not for a week."""
        present = [Tally("a", "noise", 0, day, 2) for day in range(7)]
        (burst,) = bursts([*present, *weekly("a", "noise", [0, 1, 0, 1, 0, 1])])
        assert (burst.days, burst.observed) == (7, 14)

    def test_mondays_are_compared_with_mondays(self) -> None:
        """A busy weekday is no burst if that weekday always was."""
        tallies = weekly("a", "vendors", [12] * (WEEKS + 1), day=0) + weekly("a", "vendors", [1] * (WEEKS + 1), day=3)
        assert bursts(tallies) == []

    def test_one_event_is_told_once(self) -> None:
        """A community's burst is its street's too; the place that explains it best is named."""
        counts = [12, 0, 0, 1, 0, 0, 0, 0, 0]
        quiet = weekly("street", "water", [0, 5, 4, 6, 5, 4, 5, 6, 5])
        tallies = weekly("community", "water", counts) + weekly("street", "water", counts) + quiet
        found = bursts(tallies, {"community": ["street", "district"]})
        assert [burst.area for burst in found] == ["community"]


class TestChance:
    """How often nothing is taken for something."""

    def test_ordinary_weeks_have_hardly_any(self) -> None:
        """In twenty ordinary weeks of two hundred cells each, all drawn by chance, at most two finds."""
        dice = random.Random(5)  # noqa: S311 - to draw what a test needs
        found = 0
        for _ in range(20):
            tallies = []
            for cell in range(200):
                mean = dice.choice([0.2, 1, 3, 8])
                for week in range(WEEKS + 1):
                    count = sum(dice.random() < mean / 20 for _ in range(20))
                    tallies.append(Tally(f"a{cell}", "t", week, 0, count))
            found += len(bursts(tallies, places=200, topics=1))
        assert found <= 2

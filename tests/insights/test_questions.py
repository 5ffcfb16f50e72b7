"""The figures of a period: each thing on its day, before and after exclusion, told apart in every way."""

from datetime import date

import msgspec
import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import questions
from citizen_gateway.insights.events import Excluded
from citizen_gateway.insights.figures import BeforeAfter, Grouping, Numbers
from citizen_gateway.insights.questions import Selection
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets import events as told
from tests.insights.conftest import BUREAU, OTHER, ZONE, Chronicle, assigned, opened

SPRING = Selection(date(2021, 3, 1), date(2021, 3, 31), ZONE.key)
"""A month before anything that other tests record."""


async def month(chronicle: Chronicle) -> None:
    """Record one month: three tickets, of which one is excluded."""
    await chronicle.tell(
        ("2021-03-01 09:00", opened()),
        assigned("2021-03-01 09:00"),
        ("2021-03-01 09:20", told.Accepted()),
        ("2021-03-01 11:00", told.Resolved("done", ())),
        ("2021-03-02 08:00", Rated(contacted=True, solved="solved", satisfied=5)),
        ("2021-03-02 09:00", Rated(contacted=True, solved="partly", satisfied=3)),
    )
    await chronicle.tell(
        ("2021-03-02 09:00", opened("410105", "501", channel="wechat")),
        assigned("2021-03-02 09:00", OTHER),
        ("2021-03-02 09:10", told.Returned(OTHER, "not_our_area", "map", (), 1)),
        assigned("2021-03-02 10:00", BUREAU, kind=told.Arbitrated),
        ("2021-03-02 10:40", told.Accepted()),
        ("2021-03-02 19:00", told.Resolved("done", ())),
        ("2021-03-03 09:00", Rated(contacted=False, solved="not", satisfied=1)),
        assigned("2021-03-03 09:00", BUREAU, kind=told.Reopened),
        ("2021-03-03 09:10", Excluded("made in anger")),
    )
    await chronicle.tell(
        ("2021-03-31 23:59", opened(None, None, channel=None)), ("2021-04-01 00:00", told.Rejected("x"))
    )
    await chronicle.read()


async def ask(chronicle: Chronicle, by: Grouping | None = None, *codes: str, **more: object) -> dict[str, BeforeAfter]:
    """Ask for the month's figures."""
    return await questions.figures(chronicle.tx.conn, msgspec.structs.replace(SPRING, **more), by, codes)


class TestTotal:
    """Everything of a month."""

    async def test_before_exclusion(self, chronicle: Chronicle) -> None:
        """Hand-counted."""
        await month(chronicle)
        both = (await ask(chronicle))[""]
        found = both.before
        assert (found.opened, found.rejected, found.accepted, found.answered) == (3, 1, 2, 2)
        assert (found.returned, found.reopened, found.accept_overdue, found.resolve_overdue) == (1, 1, 1, 1)
        assert (found.rated, found.solved, found.partly_solved, found.satisfied) == (3, 1, 1, 2)
        assert (found.rates.response, found.rates.solution, found.rates.satisfaction) == (0.5, 0.333333, 0.666667)
        assert found.acceptance.elapsed.median == 0.5
        assert found.acceptance.elapsed.p90 == pytest.approx(0.6333, abs=1e-4)
        assert (found.handling.elapsed.mean, found.handling.working.mean) == (5.5, 4.5)
        assert both.excluded == 1

    async def test_after_exclusion(self, chronicle: Chronicle) -> None:
        """As if the excluded ticket had not been."""
        await month(chronicle)
        found = (await ask(chronicle))[""].after
        assert (found.opened, found.answered, found.returned, found.reopened, found.rated) == (2, 1, 0, 0, 2)
        assert (found.rates.response, found.rates.solution, found.rates.satisfaction) == (1.0, 0.5, 1.0)

    async def test_of_nothing(self, chronicle: Chronicle) -> None:
        """A period in which nothing happened has no rates and no times."""
        found = (await ask(chronicle, first=date(2020, 1, 1), last=date(2020, 1, 2)))[""].before
        assert (found.opened, found.rates.response, found.handling.elapsed.median) == (0, None, None)


class TestMidnight:
    """Days are the city's."""

    async def test_both_ends_are_in(self, chronicle: Chronicle) -> None:
        """The last minute of the last day counts, the first of the next does not."""
        await month(chronicle)
        assert (await ask(chronicle, first=date(2021, 3, 31)))[""].before.opened == 1
        assert (await ask(chronicle, first=date(2021, 4, 1), last=date(2021, 4, 1)))[""].before.opened == 0


class TestContact:
    """响应率: contacted in time of those answered."""

    @pytest.mark.parametrize(
        ("accepted", "contacted", "response"),
        [
            ("09:30", [], 1.0),  # at the limit, and nobody says otherwise
            ("09:31", [], 0.0),
            ("09:10", [True, False], 1.0),  # one in two is not most
            ("09:10", [True, False, False], 0.0),
            ("09:31", [True, True], 0.0),
        ],
    )
    async def test_in_time_and_not_denied(
        self, chronicle: Chronicle, accepted: str, contacted: list[bool], response: float
    ) -> None:
        """Accepted within the limit, and most of those who rated do not deny it."""
        await chronicle.tell(
            ("2021-03-01 09:00", opened()),
            assigned("2021-03-01 09:00"),
            (f"2021-03-01 {accepted}", told.Accepted()),
            ("2021-03-01 11:00", told.Resolved("done", ())),
            *(("2021-03-02 08:00", Rated(contacted=yes, solved="solved", satisfied=5)) for yes in contacted),
        )
        await chronicle.read()
        assert (await ask(chronicle))[""].before.rates.response == response


class TestSelection:
    """Some of the tickets."""

    @pytest.mark.parametrize(
        ("more", "opened_", "answered", "rated"),
        [
            ({"departments": frozenset({BUREAU})}, 2, 2, 3),
            ({"departments": frozenset({OTHER})}, 0, 0, 0),
            ({"areas": frozenset({"410103"})}, 1, 1, 2),
            ({"areas": frozenset({"410105"})}, 1, 1, 1),
            ({"category": "501"}, 0, 0, 0),
            ({"category": "101"}, 2, 2, 3),
            ({"channel": "wechat"}, 1, 1, 1),
        ],
    )
    async def test_counts_only_those(
        self, chronicle: Chronicle, more: dict[str, object], opened_: int, answered: int, rated: int
    ) -> None:
        """A department's own turns and votes; the place, category and channel of the ticket."""
        await month(chronicle)
        found: Numbers = (await ask(chronicle, **more))[""].before
        assert (found.opened, found.answered, found.rated) == (opened_, answered, rated)

    async def test_a_return_is_of_who_returned(self, chronicle: Chronicle) -> None:
        """Not of who has the ticket now."""
        await month(chronicle)
        assert (await ask(chronicle, departments=frozenset({OTHER})))[""].before.returned == 1
        assert (await ask(chronicle, departments=frozenset({BUREAU})))[""].before.returned == 0


class TestGroups:
    """Figures told apart add up to the whole."""

    @pytest.mark.parametrize("by", [g for g in Grouping if g is not Grouping.AREA])
    async def test_sum(self, chronicle: Chronicle, by: Grouping) -> None:
        """Nothing is counted twice or lost."""
        await month(chronicle)
        total, groups = (await ask(chronicle))[""], await ask(chronicle, by)
        for name in ("opened", "answered", "rated", "returned", "resolve_overdue"):
            assert sum(getattr(g.before, name) for g in groups.values()) == getattr(total.before, name)
            assert sum(getattr(g.after, name) for g in groups.values()) == getattr(total.after, name)

    @pytest.mark.parametrize(
        ("by", "keys"),
        [
            (Grouping.DAY, ["2021-03-01", "2021-03-02", "2021-03-03", "2021-03-31"]),
            (Grouping.WEEK, ["2021-W09", "2021-W13"]),
            (Grouping.MONTH, ["2021-03"]),
            (Grouping.CHANNEL, ["", "app", "wechat"]),
            (Grouping.DEPARTMENT, ["", BUREAU, OTHER]),
        ],
    )
    async def test_keys(self, chronicle: Chronicle, by: Grouping, keys: list[str]) -> None:
        """The city's days; the empty key is what has none."""
        await month(chronicle)
        assert list(await ask(chronicle, by)) == keys

    async def test_several_ways_at_once(self, chronicle: Chronicle) -> None:
        """Reading the tickets once gives what reading them for each way gives."""
        await month(chronicle)
        ways = (Grouping.DEPARTMENT, Grouping.CATEGORY, Grouping.CHANNEL, Grouping.DAY)
        found = await questions.figures_by_each(chronicle.tx.conn, SPRING, ways)
        assert found[None] == await ask(chronicle)
        for by in ways:
            assert found[by] == await ask(chronicle, by)

    async def test_areas_of_several_levels(self, chronicle: Chronicle, city: City) -> None:
        """A ticket counts in each of the areas it lies in, and in no other."""
        await month(chronicle)
        found = await ask(chronicle, Grouping.AREA, "410103", "410103001", "410105", "410106")
        assert {key: both.before.opened for key, both in found.items()} == {"410103": 1, "410103001": 1, "410105": 1}
        assert city.areas

"""The read model made anew is the one that grew: after hand-made and after random histories."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import questions, recounting, store
from citizen_gateway.insights.events import Excluded, Included
from citizen_gateway.insights.questions import Selection
from citizen_gateway.kernel.ids import uuid7
from citizen_gateway.platform.db import Pool, Transaction, begin
from citizen_gateway.platform.events import Event, Happening, Head, read_on, record
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets import events as told
from citizen_gateway.tickets.clock_events import Overdue
from tests.insights.conftest import BUREAU, OTHER, STREET, dump, opened

START = datetime(2025, 1, 6, 1, tzinfo=UTC)
LIMITS = START + timedelta(days=2), START + timedelta(days=9)
REPORTS = (UUID(int=1), UUID(int=2))
MODEST = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

things = st.sampled_from(
    [
        told.Assigned(BUREAU, "101", "r", *LIMITS),
        told.Arbitrated(OTHER, "102", "r", *LIMITS),
        told.Transferred(OTHER, "101", "r", *LIMITS, from_department=BUREAU),
        told.Reopened(BUREAU, "101", "r", *LIMITS, cause="center"),
        told.Accepted(),
        told.Started(),
        told.Returned(BUREAU, "unclear", "e", (), 1),
        told.Asked("q", LIMITS[0]),
        told.Held("r", LIMITS[1]),
        told.Resumed("answered", LIMITS[1] + timedelta(days=3)),
        told.Extended("r", LIMITS[1] + timedelta(days=5)),
        told.Resolved("done", ()),
        told.Closed("over"),
        told.Rejected("law"),
        told.Withdrawn("w"),
        told.Merged(uuid4(), "n", "r", REPORTS),
        told.Unmerged(uuid4(), "n", "r", REPORTS),
        told.Absorbed(uuid4(), "n", REPORTS),
        told.Joined(uuid4()),
        told.Urged(),
        told.Supervised("city", "r"),
        Overdue("accept", LIMITS[0]),
        told.Verified(done=False, note="n"),
        Rated(contacted=True, solved="solved", satisfied=4),
        Rated(contacted=False, solved="not", satisfied=1),
        Excluded("r"),
        Included("r"),
    ]
)
histories = st.lists(st.lists(st.tuples(st.integers(0, 5000), things), max_size=14), min_size=1, max_size=6)


async def tell(pool: Pool, histories_: list[list[tuple[int, Happening]]]) -> None:
    """Commit histories whose events lie mixed up in the log, each so many minutes behind the one before."""
    streams = [(uuid7(START), iter([(0, opened(STREET)), *history])) for history in histories_]
    heads: dict[UUID, tuple[Head, datetime]] = {}
    dice = random.Random(len(histories_))  # noqa: S311 - for the order of a test
    while streams:
        stream, history = dice.choice(streams)
        step = next(history, None)
        if step is None:
            streams.remove((stream, history))
            continue
        head, last = heads.get(stream, (Head(), START))
        moment = last + timedelta(minutes=step[0])
        async with begin(pool, moment) as tx:
            heads[stream] = (await record(tx, stream, head, [step[1].as_fact()]), moment)


async def catch_up(pool: Pool, city: City) -> None:
    """Let the live reader see everything."""

    async def count(tx: Transaction, event: Event) -> None:
        await recounting.on_event(tx, city, event)

    while await read_on(pool, store.READER, count, START, limit=1000):
        pass


async def made_anew(pool: Pool, city: City) -> recounting.Recount:
    """Make the read model anew, and commit it."""
    async with begin(pool, START) as tx:
        return await recounting.recompute(tx, city)


class TestRecompute:
    """`citizen-gateway insights recompute`."""

    @MODEST
    @given(told_=histories)
    async def test_gives_what_grew(self, pool: Pool, city: City, told_: list[list[tuple[int, Happening]]]) -> None:
        """After any history, legal or not: every row and every figure is the same."""
        year = Selection(START.date(), START.date() + timedelta(days=370), city.timezone)
        await tell(pool, told_)
        await catch_up(pool, city)
        async with begin(pool, START) as tx:
            grown, figures = await dump(tx), await questions.figures(tx.conn, year)
        await made_anew(pool, city)
        async with begin(pool, START) as tx:
            assert await dump(tx) == grown
            assert await questions.figures(tx.conn, year) == figures

    async def test_from_nothing(self, pool: Pool, city: City) -> None:
        """An empty read model is filled, whatever the live reader had seen; it goes on behind."""
        await tell(pool, [[(5, told.Assigned(BUREAU, "101", "r", *LIMITS))]])
        async with begin(pool, START) as tx:
            await store.clear(tx.conn)
        count = await made_anew(pool, city)
        async with begin(pool, START) as tx:
            filled = await dump(tx)
        assert count.tickets == len(filled["insight_case"]) > 0
        await catch_up(pool, city)
        await tell(pool, [[]])
        await catch_up(pool, city)
        async with begin(pool, START) as tx:
            assert len((await dump(tx))["insight_case"]) == count.tickets + 1

    async def test_that_fails_changes_nothing(self, pool: Pool, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        """The figures stay as they were, and so does the live reader's place."""
        await tell(pool, [[]])
        await catch_up(pool, city)
        async with begin(pool, START) as tx:
            before = await dump(tx)

        def stumble(*_arguments: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(recounting, "fold", stumble)
        with pytest.raises(ZeroDivisionError):
            await made_anew(pool, city)
        monkeypatch.undo()
        async with begin(pool, START) as tx:
            assert await dump(tx) == before
        await catch_up(pool, city)
        async with begin(pool, START) as tx:
            assert await dump(tx) == before

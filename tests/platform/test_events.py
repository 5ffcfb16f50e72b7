"""The event log: what is recorded, how a changed past shows, and where it is kept."""

import asyncio
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_gateway.platform.actor import Actor, ActorKind
from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.events import (
    Fact,
    Happening,
    Head,
    ensure_partitions,
    erase_words,
    first_broken_link,
    happening,
    record,
    stream_events,
)


class Whispered(Happening, frozen=True):
    """Somebody said something that only some may read."""

    name: ClassVar[str] = "test.whispered"
    private: ClassVar[tuple[str, ...]] = ("words",)

    words: str
    to: str


FACTS = [
    Fact("test.opened", {"category": "积水", "at": [34.75, 113.62]}),
    Fact("test.noted", {"note": "内部"}, public=False),
    Fact("test.closed", {"reply": None, "count": 3}),
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e15, 1e15).map(lambda number: number + 0.0)  # no negative zero, which numeric does not know
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=1)), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture
async def stream(tx: Transaction) -> UUID:
    """Return a stream of three events by a citizen."""
    made = uuid4()
    citizen = Transaction(tx.conn, tx.now, Actor(ActorKind.CITIZEN, uuid4()))
    await record(citizen, made, Head(), FACTS)
    return made


class TestRecord:
    """What is recorded is read back as it was."""

    async def test_versions_count_up_from_the_head(self, tx: Transaction) -> None:
        """Facts of two calls follow each other, and the head is the last one."""
        stream = uuid4()
        head = await record(tx, stream, Head(), FACTS[:2])
        head = await record(tx, stream, head, FACTS[2:])
        events = await stream_events(tx.conn, stream, public_only=False)
        assert [(event.version, event.type, event.data) for event in events] == [
            (version, fact.type, fact.data) for version, fact in enumerate(FACTS, start=1)
        ]
        assert head.version == 3
        assert {event.at for event in events} == {tx.now}

    async def test_two_writers_of_one_version(self, tx: Transaction) -> None:
        """Whoever writes behind a head that is no longer the last leaves a chain that shows it."""
        stream = uuid4()
        await record(tx, stream, Head(), FACTS[:1])
        await record(tx, stream, Head(), FACTS[1:2])
        assert await first_broken_link(tx.conn, stream) == 1

    async def test_who_did_it(self, tx: Transaction, stream: UUID) -> None:
        """The actor's kind and id are part of the event."""
        event = (await stream_events(tx.conn, stream, public_only=False))[-1]
        assert (event.actor_kind, event.actor_id is None) == (ActorKind.CITIZEN, False)

    async def test_citizens_see_the_public_part(self, tx: Transaction, stream: UUID) -> None:
        """An internal note is left out."""
        public = await stream_events(tx.conn, stream, public_only=True)
        assert [event.version for event in public] == [1, 3]

    async def test_an_empty_stream(self, tx: Transaction) -> None:
        """A stream nobody wrote has no events and no broken link."""
        stream = uuid4()
        assert await stream_events(tx.conn, stream, public_only=False) == []
        assert await first_broken_link(tx.conn, stream, Head()) is None


class TestChain:
    """A changed past shows."""

    async def test_an_untouched_past(self, tx: Transaction, stream: UUID) -> None:
        """The chain of what was really recorded holds, also in a session of another time zone."""
        assert await first_broken_link(tx.conn, stream) is None
        await tx.conn.execute("set local time zone 'Asia/Shanghai'")
        assert await first_broken_link(tx.conn, stream) is None

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.dictionaries(st.sampled_from("abcde"), JSON))
    async def test_any_data(self, tx: Transaction, data: dict[str, object]) -> None:
        """Whatever JSON is recorded, what the database gives back is what was hashed."""
        stream = uuid4()
        head = await record(tx, stream, Head(), [Fact("test.any", data)])
        assert await first_broken_link(tx.conn, stream, head) is None

    @pytest.mark.parametrize(
        "change",
        [
            "id = gen_random_uuid()",
            "version = 20",
            "type = 'test.other'",
            "at = at + interval '1 microsecond'",
            "actor_kind = 'staff'",
            "actor_id = gen_random_uuid()",
            "actor_id = null",
            "public = true",
            'data = data || \'{"note": "公开"}\'',
            "data = '{}'",
            "previous_hash = hash",
            "hash = previous_hash",
        ],
    )
    async def test_every_changed_column(self, tx: Transaction, stream: UUID, change: str) -> None:
        """One column of the second event changed breaks the chain there, or where its place is empty."""
        await tx.conn.execute(f"update event set {change} where stream = $1 and version = 2", stream)
        assert await first_broken_link(tx.conn, stream) in {2, 3}

    async def test_an_event_moved_to_another_stream(self, tx: Transaction, stream: UUID) -> None:
        """An event belongs to its stream."""
        other = uuid4()
        await tx.conn.execute("update event set stream = $2 where stream = $1 and version = 1", stream, other)
        assert await first_broken_link(tx.conn, stream) == 2
        assert await first_broken_link(tx.conn, other) == 1

    @pytest.mark.parametrize(("removed", "broken"), [(1, 2), (2, 3), (3, 3)])
    async def test_every_removed_event(self, tx: Transaction, removed: int, broken: int) -> None:
        """An event taken out breaks the chain behind it; the last one is missed by whoever kept the head."""
        stream = uuid4()
        head = await record(tx, stream, Head(), FACTS)
        await tx.conn.execute("delete from event where stream = $1 and version = $2", stream, removed)
        assert await first_broken_link(tx.conn, stream, head) == broken

    async def test_a_rewritten_past(self, tx: Transaction) -> None:
        """A whole new chain that holds in itself is not the one whose head was kept."""
        stream = uuid4()
        head = await record(tx, stream, Head(), FACTS)
        await tx.conn.execute("delete from event where stream = $1", stream)
        await record(tx, stream, Head(), FACTS)
        assert await first_broken_link(tx.conn, stream) is None
        assert await first_broken_link(tx.conn, stream, head) == 3


class TestPartitions:
    """Growing tables have a partition for each month."""

    async def test_asking_twice_makes_nothing_new(self, tx: Transaction) -> None:
        """Each partitioned table there is gets its months; asking again makes nothing new."""
        later = tx.now.replace(year=2031)
        assert {"event_203111", "event_203112"} <= set(await ensure_partitions(tx.conn, later, months=2))
        assert await ensure_partitions(tx.conn, later, months=2) == []

    async def test_events_go_to_their_month(self, tx: Transaction) -> None:
        """An event lies in the partition of the month it happened in, also over the turn of a year."""
        december = tx.now.replace(year=2033, month=12, day=31, hour=23, minute=59)
        january = december.replace(year=2034, month=1, day=1, hour=0, minute=0)
        await ensure_partitions(tx.conn, december, months=2)
        for moment, partition in ((december, "event_203312"), (january, "event_203401")):
            stream = uuid4()
            await record(Transaction(tx.conn, moment), stream, Head(), FACTS[:1])
            assert await tx.conn.fetchval(f"select count(*) from {partition} where stream = $1", stream) == 1

    async def test_processes_that_start_together_share_the_work(self, pool: Pool, tx: Transaction) -> None:
        """Of four processes that ask at the same time each partition is made by one, and none of them fails."""

        async def ask() -> list[str]:
            async with pool.acquire() as conn:
                return await ensure_partitions(conn, tx.now.replace(year=2032), months=2)

        made = [name for names in await asyncio.gather(*(ask() for _ in range(4))) for name in names]
        assert len(made) == len(set(made)) >= 2


class TestErasedWords:
    """What a citizen wrote can be taken out of the past."""

    async def test_the_chain_stays_whole_without_them(self, tx: Transaction) -> None:
        """Their hash stays in their place; erasing again changes nothing, and other members are left alone."""
        stream = uuid4()
        told = [Whispered("我家住三楼", "center").as_fact(), FACTS[0], Whispered("", "nobody").as_fact()]
        head = await record(tx, stream, Head(), told)
        for _ in range(2):
            await erase_words(tx.conn, stream, [1, 2, 3])
            assert await first_broken_link(tx.conn, stream, head) is None
        events = await stream_events(tx.conn, stream, public_only=False)
        assert happening(events[0]) == Whispered("", "center")
        assert events[1].data == FACTS[0].data
        kept = await tx.conn.fetchval("select string_agg(data::text, '') from event where stream = $1", stream)
        assert "三楼" not in kept

    @pytest.mark.parametrize(
        "change",
        [
            """jsonb_set(data, '{words}', '"我家住四楼"')""",
            """jsonb_set(data, '{words}', '""')""",
            """data || '{"words": "", "erased": {"words": "00"}}'""",
            """jsonb_set(data, '{to}', '"nobody"')""",
        ],
    )
    async def test_nothing_else_passes_for_an_erasure(self, tx: Transaction, change: str) -> None:
        """Other words, no words, a made-up hash, another member."""
        stream = uuid4()
        await record(tx, stream, Head(), [Whispered("我家住三楼", "center").as_fact()])
        assert await first_broken_link(tx.conn, stream) is None
        await tx.conn.execute(f"update event set data = {change} where stream = $1", stream)
        assert await first_broken_link(tx.conn, stream) == 1

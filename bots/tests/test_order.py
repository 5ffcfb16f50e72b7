"""A citizen's messages in any order, delivered again, worked by processes that die: one report, one answer each."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_bots.conversation import Photo, Place, State, Words, dump, load
from citizen_bots.host.channel import Incoming, Outgoing, Who
from citizen_bots.host.store import Entry, Store, Work, message_of, open_store
from citizen_bots.host.worker import Worker
from citizen_gateway.cli.running import Running

from .chat import HERE, FakeGateway
from .wechat_stand import own_database

PARTS = {"words": Words("The light is broken"), "place": Place("Gongsan Street"), "point": HERE, "photo": Photo("ref")}


class Killed(BaseException):
    """A process that ends at once, as by kill -9: nothing catches it."""


class Mortal(Store):
    """A store whose process dies before or after some of its commits."""

    deaths: list[str]

    async def commit(
        self, who: Who, work: Work, done: Sequence[Entry], state: bytes, messages: Sequence[Outgoing]
    ) -> tuple[bool, Work] | None:
        """Commit, or die before it or after it."""
        death = self.deaths.pop() if self.deaths else "none"
        if death == "before":
            raise Killed
        committed = await super().commit(who, work, done, state, messages)
        if death == "after":
            raise Killed
        return committed


@pytest.fixture(scope="module")
def valkey(city: Running) -> str:
    """Return the address of a Valkey of one's own."""
    return own_database(city)


@pytest.fixture
async def store(valkey: str) -> AsyncIterator[Mortal]:
    """Connect."""
    opened = await open_store(valkey)
    yield Mortal(opened.valkey)
    await opened.valkey.aclose()


async def live(store: Mortal, who: Who, gateway: FakeGateway) -> None:
    """Work until nothing is left, however often a process dies; its lease ends with it."""
    gateway.was_away = False
    worker = Worker(store, lambda _who, _locale: gateway, lambda *_told: None, lambda _who: None)
    while await store.valkey.llen(store.key(who, "in")):
        await asyncio.sleep(0.002)
        try:
            await worker.work(who)
        except Killed:
            await store.valkey.delete(store.key(who, "lease"))
    await worker.work(who)


@given(
    order=st.permutations(sorted(PARTS)),
    repeated=st.lists(st.sampled_from(sorted(PARTS)), max_size=4),
    together=st.lists(st.booleans(), min_size=4, max_size=4),
    deaths=st.lists(st.sampled_from(["none", "before", "after"]), max_size=8),
)
@settings(max_examples=30, deadline=None)
def test_one_report_with_everything_in_it(
    valkey: str, order: list[str], repeated: list[str], together: list[bool], deaths: list[str]
) -> None:
    """Whatever the order, the repetitions, the pauses between messages and the deaths."""
    asyncio.run(_play(valkey, order, repeated, (together, deaths)))


async def _play(valkey: str, order: list[str], repeated: list[str], fate: tuple[list[bool], list[str]]) -> None:
    opened = await open_store(valkey)
    store, gateway, who = Mortal(opened.valkey), FakeGateway(), Who("wechat", uuid4().hex)
    gateway.bytes_of["ref"] = b"a photo"
    store.deaths = fate[1]
    await store.valkey.set(store.key(who, "state"), dump(State(locale="en")))
    try:
        for name, waits in zip(order, fate[0], strict=True):
            await store.take(who, Incoming(name, PARTS[name]))
            if not waits:
                await live(store, who, gateway)
        for name in repeated:
            new, _ = await store.take(who, Incoming(name, PARTS[name]))
            assert not new
        await live(store, who, gateway)
        for number in range(2):
            await store.take(who, Incoming(f"send-{number}", Words("send")))
            await live(store, who, gateway)
        (report,) = gateway.reports.values()
        assert (report.text, report.place, report.position, len(report.photo_ids)) == (
            "The light is broken",
            "Gongsan Street",
            HERE,
            1,
        )
        answered = [message_of(item)[1].update for item in await store.valkey.lrange(store.key(who, "out"), 0, -1)]
        assert set(answered) == {*PARTS, "send-0", "send-1"}
        assert len(answered) == len(set(answered))
        assert load(await store.valkey.get(store.key(who, "state"))).draft is None
    finally:
        await store.valkey.aclose()


async def test_two_processes_do_not_work_one_citizen_at_once(store: Mortal) -> None:
    """Who has lost the lease commits nothing."""
    store.deaths = []
    who = Who("wechat", uuid4().hex)
    await store.take(who, Incoming("m", Words("help")))
    first = await store.begin(who, "first")
    assert first
    assert await store.begin(who, "second") is None
    await store.valkey.delete(store.key(who, "lease"))
    second = await store.begin(who, "second")
    assert second
    assert await store.commit(who, first, first.entries, b"{}", ()) is None
    assert await store.commit(who, second, second.entries, b"{}", ()) is not None


async def test_an_album_is_one_turn(store: Mortal) -> None:
    """Its photos are one message, answered once, when no more of it has come for a while."""
    store.deaths = []
    who, gateway = Who("telegram", uuid4().hex), FakeGateway()
    gateway.bytes_of |= {f"ref-{number}": bytes([number]) for number in range(3)}
    for number in range(3):
        await store.take(who, Incoming(f"a{number}", Photo(f"ref-{number}"), group="album", locale="en"))
    await live(store, who, gateway)
    items = await store.valkey.lrange(store.key(who, "out"), 0, -1)
    assert len(items) == 1
    assert "3 photos" in message_of(items[0])[1].reply.text

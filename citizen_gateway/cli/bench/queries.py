"""How long staff wait for queues, searches, tickets and the dashboard in a large city, and what is read for it."""

import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import msgspec

from citizen_gateway.assembly import Parts
from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.read_model import City
from citizen_gateway.cli.bench.plans import Watching, large_tables, scanned
from citizen_gateway.cli.simulating.habits import read_habits
from citizen_gateway.desk import queues, search
from citizen_gateway.desk.model import Conditions, Queue
from citizen_gateway.desk.reveal import said_of
from citizen_gateway.desk.search import Page, Wanted
from citizen_gateway.insights.overview import overview
from citizen_gateway.insights.service import Asked, selection_of
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.platform.actor import Actor, ActorKind, Grant, Role
from citizen_gateway.platform.db import Transaction
from citizen_gateway.platform.events import stream_events
from citizen_gateway.platform.session import Raw
from citizen_gateway.tickets import service, store

PAGE = 21
LIMIT_MS = 100.0
DASHBOARD_LIMIT_MS = 1000.0

Question = Callable[[Transaction, random.Random], Awaitable[object]]


class Measured(msgspec.Struct, frozen=True):
    """One question: milliseconds at the median and at 95 of 100, its limit, and the large tables read end to end."""

    p50_ms: float
    p95_ms: float
    limit_ms: float
    within_limit: bool
    indexed: bool
    scanned: list[str]
    queries: int


class Figures(msgspec.Struct, frozen=True):
    """What was measured, in a city of so many tickets."""

    tickets: int
    runs: int
    questions: dict[str, Measured]


class Asker:
    """Asks what staff ask, as people of different offices, about different things each time."""

    def __init__(self, parts: Parts, numbers: Sequence[str]) -> None:
        self._parts, self._numbers = parts, numbers
        city = parts.city
        self._words = _words_of(city)
        self._districts = [area.code for area in city.areas_of(AreaLevel.DISTRICT)]
        self._streets = [area.code for area in city.areas_of(AreaLevel.STREET)]
        self._departments = list(city.departments)

    def questions(self) -> Mapping[str, tuple[Question, float]]:
        """Return the questions by name, each with its limit in milliseconds."""
        offices: dict[str, Callable[[random.Random], Actor]] = {
            "city": lambda _rng: _officer(Grant(Role.CENTER)),
            "district": lambda rng: _officer(Grant(Role.CENTER, area=rng.choice(self._districts))),
            "street": lambda rng: _officer(Grant(Role.CENTER, area=rng.choice(self._streets))),
            "department": lambda rng: _officer(Grant(Role.HANDLER, rng.choice(self._departments))),
        }
        found: dict[str, tuple[Question, float]] = {}
        for name, office in offices.items():
            for queue in (Queue.OPEN, Queue.TRIAGE, Queue.DUE_SOON, Queue.OVERDUE, Queue.SUPERVISED):
                found[f"queue {queue} ({name})"] = self._queue(queue, office), LIMIT_MS
            found[f"queue counts ({name})"] = self._counts(office), LIMIT_MS
            found[f"all tickets ({name})"] = self._all(office), LIMIT_MS
            found[f"search words ({name})"] = self._search(office, self._phrase), LIMIT_MS
            found[f"search a rare word ({name})"] = self._search(office, self._rare), LIMIT_MS
        city = offices["city"]
        found["search by number"] = self._search(city, self._number), LIMIT_MS
        found["search by phone"] = self._person(city, by_phone=True), LIMIT_MS
        found["search by person"] = self._person(city, by_phone=False), LIMIT_MS
        found["ticket page"] = self._page(city), LIMIT_MS
        for name in ("city", "district", "street"):
            found[f"dashboard ({name})"] = self._dashboard(offices[name]), DASHBOARD_LIMIT_MS
        return found

    def _queue(self, queue: Queue, office: Callable[[random.Random], Actor]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            values: list[object] = []
            where = queues.condition(queue, office(rng), tx.now, values)
            first = await queues.page(tx.conn, (where, values), None, PAGE)
            return first and await queues.page(tx.conn, (where, values), first[-1].place, PAGE)

        return ask

    def _counts(self, office: Callable[[random.Random], Actor]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            return await queues.counts(tx.conn, office(rng), tx.now, Conditions())

        return ask

    def _all(self, office: Callable[[random.Random], Actor]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            return await store.queue(tx.conn, None, None, None, PAGE, seen_by=office(rng))

        return ask

    def _search(self, office: Callable[[random.Random], Actor], words: Callable[[random.Random], str]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            wanted = Wanted(words=words(rng))
            return await search.search(tx.conn, office(rng), self._parts.vault, wanted, Page(PAGE, None, tx.now))

        return ask

    def _person(self, office: Callable[[random.Random], Actor], *, by_phone: bool) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            if by_phone:
                number = rng.randrange(1000)
                wanted = Wanted(phone=f"1{30 + number % 70}{number:08d}")
            else:
                ticket = await store.by_number(tx.conn, rng.choice(self._numbers))
                wanted = Wanted(same_person_as=TicketId(ticket.id) if ticket else None)
            return await search.search(tx.conn, office(rng), self._parts.vault, wanted, Page(PAGE, None, tx.now))

        return ask

    def _page(self, office: Callable[[random.Random], Actor]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            seen = Transaction(tx.conn, tx.now, office(rng))
            number = rng.choice(self._numbers)
            ticket = await service.find(seen, number)
            await stream_events(seen.conn, ticket.id, public_only=False)
            return await said_of(seen, self._parts.vault, number)

        return ask

    def _dashboard(self, office: Callable[[random.Random], Actor]) -> Question:
        async def ask(tx: Transaction, rng: random.Random) -> object:
            actor = office(rng)
            seen = Transaction(tx.conn, tx.now, actor)
            area = actor.grants[0].area
            return await overview(
                seen, self._parts.city, selection_of(seen, self._parts.city, Asked(area=area)), "zh_CN"
            )

        return ask

    def _phrase(self, rng: random.Random) -> str:
        return rng.choice(self._words)

    def _rare(self, rng: random.Random) -> str:
        return f"{rng.choice(self._parts.city.settings.roads)}{rng.randrange(1, 200)}"

    def _number(self, rng: random.Random) -> str:
        return rng.choice(self._numbers)


async def bench_queries(parts: Parts, conn: Raw, runs: int, say: Callable[[str], None]) -> Figures:
    """Ask each question so many times, after a few that are not counted."""
    rows = await conn.fetch("select number from ticket order by id desc limit 2000")
    total = int(await conn.fetchval("select reltuples::bigint from pg_class where oid = 'ticket'::regclass"))
    large = await large_tables(conn)
    questions = Asker(parts, [row["number"] for row in rows]).questions()
    found = {}
    for name, (question, limit) in questions.items():
        say(name)
        found[name] = await _measure((parts, conn), question, (runs, limit), large)
    return Figures(total, runs, found)


async def _measure(at: tuple[Parts, Raw], question: Question, bounds: tuple[int, float], large: set[str]) -> Measured:
    parts, conn = at
    runs, limit = bounds
    rng = random.Random(1)  # noqa: S311 - the same questions each time
    times, slow, asked = [], set[str](), 0
    for number in range(-3, runs):
        watching = Watching(conn)
        tx = Transaction(watching, parts.clock())
        begun = time.perf_counter()
        await question(tx, rng)
        if number >= 0:
            times.append((time.perf_counter() - begun) * 1000)
        if number < 10:
            slow |= set(await scanned(conn, watching.asked, large))
        asked = len(watching.asked)
    times.sort()
    p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    return Measured(round(p50, 2), round(p95, 2), limit, p95 <= limit, not slow, sorted(slow), asked)


def _words_of(city: City) -> list[str]:
    """Return phrases that simulated reports have: what is wrong, names of places, and how people put it."""
    phrases = [
        part for category in city.categories.values() for part in category.definition.split("、") if len(part) > 1
    ]
    streets = [area.name for area in city.areas_of(AreaLevel.STREET)]
    common = [word for trouble in read_habits().words.endings for word in (trouble[:4], trouble[:2]) if len(word) > 1]
    return [*phrases, *streets, *common]


def _officer(grant: Grant) -> Actor:
    return Actor(ActorKind.STAFF, UUID(int=1), "bench", grants=(grant,))

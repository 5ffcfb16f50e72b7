"""Each morning's briefings: asked for once, whoever asks, and kept."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import briefing as briefings
from citizen_gateway.insights.jobs import MAKE_BRIEFING, MakeBriefing
from citizen_gateway.insights.mornings import ask_for_briefings, kept, make_briefing
from citizen_gateway.platform import jobs
from citizen_gateway.platform.actor import Role
from citizen_gateway.platform.db import Pool, Transaction, begin
from tests.gateway import DEPARTMENT, Gateway, Json, Person

EARLY = datetime(2031, 3, 4, 22, 0, tzinfo=UTC)  # 06:00 in the city
MORNING = EARLY + timedelta(hours=1)
BRIEFING = "/v1/insights/briefing"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the city have three centers."""
    centers = ["city", "410103", "410103001"]
    monkeypatch.setattr(briefings, "centers", lambda _city: centers)
    return centers


class TestAsking:
    """The worker's look at the clock."""

    async def test_waits_for_the_morning_and_asks_once(self, tx: Transaction, city: City, few: list[str]) -> None:
        """Not before half past six; then for every center; not again."""
        before = (await jobs.pending(tx.conn)).get(MAKE_BRIEFING.name, 0)
        assert await ask_for_briefings(Transaction(tx.conn, EARLY), city) == 0
        assert await ask_for_briefings(Transaction(tx.conn, MORNING), city) == len(few)
        assert await ask_for_briefings(Transaction(tx.conn, MORNING + timedelta(hours=3)), city) == 0
        assert (await jobs.pending(tx.conn))[MAKE_BRIEFING.name] == before + len(few)
        assert await ask_for_briefings(Transaction(tx.conn, MORNING + timedelta(days=1)), city) == len(few)

    async def test_many_workers_ask_once(self, pool: Pool, city: City, few: list[str]) -> None:
        """Four at the same moment enqueue one set."""
        other_day = MORNING + timedelta(days=40)

        async def ask() -> int:
            async with begin(pool, other_day) as own:
                return await ask_for_briefings(own, city)

        assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == [0, 0, 0, len(few)]


class TestKeeping:
    """One center's briefing."""

    async def test_is_made_once(self, tx: Transaction, city: City) -> None:
        """A job that runs twice leaves the first."""
        day = date(2026, 11, 21)
        for later in (0, 1):
            at = Transaction(tx.conn, tx.now + timedelta(hours=later))
            await make_briefing(at, city, MakeBriefing("410106", day))
        found = await kept(tx.conn, "410106", day)
        assert found is not None
        assert found.made_at == tx.now
        assert await kept(tx.conn, "410106", day - timedelta(days=1)) is None


class TestBriefing:
    """`GET /v1/insights/briefing` and its forms."""

    @pytest.mark.parametrize(
        ("form", "kind"),
        [
            ("", "application/json"),
            (".txt", "text/plain; charset=utf-8"),
            (".html", "text/html; charset=utf-8"),
            (".png", "image/png"),
        ],
    )
    async def test_in_every_form(self, gateway: Gateway, citizen: Person, form: str, kind: str) -> None:
        """For the center of the district, of today."""
        await citizen.report()
        await gateway.catch_up()
        center = await gateway.staff(Role.CENTER, "410103-csyx")
        query = {"center": "410103", "date": "2026-11-22"}
        answer = await center.get(f"{BRIEFING}{form}", params=query)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.content

    async def test_as_it_was_kept(self, gateway: Gateway, center: Person) -> None:
        """What a center read in the morning it reads in the evening."""
        day = date(2026, 11, 20)
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            await make_briefing(tx, gateway.parts.city, MakeBriefing("410102", day))
        query = {"center": "410102", "date": day.isoformat()}
        first, second = [(await center.get(BRIEFING, params=query)).json() for _ in range(2)]
        assert first == second
        assert first["center_name"] == "中原区"

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"center": "nowhere"}, 422, "unknown_center"),
            ({"date": "2030-01-01"}, 422, "unknown_period"),
            ({"date": "0001-01-01"}, 422, "unknown_period"),
            ({"date": "soon"}, 422, "invalid_request"),
        ],
    )
    async def test_refuses(self, center: Person, query: Json, status: int, code: str) -> None:
        """Each mistake has its own problem."""
        answer = await center.get(BRIEFING, params=query)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_of_others(self, gateway: Gateway) -> None:
        """A district's center is not told of another, nor a lead of any center."""
        local = await gateway.staff(Role.CENTER, "410103-csyx")
        assert (await local.get(BRIEFING, params={"center": "410105"})).json()["code"] == "foreign_figures"
        assert (await local.get(BRIEFING)).json()["code"] == "foreign_figures"
        assert (await local.get(BRIEFING, params={"center": "410103001"})).status_code == 200
        lead = await gateway.staff(Role.LEAD, DEPARTMENT)
        assert (await lead.get(BRIEFING, params={"center": "410103"})).json()["code"] == "role_missing"


class TestHotSpots:
    """`GET /v1/insights/hotspots`."""

    async def test_are_listed_with_their_tickets(self, gateway: Gateway, citizen: Person) -> None:
        """Many reports of one thing at one place in a day."""
        for _ in range(12):
            await citizen.report("烧烤摊占道经营，油烟很大", category="401")
        await gateway.catch_up()
        lead = await gateway.staff(Role.LEAD, DEPARTMENT)
        answer = await lead.get("/v1/insights/hotspots")
        assert answer.status_code == 200, answer.text
        found = [spot for spot in answer.json()["items"] if spot["category"] == "401"]
        assert found
        assert found[0]["evidence"]
        assert found[0]["q_value"] <= 0.05

"""Figures over HTTP: who sees what, how they are exported, and what is left out of them."""

import csv
import io

import pyarrow.parquet as pq
import pytest

from citizen_gateway.platform.actor import Role
from tests.gateway import DEPARTMENT, ELSEWHERE, Gateway, Json, Person

FIGURES = "/v1/insights/figures"


@pytest.fixture
async def lead(gateway: Gateway) -> Person:
    """Give the lead of the department of the usual spot."""
    return await gateway.staff(Role.LEAD, DEPARTMENT)


@pytest.fixture
async def settled(gateway: Gateway, citizen: Person, handler: Person) -> str:
    """Report, settle and rate; return the ticket's number."""
    receipt = await citizen.report()
    number = str(receipt["ticket"]["number"])
    await handler.act(number, "accept")
    await handler.act(number, "resolve", {"reply": "已清理"})
    await gateway.catch_up()
    vote = {"contacted": True, "solved": "solved", "satisfied": 4}
    assert (await citizen.post(f"/v1/reports/{receipt['report_id']}/rating", vote)).status_code == 201
    await gateway.catch_up()
    return number


async def total(person: Person, **query: object) -> Json:
    """Return the figures as a whole."""
    answer = await person.get(FIGURES, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["total"])


class TestFigures:
    """`GET /v1/insights/figures`."""

    async def test_grow_with_what_happens(self, gateway: Gateway, center: Person, citizen: Person) -> None:
        """One report more is one more."""
        await gateway.catch_up()
        before = await total(center)
        await citizen.report()
        await gateway.catch_up()
        after = await total(center)
        assert after["before"]["opened"] == before["before"]["opened"] + 1
        assert after["after"]["opened"] == before["after"]["opened"] + 1

    async def test_of_a_department(self, lead: Person, settled: str) -> None:
        """A lead sees their own without naming it, with all three rates."""
        answer = (await lead.get(FIGURES, params={"by": "area", "level": "district"})).json()
        assert settled
        assert answer["selection"]["department"] == DEPARTMENT
        assert all(rate is not None for rate in answer["total"]["before"]["rates"].values())
        assert [group["key"] for group in answer["groups"]] == ["410103"]

    @pytest.mark.parametrize("by", ["department", "area", "category", "channel", "day", "week", "month"])
    async def test_told_apart(self, center: Person, settled: str, by: str) -> None:
        """Each group has a name; all have both figures."""
        answer = (await center.get(FIGURES, params={"by": by, "area": "410103"})).json()
        assert settled
        assert answer["groups"]
        for group in answer["groups"]:
            assert set(group["figures"]) == {"before", "after", "excluded"}
            assert group["name"] or not group["key"]

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"department": "nobody"}, 422, "unknown_department"),
            ({"area": "nowhere"}, 422, "unknown_area"),
            ({"category": "nothing"}, 422, "unknown_category"),
            ({"period": "lately"}, 422, "unknown_period"),
            ({"period": "2026", "from": "2026-01-01"}, 422, "unknown_period"),
            ({"from": "2026-02-01", "to": "2026-01-01"}, 422, "period_reversed"),
            ({"from": "2020-01-01", "to": "2026-01-01"}, 422, "period_too_wide"),
            ({"by": "area", "level": "micro_grid"}, 422, "area_needed"),
            ({"by": "mood"}, 422, "invalid_request"),
            ({"channel": "pigeon"}, 422, "invalid_request"),
            ({"from": "soon"}, 422, "invalid_request"),
        ],
    )
    async def test_refuses(self, center: Person, query: Json, status: int, code: str) -> None:
        """Each mistake has its own problem."""
        answer = await center.get(FIGURES, params=query)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_of_others(self, gateway: Gateway, lead: Person, handler: Person, citizen: Person) -> None:
        """A foreign department's figures, and those of who has no such role, are refused."""
        foreign = await lead.get(FIGURES, params={"department": ELSEWHERE})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_figures")
        assert foreign.json()["extra"]["departments"] == [DEPARTMENT]
        for nobody in (handler, citizen):
            assert (await nobody.get(FIGURES)).json()["code"] == "role_missing"
        assert (await gateway.stranger.get(FIGURES)).status_code == 401


class TestOverview:
    """`GET /v1/insights/overview`."""

    async def test_has_everything(self, lead: Person, citizen: Person, gateway: Gateway, settled: str) -> None:
        """What is open now, what presses, and how the last days went; only of the lead's department."""
        number = (await citizen.report())["ticket"]["number"]
        await gateway.catch_up()
        answer = await lead.get("/v1/insights/overview")
        assert answer.status_code == 200, answer.text
        screen = answer.json()
        assert settled
        assert screen["open"]["assigned"] >= 1
        assert screen["recent"]["before"]["answered"] >= 1
        assert [group["key"] for group in screen["departments"]] == [DEPARTMENT]
        assert {line["department"] for line in screen["urgent"]} == {DEPARTMENT}
        assert sum(day["resolve"] for day in screen["forecast"]) >= 1
        assert number

    async def test_of_a_foreign_area(self, gateway: Gateway) -> None:
        """A district's center sees its district."""
        local = await gateway.staff(Role.CENTER, "410103-csyx")
        assert (await local.get("/v1/insights/overview")).json()["selection"]["area"] == "410103"
        foreign = await local.get("/v1/insights/overview", params={"area": "410105"})
        assert foreign.json()["code"] == "foreign_figures"


class TestExport:
    """`GET /v1/insights/export.csv` and `.parquet`."""

    async def test_both_say_the_same(self, center: Person, settled: str) -> None:
        """One row for each ticket, the same in both, and no citizen's words."""
        text = await center.get("/v1/insights/export.csv")
        assert text.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig"))))
        table = pq.read_table(io.BytesIO((await center.get("/v1/insights/export.parquet")).content)).to_pylist()
        assert [row["ticket"] for row in rows] == [row["ticket"] for row in table]
        (mine,) = [row for row in rows if row["ticket"] == settled]
        assert (mine["district"], mine["department"], mine["satisfied"]) == ("410103", DEPARTMENT, "1")
        assert "垃圾" not in text.text

    async def test_a_lead_is_not_told_who_rated_what(self, center: Person, lead: Person, settled: str) -> None:
        """How a single ticket was rated is for centers; a department has its rates."""
        for person, told in ((center, "1"), (lead, "")):
            text = (await person.get("/v1/insights/export.csv")).content.decode("utf-8-sig")
            (mine,) = [row for row in csv.DictReader(io.StringIO(text)) if row["ticket"] == settled]
            assert mine["rated"] == told
        screen = (await lead.get("/v1/insights/overview")).json()
        assert screen["worst_rated"] == []
        assert {line["worst"] for line in screen["urgent"]} <= {None}

    async def test_without_pyarrow(self, center: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """The server says what it lacks."""
        monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
        answer = await center.get("/v1/insights/export.parquet")
        assert (answer.status_code, answer.json()["code"]) == (501, "format_unavailable")
        assert "citizen-gateway[parquet]" in answer.json()["detail"]


class TestExclusion:
    """`/v1/insights/exclusions`."""

    async def test_out_and_in_again(self, gateway: Gateway, center: Person, settled: str) -> None:
        """Before exclusion everything stays; after it the ticket is gone until it counts again."""
        whole = await total(center)
        body = {"ticket": settled, "reason": "a test call"}
        answer = await center.post("/v1/insights/exclusions", body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["by"] == str(center.id)
        await gateway.catch_up()
        less = await total(center)
        assert less["before"] == whole["before"]
        assert less["after"]["opened"] == whole["after"]["opened"] - 1
        assert less["excluded"] == whole["excluded"] + 1
        listed = (await center.get("/v1/insights/exclusions")).json()["items"]
        assert (listed[0]["ticket"], listed[0]["reason"]) == (settled, "a test call")
        lifted = await center.post(f"/v1/insights/exclusions/{settled}/lift", {"reason": "it was real"})
        assert lifted.json()["excluded"] is False
        await gateway.catch_up()
        assert await total(center) == whole

    async def test_twice(self, gateway: Gateway, center: Person, settled: str) -> None:
        """The second is refused, even before the reader saw the first, and changes nothing; so is a second lift."""
        body = {"ticket": settled, "reason": "a test call"}
        assert (await center.post("/v1/insights/exclusions", body)).status_code == 201
        before = await gateway.census()
        again = await center.post("/v1/insights/exclusions", body)
        assert (again.status_code, again.json()["code"]) == (409, "already_excluded")
        assert await gateway.census() == before
        lift = f"/v1/insights/exclusions/{settled}/lift"
        assert (await center.post(lift, {"reason": "r"})).status_code == 200
        assert (await center.post(lift, {"reason": "r"})).json()["code"] == "not_excluded"

    async def test_repeated_with_its_key(self, center: Person, settled: str) -> None:
        """The same call again is the same exclusion."""
        body = {"ticket": settled, "reason": "a test call"}
        first = await center.post("/v1/insights/exclusions", body, key=f"x-{settled}")
        again = await center.post("/v1/insights/exclusions", body, key=f"x-{settled}")
        assert (again.status_code, again.content) == (201, first.content)

    @pytest.mark.parametrize("reason", ["", "   "])
    async def test_without_reason(self, gateway: Gateway, center: Person, settled: str, reason: str) -> None:
        """Nothing is left out in silence."""
        before = await gateway.census()
        answer = await center.post("/v1/insights/exclusions", {"ticket": settled, "reason": reason})
        assert (answer.status_code, answer.json()["code"]) == (422, "exclusion_reason_missing")
        assert await gateway.census() == before

    async def test_by_others(self, gateway: Gateway, lead: Person, settled: str) -> None:
        """A department does not leave its own failures out; nor does a center another's."""
        body = {"ticket": settled, "reason": "r"}
        assert (await lead.post("/v1/insights/exclusions", body)).json()["code"] == "role_missing"
        foreign = await gateway.staff(Role.CENTER, "410105-csyx")
        assert (await foreign.post("/v1/insights/exclusions", body)).status_code in {403, 404}

    async def test_of_no_ticket(self, center: Person) -> None:
        """A number that is none."""
        answer = await center.post("/v1/insights/exclusions", {"ticket": "ZZ-1", "reason": "r"})
        assert answer.json()["code"] == "bad_ticket_number"

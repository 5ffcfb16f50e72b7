"""A case handed from the hotline to the police and back, over HTTP."""

import asyncio
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.handover import service
from citizen_gateway.handover.jobs import SignDue
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import begin
from tests.gateway import Gateway, Json, Person, all_told

SCOPES = (Scope.REPORTS_WRITE, Scope.REPORTS_READ, Scope.HANDOVERS)
DOG = "楼下有狗一直叫，拨打了110，不是警情"


class Sides(NamedTuple):
    """Two channels, and a case that the first of them took."""

    hotline: Person
    police: Person
    report: str
    number: str


@pytest.fixture
async def sides(gateway: Gateway) -> Sides:
    """Give the hotline and the police, and a report of a caller of the hotline's."""
    hotline = await gateway.partner(*SCOPES, channel=Channel.HOTLINE_12345)
    police = await gateway.partner(*SCOPES, channel=Channel.POLICE_110)
    receipt = await hotline.report(DOG, external_ref=f"H-{uuid4().hex[:8]}", on_behalf_of={"subject": "13900000000"})
    return Sides(hotline, police, receipt["report_id"], receipt["ticket"]["number"])


async def offer(sides: Sides, **more: object) -> Json:
    """Offer the case to the police."""
    body = {"report_id": sides.report, "to_channel": "police_110", "reason": "有人持刀"} | more
    answer = await sides.hotline.post("/v1/handovers", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


class TestTheWay:
    """Offered, then signed, refused or withdrawn."""

    async def test_the_first_acceptor_answers_until_the_other_signs(self, sides: Sides) -> None:
        """Both sides see who is responsible, each other's number, and the status in each one's words."""
        made = await offer(sides)
        assert (made["state"], made["responsible"]) == ("offered", "hotline_12345")
        assert made["case"]["text"] == DOG
        listed = (await sides.police.get("/v1/handovers?state=offered")).json()["items"]
        assert made["id"] in {one["id"] for one in listed}
        signed = (await sides.police.post(f"/v1/handovers/{made['id']}/sign", {"external_ref": "JQ-1"})).json()
        assert (signed["state"], signed["responsible"]) == ("signed", "police_110")
        assert signed["receiver"]["external_ref"] == "JQ-1"
        assert signed["sender"]["external_ref"].startswith("H-")
        assert signed["sender"]["status"] != signed["receiver"]["status"]
        seen = (await sides.hotline.get(f"/v1/handovers/{made['id']}")).json()
        assert seen == signed

    async def test_whoever_signed_may_watch_the_ticket(self, sides: Sides) -> None:
        """Before, the ticket is not theirs to see."""
        made = await offer(sides)
        assert (await sides.police.get(f"/v1/tickets/{sides.number}")).status_code == 404
        await sides.police.post(f"/v1/handovers/{made['id']}/sign", {})
        assert (await sides.police.get(f"/v1/tickets/{sides.number}")).status_code == 200
        timeline = (await sides.police.get(f"/v1/tickets/{sides.number}/timeline")).json()["items"]
        assert "ticket.handover_signed" in {entry["type"] for entry in timeline}

    async def test_it_goes_back(self, sides: Sides) -> None:
        """The receiver, responsible now, hands it over in turn; the first may not any more."""
        made = await offer(sides)
        await sides.police.post(f"/v1/handovers/{made['id']}/sign", {})
        body = {"report_id": sides.report, "to_channel": "police_110", "reason": "again"}
        refused = await sides.hotline.post("/v1/handovers", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_responsible")
        back = await sides.police.post("/v1/handovers", body | {"to_channel": "hotline_12345"})
        assert back.status_code == 201
        assert back.json()["responsible"] == "police_110"
        mine = await sides.hotline.post(f"/v1/handovers/{back.json()['id']}/sign", {})
        assert mine.json()["responsible"] == "hotline_12345"

    async def test_refused_it_stays(self, sides: Sides) -> None:
        """The sender reads why, and may offer it again."""
        made = await offer(sides)
        refused = (await sides.police.post(f"/v1/handovers/{made['id']}/refuse", {"reason": "非警务"})).json()
        assert (refused["state"], refused["responsible"], refused["answer"]) == ("refused", "hotline_12345", "非警务")
        await offer(sides)

    async def test_withdrawn(self, sides: Sides) -> None:
        """Only by whoever offered it, and it can then be offered again."""
        made = await offer(sides)
        assert (await sides.police.post(f"/v1/handovers/{made['id']}/withdraw")).status_code == 404
        assert (await sides.hotline.post(f"/v1/handovers/{made['id']}/withdraw")).json()["state"] == "withdrawn"
        await offer(sides)

    async def test_nobody_signs(self, sides: Sides, gateway: Gateway) -> None:
        """The time-out is recorded once it has come, and not after an answer."""
        made = await offer(sides)
        for minutes in (1, 40):
            gateway.clock.advance(timedelta(minutes=minutes))
            async with begin(gateway.parts.pool, gateway.clock()) as tx:
                await service.check_signed(tx, SignDue(made["id"]))
        async with gateway.parts.pool.acquire() as conn:
            told = await conn.fetchval(
                "select count(*) from event where type = 'ticket.handover_unsigned' and data->>'handover' = $1",
                str(made["id"]),
            )
        assert told == 1


class TestEvents:
    """What the two sides are told."""

    async def test_both_sides_hear_of_it(self, gateway: Gateway, sides: Sides) -> None:
        """The offer too, which citizens do not see; each with its own number and the status in its own words."""
        cursors = [
            (await side.get("/v1/events?after=latest")).json()["cursor"] for side in (sides.hotline, sides.police)
        ]
        made = await offer(sides)
        await sides.police.post(f"/v1/handovers/{made['id']}/sign", {"external_ref": f"JQ-{uuid4().hex[:8]}"})
        await all_told(gateway.parts.pool)
        for side, cursor, number in zip((sides.hotline, sides.police), cursors, ("H-", "JQ-"), strict=True):
            told = (await side.get("/v1/events", params={"after": cursor})).json()["items"]
            mine = [event for event in told if event["data"].get("handover") == made["id"]]
            assert [event["type"] for event in mine] == ["ticket.handover_offered", "ticket.handover_signed"]
            (own,) = mine[-1]["reports"]
            assert own["report_id"] == sides.report
            assert own["external_ref"].startswith(number)
            assert own["status"]

    async def test_nobody_else_hears_of_it(self, sides: Sides, gateway: Gateway) -> None:
        """Not even a channel that takes hand-overs."""
        stranger = await gateway.partner(*SCOPES, channel=Channel.MAYOR_MAILBOX)
        cursor = (await stranger.get("/v1/events?after=latest")).json()["cursor"]
        await offer(sides)
        await all_told(gateway.parts.pool)
        assert (await stranger.get("/v1/events", params={"after": cursor})).json()["items"] == []


class TestReferences:
    """Numbers of partners' own systems."""

    async def test_find_the_report_again(self, sides: Sides) -> None:
        """By each client's own number alone."""
        shown = (await sides.hotline.get(f"/v1/reports/{sides.report}")).json()
        found = (await sides.hotline.get("/v1/reports", params={"external_ref": shown["external_ref"]})).json()
        assert [one["id"] for one in found["items"]] == [sides.report]
        others = (await sides.police.get("/v1/reports", params={"external_ref": shown["external_ref"]})).json()
        assert others["items"] == []
        assert shown["channel_status"]

    async def test_one_number_names_one_report(self, sides: Sides, gateway: Gateway) -> None:
        """The second report is refused, and nothing is stored."""
        shown = (await sides.hotline.get(f"/v1/reports/{sides.report}")).json()
        before = await gateway.census()
        again = await sides.hotline.post("/v1/reports", {"text": DOG, "external_ref": shown["external_ref"]})
        assert (again.status_code, again.json()["code"]) == (409, "external_ref_taken")
        assert await gateway.census() == before

    async def test_people_have_none(self, citizen: Person) -> None:
        """They are for partners."""
        answer = await citizen.post("/v1/reports", {"text": DOG, "external_ref": "1"})
        assert (answer.status_code, answer.json()["code"]) == (403, "external_ref_not_allowed")


class TestRefusals:
    """Bad calls change nothing."""

    async def test_offers(self, sides: Sides, gateway: Gateway, citizen: Person) -> None:
        """Twice, to oneself, to nobody, of another's case, by people, without the scope."""
        await offer(sides)
        before = await gateway.census()
        body = {"report_id": sides.report, "to_channel": "police_110", "reason": "有人持刀"}
        stranger = await gateway.partner(*SCOPES, channel=Channel.MAYOR_MAILBOX)
        weak = await gateway.partner(Scope.REPORTS_WRITE, channel=Channel.HOTLINE_12345)
        for person, change, expected in (
            (sides.hotline, {}, (409, "handover_open")),
            (sides.hotline, {"to_channel": "hotline_12345"}, (422, "channel_not_connected")),
            (sides.hotline, {"to_channel": "iot"}, (422, "channel_not_connected")),
            (sides.hotline, {"to_channel": "moon"}, (422, "invalid_request")),
            (sides.hotline, {"reason": ""}, (422, "invalid_request")),
            (sides.hotline, {"report_id": str(uuid4())}, (404, "not_found")),
            (stranger, {}, (404, "not_found")),
            (citizen, {}, (403, "forbidden")),
            (weak, {}, (403, "scope_missing")),
        ):
            answer = await person.post("/v1/handovers", body | change)
            assert (answer.status_code, answer.json()["code"]) == expected
        assert await gateway.census() == before | {"credential": before["credential"] + 2}

    async def test_answers(self, sides: Sides, gateway: Gateway) -> None:
        """By the sender, by a stranger, twice."""
        made = await offer(sides)
        path = f"/v1/handovers/{made['id']}"
        stranger = await gateway.partner(*SCOPES, channel=Channel.MAYOR_MAILBOX)
        assert (await sides.hotline.post(f"{path}/sign", {})).status_code == 404
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(f"{path}/refuse", {"reason": "x"})).status_code == 404
        await sides.police.post(f"{path}/sign", {})
        again = await sides.police.post(f"{path}/refuse", {"reason": "x"})
        assert (again.status_code, again.json()["code"]) == (409, "handover_answered")
        assert again.json()["extra"]["state"] == "signed"

    async def test_two_answers_at_once(self, sides: Sides) -> None:
        """One wins."""
        made = await offer(sides)
        path = f"/v1/handovers/{made['id']}"
        answers = await asyncio.gather(
            sides.police.post(f"{path}/sign", {}),
            sides.police.post(f"{path}/refuse", {"reason": "x"}),
            sides.hotline.post(f"{path}/withdraw"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]

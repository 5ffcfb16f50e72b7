"""What staff see of what was said."""

from uuid import uuid4

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.accounts.privacy import masked_subject
from citizen_gateway.platform.actor import Role, Scope
from tests.gateway import DEPARTMENT, Gateway, Json, Person

PHONE = "13812345678"
SAID = f"我叫王小明，电话{PHONE}，小区门口垃圾堆积好几天"


@pytest.fixture
async def called(gateway: Gateway) -> Json:
    """Give the receipt of a report that somebody made by phone."""
    hotline = await gateway.partner(Scope.REPORTS_WRITE, channel=Channel.HOTLINE_12345)
    return await hotline.report(SAID, title="王先生来电反映垃圾", on_behalf_of={"subject": "13987654321"})


class TestReports:
    """The reports a ticket answers."""

    async def test_are_shown_masked(self, called: Json, handler: Person) -> None:
        """Words, phone numbers and how to reach whoever said them; the title of the ticket too."""
        number = called["ticket"]["number"]
        said = (await handler.get(f"/v1/tickets/{number}/reports")).json()["items"]
        assert len(said) == 1
        assert said[0]["masked"]
        assert said[0]["contacts"] == [{"channel": "hotline_12345", "subject": "139****4321"}]
        assert "小区门口垃圾堆积好几天" in said[0]["text"]
        assert PHONE not in str(said)
        assert "王小明" not in str(said)

    async def test_a_title_made_of_the_words_is_masked_for_everybody_but_their_author(
        self, citizen: Person, handler: Person
    ) -> None:
        """A list shows no phone number."""
        receipt = await citizen.report(SAID)
        ticket = (await handler.get(f"/v1/tickets/{receipt['ticket']['number']}")).json()
        assert PHONE not in ticket["title"]
        assert PHONE in (await citizen.get(f"/v1/reports/{receipt['report_id']}")).json()["title"]

    async def test_are_for_those_who_see_the_ticket_by_office(
        self, gateway: Gateway, citizen: Person, outsider: Person, called: Json
    ) -> None:
        """Not for another department, not for the citizen who follows it."""
        number = called["ticket"]["number"]
        own = (await citizen.report())["ticket"]["number"]
        assert (await outsider.get(f"/v1/tickets/{number}/reports")).status_code == 404
        assert (await citizen.get(f"/v1/tickets/{own}/reports")).status_code == 404
        assert (await gateway.stranger.get(f"/v1/tickets/{number}/reports")).status_code == 401


class TestReveal:
    """A look at personal data."""

    async def test_shows_what_was_said_and_is_written_down(
        self, gateway: Gateway, called: Json, handler: Person
    ) -> None:
        """Who, what, when and why; auditors of the place read it, those of another do not."""
        number, purpose = called["ticket"]["number"], "回访核实垃圾位置"
        shown = await handler.post(f"/v1/tickets/{number}/reveal", {"purpose": f" {purpose} "})
        assert shown.status_code == 200
        said = shown.json()["items"][0]
        assert (said["text"], said["masked"]) == (SAID, False)
        assert said["contacts"] == [{"channel": "hotline_12345", "subject": "13987654321"}]
        here = await gateway.staff(Role.AUDITOR, area="410103")
        there = await gateway.staff(Role.AUDITOR, area="410105")
        query = {"by": str(handler.id), "what": "personal_data.revealed"}
        lines = (await here.get("/v1/audit", params=query)).json()["items"]
        assert [(line["purpose"], line["details"]["ticket"]) for line in lines] == [(purpose, number)]
        assert "1398765" not in str(lines)
        assert (await there.get("/v1/audit", params=query)).json()["items"] == []

    async def test_each_look_is_a_line_of_its_own(self, gateway: Gateway, called: Json, handler: Person) -> None:
        """Also under one Idempotency-Key, since what is shown is kept nowhere."""
        number, key = called["ticket"]["number"], uuid4().hex
        before = (await gateway.census())["audit"]
        for _ in range(2):
            answer = await handler.post(f"/v1/tickets/{number}/reveal", {"purpose": "核实"}, key=key)
            assert answer.status_code == 200
        assert (await gateway.census())["audit"] == before + 2

    async def test_without_a_purpose_or_a_right_shows_and_writes_nothing(
        self, gateway: Gateway, called: Json, handler: Person, outsider: Person
    ) -> None:
        """Each refusal by its name."""
        number = called["ticket"]["number"]
        walker = await gateway.staff(Role.GRID_WORKER, area="410103")
        reader = await gateway.partner(Scope.TICKETS_READ, departments=[DEPARTMENT])
        observer = await gateway.staff(Role.OBSERVER, DEPARTMENT)
        before = await gateway.census()
        for person, purpose, code in (
            (handler, "", "purpose_missing"),
            (handler, "  ", "purpose_missing"),
            (outsider, "核实", "not_found"),
            (walker, "核实", "role_missing"),
            (observer, "核实", "role_missing"),
            (reader, "核实", "scope_missing"),
        ):
            answer = await person.post(f"/v1/tickets/{number}/reveal", {"purpose": purpose})
            assert answer.json()["code"] == code
            assert PHONE not in answer.text
        assert await gateway.census() == before


class TestMaskedSubject:
    """How a channel knows somebody, with its middle hidden."""

    @pytest.mark.parametrize(
        ("subject", "shown"),
        [("13812345678", "138****5678"), ("oAbC-1234567", "oAb****"), ("1234567", "*******"), ("", "")],
    )
    def test_hides_enough(self, subject: str, shown: str) -> None:
        """A phone keeps its ends, an id its beginning, a short one nothing."""
        assert masked_subject(subject) == shown

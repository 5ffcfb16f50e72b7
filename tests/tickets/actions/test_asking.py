"""Between a department and the citizens."""

from datetime import timedelta

from citizen_gateway.accounts.model import Channel
from citizen_gateway.platform.actor import Scope
from citizen_gateway.platform.db import begin
from citizen_gateway.tickets import service, store
from citizen_gateway.tickets.jobs import Due
from tests.gateway import RUBBISH, Gateway, Person
from tests.tickets.actions.conftest import shown, told, types

QUESTION = {"question": "请问是哪个单元门口？"}


class TestAsk:
    """补充信息."""

    async def test_the_answer_lets_work_go_on(self, begun: str, handler: Person, citizen: Person) -> None:
        """On hold until the citizen answers, in the state before then; staff read the answer."""
        asked = await handler.done(begun, "ask", QUESTION)
        assert asked["state"] == "on_hold"
        seen = await shown(citizen, begun)
        assert seen["pause"]["text"] == QUESTION["question"]
        assert seen["actions"] == ["answer", "urge"]
        photo = await citizen.upload()
        after = await citizen.done(begun, "answer", {"answer": "3号楼2单元", "photo_ids": [photo]})
        assert (after["state"], after["pause"]) == ("in_progress", None)
        answer = (await told(handler, begun))[-2]
        assert (answer["type"], answer["data"]["answer"]) == ("ticket.answered", "3号楼2单元")

    async def test_from_each_state_back_to_it(self, assigned: str, handler: Person, citizen: Person) -> None:
        """A question may come before signing; both clocks stand still, and the ticket waits to be signed again."""
        before = await shown(handler, assigned)
        await handler.done(assigned, "ask", QUESTION)
        after = await citizen.done(assigned, "answer", {"answer": "是的"})
        assert after["state"] == "assigned"
        assert after["accept_due"] > before["accept_due"]

    async def test_the_secret_of_the_receipt_is_enough(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """Whoever has no session answers by number and secret; a wrong secret finds no ticket."""
        receipt = await citizen.report()
        number = receipt["ticket"]["number"]
        await handler.done(number, "ask", QUESTION)
        body = {"answer": "东门"}
        wrong = {"Ticket-Secret": "7K3F-7K3F-7K3F-7K3F"}
        assert (await gateway.stranger.refused(number, "answer", body, headers=wrong))[:2] == (404, "not_found")
        right = {"Ticket-Secret": receipt["secret"]}
        assert (await gateway.stranger.done(number, "answer", body, headers=right))["state"] == "assigned"

    async def test_a_stranger_does_not_get_anothers_answer_by_its_key(
        self, gateway: Gateway, citizen: Person, handler: Person
    ) -> None:
        """All strangers share a name; a repetition without the secret is no repetition."""
        receipt = await citizen.report()
        number = receipt["ticket"]["number"]
        await handler.done(number, "ask", QUESTION)
        body, secret = {"answer": "东门"}, {"Ticket-Secret": receipt["secret"]}
        first = await gateway.stranger.act(number, "answer", body, headers=secret, key="stranger-1")
        again = await gateway.stranger.act(number, "answer", body, headers=secret, key="stranger-1")
        assert again.content == first.content
        other = await gateway.stranger.act(number, "answer", body, key="stranger-1")
        assert other.status_code in {404, 422}

    async def test_a_partner_answers_for_whom_it_speaks(self, gateway: Gateway, handler: Person) -> None:
        """Any channel: the client that reported on somebody's behalf answers for them, with the scope for reports."""
        hotline = await gateway.partner(Scope.REPORTS_WRITE, Scope.REPORTS_READ, channel=Channel.HOTLINE_12345)
        number = (await hotline.report(RUBBISH, on_behalf_of={"subject": "13800000000"}))["ticket"]["number"]
        await handler.done(number, "ask", QUESTION)
        assert (await hotline.done(number, "answer", {"answer": "来电人补充：北门"}))["state"] == "assigned"

    async def test_without_answer_work_goes_on_after_five_working_days(
        self, begun: str, handler: Person, citizen: Person, gateway: Gateway
    ) -> None:
        """The job resumes it; an answer after that is told that no question waits."""
        await handler.done(begun, "ask", QUESTION)
        async with begin(gateway.parts.pool, gateway.clock()) as tx:
            ticket = await store.by_number(tx.conn, begun)
            assert ticket is not None
            assert ticket.pause is not None
            until = ticket.pause.until
            await service.check_due(tx, gateway.parts.city, Due(ticket.id, until))
        assert (await shown(citizen, begun))["state"] == "on_hold"
        gateway.clock.advance(until - gateway.clock() + timedelta(minutes=1))
        late = await citizen.refused(begun, "answer", {"answer": "x"})
        assert (late[0], late[2]["condition"]) == (409, "question_open")
        for _ in range(2):
            async with begin(gateway.parts.pool, gateway.clock()) as tx:
                await service.check_due(tx, gateway.parts.city, Due(ticket.id, until))
        assert (await shown(citizen, begun))["state"] == "in_progress"
        assert (await types(citizen, begun)).count("resumed") == 1
        assert (await citizen.refused(begun, "answer", {"answer": "x"}))[1] == "illegal_action"

    async def test_only_who_reported_answers(self, begun: str, handler: Person, center: Person) -> None:
        """Neither the department nor the center answers for the citizen."""
        await handler.done(begun, "ask", QUESTION)
        for one in (handler, center):
            assert (await one.refused(begun, "answer", {"answer": "x"}))[:2] == (403, "not_your_ticket")

    async def test_a_held_ticket_has_no_question(
        self, begun: str, handler: Person, center: Person, citizen: Person, gateway: Gateway
    ) -> None:
        """On hold for another reason, an answer is refused."""
        review = (gateway.clock() + timedelta(days=9)).isoformat()
        await handler.done(begun, "request-hold", {"reason": "r", "review_on": review})
        await center.done(begun, "hold", {})
        assert (await citizen.refused(begun, "answer", {"answer": "x"}))[2]["condition"] == "question_open"


class TestUrge:
    """催办."""

    async def test_once_a_day_by_each_reporter(self, assigned: str, citizen: Person, gateway: Gateway) -> None:
        """The second time the same day is refused; the next day it is possible again."""
        await citizen.done(assigned, "urge")
        assert (await citizen.refused(assigned, "urge"))[:2] == (429, "urged_today")
        gateway.clock.advance(timedelta(days=1))
        await citizen.done(assigned, "urge")
        assert (await types(citizen, assigned)).count("urged") == 2

    async def test_strangers_and_staff_do_not(self, assigned: str, handler: Person, gateway: Gateway) -> None:
        """It is the reporter's; others find nothing or may not."""
        assert (await handler.refused(assigned, "urge"))[1] == "not_your_ticket"
        assert (await (await gateway.citizen()).refused(assigned, "urge"))[1] == "not_found"
        assert (await gateway.stranger.refused(assigned, "urge"))[1] == "not_found"


class TestWithdraw:
    """撤回."""

    async def test_by_the_only_reporter_before_work_begins(self, assigned: str, citizen: Person) -> None:
        """Then it is over."""
        after = await citizen.done(assigned, "withdraw", {"reason": "已经清了"})
        assert (after["state"], after["actions"]) == ("withdrawn", [])

    async def test_not_once_work_has_begun(self, begun: str, citizen: Person) -> None:
        """The city has spent effort on it."""
        status, code, extra = await citizen.refused(begun, "withdraw", {})
        assert (status, code) == (409, "illegal_action")
        assert extra["yours"] == ["urge"]

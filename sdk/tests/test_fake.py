"""The gateway in memory, as partners' tests use it."""

from datetime import timedelta

import pytest

from citizen_gateway_sdk import Channel, Solved, TicketState, errors, webhooks
from citizen_gateway_sdk.conformance import Result, play
from citizen_gateway_sdk.models import HandoverState, Scope
from citizen_gateway_sdk.testing import FakeGateway, NotFaked

LAMP = "公园门口的路灯不亮"
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUA=="


@pytest.fixture
def fake() -> FakeGateway:
    """Give a new gateway in memory."""
    return FakeGateway()


class TestContract:
    """It behaves as the real one."""

    def test_passes_the_checks_that_the_real_gateway_passes(self, fake: FakeGateway) -> None:
        """All of them, without a skip."""
        key = fake.partner(departments=["lights"])
        outcomes = play("http://gateway.fake", key, here=fake.here, transport=fake.transport)
        assert [outcome for outcome in outcomes if outcome.result is not Result.PASSED] == []

    def test_the_same_calls_make_the_same_world(self) -> None:
        """Ids and times are those of the calls, not of chance."""
        made = []
        for _ in range(2):
            fake = FakeGateway()
            with fake.client(fake.citizen()) as citizen:
                made.append(citizen.reports.submit(LAMP, position=fake.here))
        assert made[0] == made[1]

    def test_what_it_does_not_play_is_said(self, fake: FakeGateway) -> None:
        """A test must not pass because the fake made something up."""
        with fake.client(fake.center()) as center, pytest.raises(NotFaked, match="getOverview"):
            center.insights.overview()


class TestLife:
    """A ticket from the first word to the last."""

    def test_settled_and_rated(self, fake: FakeGateway) -> None:
        """A content rating closes it; the timeline tells all of it."""
        with fake.client(fake.citizen()) as citizen:
            receipt = citizen.reports.submit(LAMP, position=fake.here)
            assert (receipt.ticket.state, receipt.ticket.department and receipt.ticket.department.code) == (
                TicketState.ASSIGNED,
                "lights",
            )
            with pytest.raises(errors.NotYetInvited):
                citizen.ratings.invitation_of_report(receipt.report_id)
            fake.settle(receipt.ticket.number, reply="已修好")
            rating = citizen.ratings.rate_report(receipt.report_id, satisfied=5, solved=Solved.SOLVED, contacted=True)
            assert rating.ticket_state == "closed"
            with pytest.raises(errors.AlreadyRated):
                citizen.ratings.rate_report(receipt.report_id, satisfied=1, solved=Solved.NOT, contacted=True)

    def test_unhappy_it_comes_back_once(self, fake: FakeGateway) -> None:
        """The department has it again."""
        with fake.client(fake.citizen()) as citizen:
            receipt = citizen.reports.submit(LAMP, position=fake.here)
            fake.settle(receipt.ticket.number, reply="已修好")
            citizen.ratings.rate_report(receipt.report_id, satisfied=1, solved=Solved.NOT, contacted=False)
            assert citizen.tickets.get(receipt.ticket.number).state == TicketState.ASSIGNED

    def test_unrated_it_closes_after_a_week(self, fake: FakeGateway) -> None:
        """The fake's clock goes on only when told."""
        with fake.client(fake.citizen()) as citizen:
            receipt = citizen.reports.submit(LAMP, position=fake.here)
            fake.settle(receipt.ticket.number, reply="已修好")
            fake.advance(timedelta(days=8))
            assert citizen.tickets.get(receipt.ticket.number).state == TicketState.CLOSED

    def test_a_question_stops_the_clock(self, fake: FakeGateway) -> None:
        """The answer lets it go on, later."""
        with fake.client(fake.citizen()) as citizen, fake.client(fake.handler("lights")) as handler:
            number = citizen.reports.submit(LAMP, position=fake.here).ticket.number
            due = handler.tickets.accept(number).resolve_due
            assert handler.tickets.ask(number, question="哪一盏？").state == TicketState.ON_HOLD
            fake.advance(timedelta(hours=5))
            answered = citizen.tickets.answer(number, answer="第三盏")
            assert answered.state == TicketState.ACCEPTED
            assert due is not None
            assert answered.resolve_due is not None
            assert answered.resolve_due - due >= timedelta(hours=5)

    def test_only_those_who_may(self, fake: FakeGateway) -> None:
        """Another department sees nothing of it."""
        with fake.client(fake.citizen()) as citizen, fake.client(fake.handler("roads")) as other:
            number = citizen.reports.submit(LAMP, position=fake.here).ticket.number
            with pytest.raises(errors.NotFound):
                other.tickets.accept(number)
            with pytest.raises(errors.NotYourTicket):
                citizen.tickets.accept(number)

    async def test_for_async_clients_too(self, fake: FakeGateway) -> None:
        """The same gateway, the same world."""
        async with fake.async_client(fake.citizen()) as citizen:
            receipt = await citizen.reports.submit(LAMP, position=fake.here)
        with fake.client(fake.citizen()) as again:
            assert again.reports.get(receipt.report_id).text == LAMP


class TestChannels:
    """Partners among each other."""

    def test_hand_over(self, fake: FakeGateway) -> None:
        """The first acceptor answers until the other signs."""
        hotline = fake.client(fake.partner(channel=Channel.HOTLINE_12345))
        police = fake.client(fake.partner(channel=Channel.POLICE_110))
        report = hotline.reports.submit("有人持刀", external_ref="H-1")
        offered = hotline.handovers.offer(report.report_id, to=Channel.POLICE_110, reason="警情")
        assert offered.responsible == Channel.HOTLINE_12345
        with pytest.raises(errors.HandoverOpen):
            hotline.handovers.offer(report.report_id, to=Channel.POLICE_110, reason="警情")
        signed = police.handovers.sign(offered.id, external_ref="JQ-1")
        assert (signed.state, signed.responsible) == (HandoverState.SIGNED, Channel.POLICE_110)
        assert police.tickets.get(report.ticket.number).number == report.ticket.number
        with pytest.raises(errors.HandoverAnswered):
            police.handovers.refuse(offered.id, reason="x")

    def test_scopes(self, fake: FakeGateway) -> None:
        """A key opens what it opens."""
        with fake.client(fake.partner(scopes=[Scope.REPORTS_READ])) as reader, pytest.raises(errors.ScopeMissing):
            reader.reports.submit(LAMP)

    def test_acting_for_citizens(self, fake: FakeGateway) -> None:
        """A channel opens sessions for its own citizens."""
        with fake.client(fake.partner(channel=Channel.WECHAT)) as bot:
            session = bot.sessions.for_citizen("openid-1")
            citizen = bot.with_options(token=session.token)
            receipt = citizen.reports.submit(LAMP)
            assert [one.id for one in citizen.reports.list()] == [receipt.report_id]

    def test_webhooks_as_they_arrive(self, fake: FakeGateway) -> None:
        """Each message verifies, and is the event of the feed."""
        key = fake.partner()
        with fake.client(key) as partner:
            receipt = partner.reports.submit(LAMP, position=fake.here)
            told = partner.events.list().items
        messages = fake.messages(key, SECRET)
        moment = fake.now.timestamp()
        events = [webhooks.verify(one.body, one.headers, [SECRET], now=moment) for one in messages]
        assert [event.id for event in events] == [event.id for event in told]
        assert [report.report_id for report in events[0].reports] == [receipt.report_id]

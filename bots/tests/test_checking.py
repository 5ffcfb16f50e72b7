"""What is asked before a report goes out."""

from citizen_bots.conversation import Press
from citizen_gateway_sdk import TicketState, models

from .chat import HERE, LIGHTS, Chat, FakeGateway
from .fake_services import full

OTHER = models.CategoryRef(code="0101", name="暴露垃圾", name_en="Rubbish")
NEARBY = "ZZ-20261122-7K3FQ2-9"


def guess(category: models.CategoryRef) -> models.Guess:
    """Make a guess."""
    return models.Guess(category=category, confidence=0.4, evidence=[])


async def ready(chat: Chat) -> None:
    """Have a report that can be sent."""
    await chat.write("It is dark here")
    await chat.send(HERE)


class TestCategory:
    """What it is about."""

    async def test_is_asked_where_nobody_is_sure(self, chat: Chat, gateway: FakeGateway) -> None:
        """Up to three suggestions; the choice goes with the report."""
        gateway.guesses = [guess(LIGHTS), guess(OTHER)]
        await ready(chat)
        assert "What is it about?\n[Street light]\n[Rubbish]\n[None of these]" in await chat.press("Send")
        assert not gateway.reports
        assert "Your report has arrived" in await chat.press("Rubbish")
        (report,) = gateway.reports.values()
        assert report.category == "0101"

    async def test_may_be_none_of_them(self, chat: Chat, gateway: FakeGateway) -> None:
        """Then a person decides."""
        gateway.guesses = [guess(LIGHTS), guess(OTHER)]
        await ready(chat)
        await chat.press("Send")
        await chat.press("None of these")
        (report,) = gateway.reports.values()
        assert report.category is None

    async def test_is_not_asked_twice(self, chat: Chat, gateway: FakeGateway) -> None:
        """Who sends again without choosing has answered."""
        gateway.guesses = [guess(LIGHTS), guess(OTHER)]
        await ready(chat)
        await chat.write("send", "send")
        assert len(gateway.reports) == 1

    async def test_an_old_choice_is_answered(self, chat: Chat) -> None:
        """Without a report there is nothing to choose for."""
        assert "no longer open" in await chat.send(Press("kind:0101"))


class TestSimilar:
    """Something like it nearby."""

    async def test_may_be_followed_instead(self, chat: Chat, gateway: FakeGateway) -> None:
        """Then nothing is sent."""
        gateway.similar = [full(models.SimilarTicket, number=NEARBY, title="Dark street", state=TicketState.ASSIGNED)]
        await ready(chat)
        assert "[Dark street (assigned)]" in await chat.press("Send")
        assert NEARBY in await chat.press("Dark street (assigned)")
        assert gateway.followed == {NEARBY}
        assert not gateway.reports
        assert chat.state.draft is None

    async def test_or_not(self, chat: Chat, gateway: FakeGateway) -> None:
        """The citizen knows better, and is then asked what it is about."""
        gateway.similar = [full(models.SimilarTicket, number=NEARBY, title="Dark street", state=TicketState.ASSIGNED)]
        gateway.guesses = [guess(LIGHTS), guess(OTHER)]
        await ready(chat)
        await chat.press("Send")
        assert "What is it about?" in await chat.press("No, send mine")
        await chat.press("Street light")
        assert len(gateway.reports) == 1

"""Rating a result."""

from uuid import UUID

import pytest

from citizen_bots.conversation import Press
from citizen_bots.conversation.port import Vote
from citizen_gateway_sdk import Solved

from .chat import Chat, FakeGateway


@pytest.fixture
async def report(chat: Chat, gateway: FakeGateway) -> UUID:
    """Report something that is then settled, and begin to rate it."""
    await chat.write("Light", "send")
    (report,) = gateway.tickets
    gateway.settle(report)
    await chat.write("my reports", "1")
    await chat.press("Rate the result")
    return report


async def test_a_rating_is_asked_for_step_by_step(chat: Chat, gateway: FakeGateway, report: UUID) -> None:
    """Stars, solved, contacted and words, by numbers or buttons, make one vote."""
    assert "How satisfied" in chat.text
    assert "Is the matter solved?" in await chat.write("4")
    assert "get in touch" in await chat.press("Partly solved")
    assert "anything you want to say" in await chat.write("yes")
    assert "Your rating was counted" in await chat.write("The lamp is a bit dim")
    (vote,) = gateway.votes.values()
    assert vote == (report, Vote(4, Solved.PARTLY, contacted=True, comment="The lamp is a bit dim"))
    assert chat.state.rating is None


@pytest.mark.usefixtures("report")
async def test_words_are_optional(chat: Chat, gateway: FakeGateway) -> None:
    """Who has nothing to add says so."""
    await chat.write("5", "1", "2")
    await chat.press("No, that is all")
    ((_, vote),) = gateway.votes.values()
    assert vote == Vote(5, Solved.SOLVED, contacted=False, comment="")


@pytest.mark.usefixtures("report")
async def test_a_lost_rating_goes_out_again(chat: Chat, gateway: FakeGateway) -> None:
    """A rating without an answer is kept, and counted once."""
    await chat.write("5", "1", "1")
    gateway.away = 1
    assert "kept here" in await chat.write("Thank you")
    assert "Your rating was counted" in await chat.press("Send the rating again")
    assert len(gateway.votes) == 1


async def test_a_rated_report_is_not_offered_again(chat: Chat, gateway: FakeGateway, report: UUID) -> None:
    """One vote for each report; an old button that tries is told so."""
    await chat.write("5", "1", "1", "Thank you", "my reports", "1")
    assert "Rate the result" not in chat.text
    await chat.send(Press(f"rate:{report}"))
    await chat.write("1", "3", "2")
    assert "Each report can be rated once." in await chat.press("No, that is all")
    assert len(gateway.votes) == 1


@pytest.mark.usefixtures("report")
async def test_a_new_report_in_between_is_one(chat: Chat, gateway: FakeGateway) -> None:
    """Words where a choice is expected are a report; the rating goes on by its buttons."""
    assert "Where is it?" in await chat.write("Rubbish at the gate")
    await chat.send(Press("stars:2"))
    await chat.write("3", "2", "1")
    assert len(gateway.votes) == 1
    assert chat.state.draft


@pytest.mark.usefixtures("report")
async def test_a_comment_has_a_limit(chat: Chat, gateway: FakeGateway) -> None:
    """What the gateway could not take is refused before it is sent, and may be said again."""
    await chat.write("5", "1", "1")
    assert "please say it in fewer" in await chat.write("x" * 1001)
    await chat.write("Thank you")
    assert len(gateway.votes) == 1


@pytest.mark.usefixtures("report")
async def test_a_rating_can_be_cancelled(chat: Chat, gateway: FakeGateway) -> None:
    """A rating that is cancelled is not sent."""
    await chat.write("5")
    assert "forgotten" in await chat.write("cancel")
    assert chat.state.rating is None
    assert not gateway.votes

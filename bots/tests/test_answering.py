"""Asking to hurry, taking back, and answering what a department asks."""

from uuid import UUID

import pytest

from citizen_bots.conversation import Press, Words

from .chat import HERE, Chat, FakeGateway


@pytest.fixture
async def number(chat: Chat, gateway: FakeGateway) -> str:
    """Have a report filed, and its ticket before the citizen's eyes."""
    await chat.write("The light is broken")
    await chat.send(HERE)
    await chat.press("Send")
    await chat.press("How it stands")
    (ticket,) = gateway.tickets.values()
    return ticket.number


def report_of(gateway: FakeGateway) -> UUID:
    """Return the one report there is."""
    (report,) = gateway.tickets
    return report


class TestUrging:
    """Asking to hurry."""

    async def test_by_button_and_by_word(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """The ticket that was seen last is meant."""
        assert number in await chat.press("Ask to hurry")
        assert list(gateway.urged.values()) == [number]

    async def test_a_second_time_is_refused_with_the_reason(self, chat: Chat, number: str) -> None:
        """Once a day."""
        await chat.write("催办")
        assert "It was urged today." in await chat.write("催办")
        assert number

    async def test_without_a_ticket_one_is_chosen(self, chat: Chat, gateway: FakeGateway) -> None:
        """Nothing is urged by guess."""
        await chat.write("hurry")
        assert not gateway.urged


class TestTakingBack:
    """Withdrawing."""

    async def test_is_asked_twice(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """Only who is sure takes a report back."""
        assert number in await chat.write("撤回")
        assert not gateway.withdrawn
        assert "taken back" in await chat.press("Yes, take it back")
        assert gateway.withdrawn

    async def test_may_be_thought_better_of(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """And the ticket is shown again."""
        await chat.press("Take back")
        assert number in await chat.press("No, leave it")
        assert not gateway.withdrawn


class TestAnswering:
    """A department's question."""

    async def test_words_answer_it(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """The question is shown, and what is written next goes to it and into no report."""
        gateway.ask(report_of(gateway), "Which house?")
        assert "They ask you: Which house?" in await chat.write(number)
        assert "Which house?" in await chat.press("Answer")
        assert number in await chat.write("The third one")
        ((asked, words, photos),) = gateway.answers.values()
        assert (asked, words, photos) == (number, "The third one", ())
        assert chat.state.draft is None

    async def test_photos_go_with_it(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """Photos first, then words."""
        gateway.ask(report_of(gateway), "Which house?")
        await chat.write(number)
        await chat.press("Answer")
        assert "Now write your answer" in await chat.photo()
        await chat.write("This one")
        ((_, _, photos),) = gateway.answers.values()
        assert len(photos) == 1

    async def test_it_may_be_left(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """Then words begin a report again."""
        gateway.ask(report_of(gateway), "Which house?")
        await chat.write(number)
        await chat.press("Answer")
        assert "forgotten" in await chat.write("取消")
        await chat.write("Another light is broken")
        assert chat.state.draft
        assert not gateway.answers

    async def test_what_is_not_asked_cannot_be_answered(self, chat: Chat, number: str) -> None:
        """An old button says so."""
        await chat.press("My reports")
        assert "Nothing is asked" in await chat.send(Press(f"answer:{number}"))

    async def test_an_answer_too_long_is_not_sent(self, chat: Chat, gateway: FakeGateway, number: str) -> None:
        """It can be said in fewer words."""
        gateway.ask(report_of(gateway), "Which house?")
        await chat.write(number)
        await chat.press("Answer")
        assert "2000" in await chat.send(Words("x" * 2001))
        assert not gateway.answers

"""What citizens hear unasked, and when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from citizen_bots.conversation.naming import CHINA
from citizen_bots.conversation.news import News, compose, facts, is_told, words_of
from citizen_bots.host.quiet import not_before

AT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def news(kind: str, ticket: str = "ZZ-20261122-7K3FQ2-9", minutes: int = 0, words: str = "") -> News:
    """Make news of a ticket."""
    return News(uuid4(), kind, ticket, uuid4(), AT + timedelta(minutes=minutes), words)


def test_news_of_one_ticket_is_one_message() -> None:
    """In the order in which it happened, with the department's words."""
    reply = compose([news("ticket.resolved", minutes=9, words="Lit again."), news("ticket.started")], "en")
    assert reply.text.splitlines()[0] == "News of your report ZZ-20261122-7K3FQ2-9:"
    assert reply.text.index("Work began") < reply.text.index("Reply: Lit again.")
    assert [button.label for button in reply.buttons] == ["Rate the result", "How it stands"]


def test_news_of_several_tickets_is_one_message_too() -> None:
    """Each ticket under its number."""
    reply = compose([news("ticket.started", "A-20261122-7K3FQ2-9"), news("ticket.closed", "B-20261122-7K3FQ2-9")], "en")
    assert [button.id for button in reply.buttons] == ["ticket:A-20261122-7K3FQ2-9", "ticket:B-20261122-7K3FQ2-9"]


def test_a_question_can_be_answered_at_once() -> None:
    """By its button."""
    assert compose([news("ticket.asked", words="Which house?")], "en").buttons[0].id.startswith("answer:")


def test_what_is_newer_than_this_code_is_still_said() -> None:
    """By its own word."""
    assert "ticket.blessed" in compose([news("ticket.blessed")], "zh_CN").text


@pytest.mark.parametrize(
    ("kind", "version", "told"),
    [
        ("ticket.opened", 1, False),
        ("ticket.assigned", 2, False),
        ("ticket.assigned", 4, True),
        ("ticket.urged", 3, False),
    ],
)
def test_citizens_are_not_told_what_they_know(kind: str, version: int, told: bool) -> None:
    """What they did themselves, and what the receipt said."""
    assert is_told(kind, version) is told


def test_words_are_those_for_citizens() -> None:
    """Of the data, only what is meant for them."""
    assert words_of("ticket.asked", {"question": "Which?", "answer_due": "x"}) == "Which?"
    assert words_of("ticket.accepted", {"reason": "x"}) == ""


def test_facts_are_the_last_of_it() -> None:
    """For platforms that want fields."""
    told = facts([news("ticket.started"), news("ticket.resolved", minutes=1)], "en")
    assert told["what"] == "The department says it is settled"


@pytest.mark.parametrize(
    ("hour", "first", "last", "until"),
    [(21, 22, 7, None), (23, 22, 7, 7), (3, 22, 7, 7), (7, 22, 7, None), (13, 12, 14, 14), (3, 5, 5, None)],
)
def test_quiet_hours(hour: int, first: int, last: int, until: int | None) -> None:
    """News of the night waits for the morning, in China's time."""
    now = datetime(2026, 11, 22, hour, 10, tzinfo=CHINA)
    found = not_before(now, first, last)
    if until is None:
        assert found == now
    else:
        assert found.astimezone(CHINA).hour == until
        assert timedelta() < found - now < timedelta(hours=12)

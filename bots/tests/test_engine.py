"""What a message means."""

import pytest

from citizen_bots.conversation import Place, Press

from .chat import Chat, FakeGateway


@pytest.mark.parametrize("words", ["路灯坏了", "The street light is broken", "１２３４５ 号门口有积水"])
async def test_free_words_begin_a_report(chat: Chat, words: str) -> None:
    """Whatever is no command is what the citizen reports."""
    answer = await chat.write(words)
    assert f"Your report: {words}" in answer
    assert "Where is it?" in answer


@pytest.mark.parametrize("words", ["我的工单", "查询进度！", "My reports", " mine "])
async def test_the_list_is_asked_for_in_words(chat: Chat, words: str) -> None:
    """The list of reports comes upon its words in any language, case and punctuation."""
    assert "You have not reported anything yet." in await chat.write(words)


@pytest.mark.parametrize("words", ["帮助", "你好", "help", "？", ""])
async def test_help_is_asked_for_in_words(chat: Chat, words: str) -> None:
    """Help comes upon its words, a greeting, and when nothing was said."""
    answer = await chat.write(words)
    assert "[Report a problem]" in answer
    assert "[My reports]" in answer


async def test_a_number_takes_the_choice_of_that_number(chat: Chat) -> None:
    """Choices are counted through from 1, and taken by figures or by Chinese numerals."""
    await chat.write("help", "2")
    assert "You have not reported anything yet." in chat.text
    await chat.write("help", "二")
    assert "You have not reported anything yet." in chat.text


async def test_a_label_takes_its_choice(chat: Chat) -> None:
    """Writing what stands on a button is pressing it."""
    await chat.write("help", "my reports")
    assert "You have not reported anything yet." in chat.text


async def test_language_is_changed_for_all_that_follows(chat: Chat) -> None:
    """A choice of language holds until the next one."""
    assert "[中文 (简体)]" in await chat.write("language")
    assert "我要上报" in await chat.press("中文 (简体)")
    assert "请问在什么地方" in await chat.write("路灯坏了")
    assert chat.state.locale == "zh_CN"


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud83d"])
async def test_signs_that_nobody_writes_are_left_out(chat: Chat, sign: str) -> None:
    """A report cannot be spoilt by a sign that its citizen does not even see."""
    await chat.write(f"The light{sign} is broken\nsince Monday")
    await chat.send(Place(f"Gongsan{sign} Street"))
    await chat.press("Send")
    (report,) = chat.gateway.reports.values()
    assert (report.text, report.place) == ("The light is broken\nsince Monday", "Gongsan Street")


@pytest.mark.parametrize("button", ["", "stars:5", "rate:x", "see:", "leave:", "locale:xx", "dance", "a:b:c", "send"])
async def test_any_button_is_answered(chat: Chat, button: str) -> None:
    """A button that is too old, or that nobody made, gets an answer and does nothing."""
    assert await chat.send(Press(button))
    assert not chat.gateway.reports


async def test_an_unsent_report_survives_other_wishes(chat: Chat) -> None:
    """Asking for something else in between loses nothing of a report."""
    await chat.write("The street light is broken", "my reports", "help", "language")
    await chat.send(Place("Gongsan Street"))
    await chat.press("Send")
    (report,) = chat.gateway.reports.values()
    assert report.text == "The street light is broken"


async def test_an_away_gateway_is_said(chat: Chat, gateway: FakeGateway) -> None:
    """When the gateway does not answer, the citizen is told."""
    gateway.away = 1
    assert "does not answer" in await chat.write("my reports")


async def test_a_refusal_is_said_with_its_reason(chat: Chat) -> None:
    """When the gateway says no, the citizen reads why."""
    assert "There is no such ticket." in await chat.write("zz-20261122-7k3f00-9")


async def test_nothing_can_be_cancelled_that_is_not_there(chat: Chat) -> None:
    """Cancelling forgets the report in the making, and only that."""
    assert "nothing to cancel" in await chat.write("cancel")
    await chat.write("The street light is broken")
    assert "forgotten" in await chat.press("Cancel")
    assert chat.state.draft is None

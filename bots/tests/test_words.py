"""What citizens' words mean to the chat itself."""

import tomllib
from importlib.resources import files

import pytest

from citizen_bots.conversation.words import (
    Command,
    command_of,
    dictionary,
    number_of,
    numbers_to_call,
    ticket_number_of,
)
from citizen_nlp import Urgency, analyse

_WORDS = tomllib.loads((files("citizen_bots.conversation") / "words.toml").read_text("utf-8"))
_CHINESE_DANGER = [(number, word) for number, words in _WORDS["danger"].items() for word in words if not word.isascii()]


@pytest.mark.parametrize("text", ["我的工单", " 我的工单。", "My Tickets", "ＭＹ　ＴＩＣＫＥＴＳ"])
def test_a_command_has_many_spellings(text: str) -> None:
    """Case, width, blanks and punctuation make no difference."""
    assert command_of(text) is Command.MINE


@pytest.mark.parametrize("text", ["我的工单什么时候处理", "help me, the light is broken", ""])
def test_a_command_is_the_whole_message(text: str) -> None:
    """A command's words inside a sentence are no command."""
    assert command_of(text) is None


def test_every_command_has_words() -> None:
    """Nothing can be asked for by buttons alone."""
    assert set(dictionary().commands.values()) == set(Command)


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("３。", 3), (" 三 ", 3), ("12", 12), ("120", None), ("第三", None)]
)
def test_a_choice_is_a_short_number(text: str, number: int | None) -> None:
    """One takes a choice by a figure or a Chinese numeral; an emergency number is none."""
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["ZZ-20261122-7K3FQ2-9", "zz-20261122-7k3fq2-9", " ZZ-20261122 -7K3FQ2-9"])
def test_a_ticket_number_is_read_as_it_was_copied(text: str) -> None:
    """Case and blanks make no difference."""
    assert ticket_number_of(text) == "ZZ-20261122-7K3FQ2-9"


def test_a_sentence_is_no_ticket_number() -> None:
    """A number inside a sentence does not hide the sentence."""
    assert ticket_number_of("ZZ-20261122-7K3FQ2-9 还没修好") is None


def test_danger_names_each_number_to_call() -> None:
    """Two dangers have two numbers."""
    assert set(numbers_to_call("着火了，有人昏迷")) == {"119", "120"}
    assert numbers_to_call("路灯坏了") == ()


@pytest.mark.parametrize(
    ("text", "command"), [("我的工單", Command.MINE), ("幫助", Command.HELP), ("發送", Command.SEND)]
)
def test_traditional_signs_say_the_same(text: str, command: Command) -> None:
    """A citizen from Hong Kong or Taiwan is understood, above all in danger."""
    assert command_of(text) is command
    assert numbers_to_call("著火了") == ("119",)


@pytest.mark.parametrize(("number", "word"), _CHINESE_DANGER)
def test_the_gateway_knows_every_danger_too(number: str, word: str) -> None:
    """The number said first is never one the receipt would not say."""
    analysis = analyse("", word)
    assert analysis.urgency is Urgency.EMERGENCY
    assert number in analysis.emergency_numbers

"""Danger to life, against hard lists of our own."""

from pathlib import Path

import pytest

from citizen_nlp.danger import Danger, find_danger
from citizen_nlp.model import Urgency
from citizen_nlp.normalise import fold
from citizen_nlp.scanning import scan

HERE = Path(__file__).parent / "data"
EMERGENCIES = [line.split("\t") for line in (HERE / "emergencies.tsv").read_text(encoding="utf-8").splitlines()]
CALM = (HERE / "calm.tsv").read_text(encoding="utf-8").splitlines()


def danger_of(text: str) -> Danger:
    """Look for danger in a message without title."""
    found = scan(fold(f"\n{text}").text)
    return find_danger(fold(f"\n{text}"), 0, found.alarms, found.shields)


def urgency_of(text: str) -> Urgency:
    """Say how urgent a message without title is."""
    return danger_of(text).urgency


class TestLists:
    """Recall comes first."""

    def test_lists_are_long_enough(self) -> None:
        """At least sixty of each."""
        assert len(EMERGENCIES) >= 60
        assert len(CALM) >= 60

    @pytest.mark.parametrize(("number", "text"), EMERGENCIES)
    def test_emergency_is_found_with_its_number(self, number: str, text: str) -> None:
        """Every emergency is found, and the number to call is among those told."""
        assert number in danger_of(text).numbers

    def test_few_calm_sentences_alarm(self) -> None:
        """At most one in twenty."""
        assert sum(urgency_of(text) is Urgency.EMERGENCY for text in CALM) <= len(CALM) // 20


class TestRecent:
    """Old stories are not emergencies."""

    def test_old_word_deep_in_a_letter_is_calm(self) -> None:
        """受伤 in the middle of a long letter is a story."""
        letter = "本人在一家工厂上班多年，对单位的工资制度有一些看法。" * 4 + "同事受伤后单位不管。" + "望解决。" * 5
        assert urgency_of(letter) is Urgency.NORMAL

    def test_the_same_word_in_a_caption_alarms(self) -> None:
        """A short message is about now."""
        assert urgency_of("路口撞车有人受伤") is Urgency.EMERGENCY

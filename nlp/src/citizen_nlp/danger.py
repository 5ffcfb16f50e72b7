"""Finds words of danger to life and says which emergency number to call."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Span, Urgency
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import PhraseIndex

_CLAUSE = re.compile("[。！？；，\n]")
NUMBERS = ("110", "119", "120")


class Danger(NamedTuple):
    """How urgent the message is, the words that say so and the numbers to call."""

    urgency: Urgency
    spans: tuple[Span, ...]
    numbers: tuple[str, ...]


class DangerWords(NamedTuple):
    """Danger phrases with their number, and words that make a clause a calm one."""

    index: PhraseIndex[str]
    calm: re.Pattern[str]


@cache
def danger_words(path: Path = DATA / "danger.txt") -> DangerWords:
    """Load the words of danger."""
    sections = read_sections(path)
    pairs = [(fold(phrase).text, number) for number in NUMBERS for phrase in sections[number]["sure"]]
    calm = "|".join(re.escape(fold(word).text) for word in sections["calm"]["near"])
    return DangerWords(PhraseIndex(pairs), re.compile(calm))


def find_danger(message: Folded) -> Danger:
    """Look for danger to life; a danger word in a clause that supposes, recalls or teaches does not count."""
    words = danger_words()
    found = [
        hit
        for hit in words.index.find(message.text)
        if not _calm(message.text, hit.start, hit.end, words.calm)
    ]
    if not found:
        return Danger(Urgency.NORMAL, (), ())
    spans = tuple(message.span(hit.start, hit.end) for hit in found)
    return Danger(Urgency.EMERGENCY, spans, tuple(sorted({hit.payload for hit in found})))


def _calm(text: str, start: int, end: int, calm: re.Pattern[str]) -> bool:
    before = [m.end() for m in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    return calm.search(text, before[-1] if before else 0, after.start() if after else len(text)) is not None

"""Finds words of danger to life and says which emergency number to call.

Recall comes first: a harmless message taken for an emergency costs a look, a missed one may cost a life.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Span, Urgency
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import Hit
from citizen_nlp.strengths import normalised

_CLAUSE_END = "。！？；，\n"
_SHORT = 60
NUMBERS = ("110", "119", "120")


class Danger(NamedTuple):
    """How urgent the message is, the words that say so and the numbers to call."""

    urgency: Urgency
    spans: tuple[Span, ...]
    numbers: tuple[str, ...]


CALM = Danger(Urgency.NORMAL, (), ())


class Alarm(NamedTuple):
    """A danger phrase: the number to call, and whether people also tell old stories with it."""

    number: str
    recent: bool


class Shield(NamedTuple):
    """A harmless phrase that holds a danger phrase."""

    phrase: str


class _Words(NamedTuple):
    calm: re.Pattern[str]
    now: re.Pattern[str]


@cache
def _words(path: Path = DATA / "danger.txt") -> _Words:
    sections = read_sections(path)
    return _Words(_any(sections["calm"]["near"]), _any(sections["now"]["near"]))


def alarm_phrases(path: Path = DATA / "danger.txt") -> list[tuple[str, Alarm]]:
    """List the danger phrases with their numbers."""
    sections = read_sections(path)
    return [
        (phrase, Alarm(number, strength == "recent"))
        for number in NUMBERS
        for strength, phrases in sections[number].items()
        for phrase in normalised(phrases)
    ]


def shield_phrases(path: Path = DATA / "danger.txt") -> list[tuple[str, Shield]]:
    """List the harmless phrases around danger phrases."""
    return [(phrase, Shield(phrase)) for phrase in normalised(read_sections(path)["shield"]["phrases"])]


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(fold(word).text) for word in words))


def find_danger(message: Folded, title_end: int, hits: list[Hit[Alarm]], shields: list[Hit[Shield]]) -> Danger:
    """Judge the danger phrases found in a message whose title ends at `title_end`."""
    if not hits:
        return CALM
    words, text = _words(), message.text
    found = [hit for hit in hits if not _shielded(hit, shields) and _counts(text, title_end, hit, words)]
    if not found:
        return CALM
    spans = tuple([message.span(start, end) for start, end, _ in _longest(found)])
    return Danger(Urgency.EMERGENCY, spans, tuple(sorted({alarm.number for _, _, alarm in found})))


def _counts(text: str, title_end: int, hit: Hit[Alarm], words: _Words) -> bool:
    start, end, alarm = hit
    opened = max([text.rfind(mark, 0, start) for mark in _CLAUSE_END]) + 1
    ends = [close for mark in _CLAUSE_END if (close := text.find(mark, end)) >= 0]
    clause = (opened, min(ends, default=len(text)))
    if words.calm.search(text, *clause):
        return False
    if not alarm.recent:
        return True
    early = end <= title_end + _SHORT // 2 or len(text) - title_end <= _SHORT
    return early or words.now.search(text, *clause) is not None


def _shielded(hit: Hit[Alarm], shields: list[Hit[Shield]]) -> bool:
    return any(start <= hit[0] and hit[1] <= end for start, end, _ in shields)


def _longest(hits: list[Hit[Alarm]]) -> list[Hit[Alarm]]:
    kept: list[Hit[Alarm]] = []
    for hit in sorted(hits, key=lambda h: (h[0], -h[1])):
        if not kept or hit[1] > kept[-1][1]:
            kept.append(hit)
    return kept

"""Finds words of danger to life and says which emergency number to call.

Recall comes first: a harmless message taken for an emergency costs a look, a missed one may cost a life.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, DataFileError, read_sections
from citizen_nlp.model import Span, Urgency
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import Hit, PhraseIndex

_CLAUSE_END = "。！？；，\n"
_SHORT = 60
NUMBERS = ("110", "119", "120")


class Danger(NamedTuple):
    """How urgent the message is, the words that say so and the numbers to call."""

    urgency: Urgency
    spans: tuple[Span, ...]
    numbers: tuple[str, ...]


CALM = Danger(Urgency.NORMAL, (), ())


class _Alarm(NamedTuple):
    number: str
    recent: bool


class _Words(NamedTuple):
    alarms: PhraseIndex[_Alarm]
    shields: PhraseIndex[None]
    calm: re.Pattern[str]
    now: re.Pattern[str]


@cache
def _words(path: Path = DATA / "danger.txt") -> _Words:
    sections = read_sections(path)
    if missing := {*NUMBERS, "calm", "now", "shield"} - sections.keys():
        raise DataFileError(path, None, f"lacks the sections {sorted(missing)}")
    alarms = PhraseIndex(
        (fold(phrase).text, _Alarm(number, strength == "recent"))
        for number in NUMBERS
        for strength, phrases in sections[number].items()
        for phrase in phrases
    )
    shields = PhraseIndex((fold(phrase).text, None) for phrase in sections["shield"]["phrases"])
    return _Words(alarms, shields, _any(sections["calm"]["near"]), _any(sections["now"]["near"]))


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(fold(word).text) for word in words))


def find_danger(message: Folded, title_end: int) -> Danger:
    """Look for danger to life in a message whose title ends at `title_end`."""
    words, text = _words(), message.text
    hits = words.alarms.find(text)
    if not hits:
        return CALM
    shields = words.shields.find(text)
    found = [hit for hit in hits if not _shielded(hit, shields) and _counts(text, title_end, hit, words)]
    if not found:
        return CALM
    spans = tuple(message.span(hit.start, hit.end) for hit in _longest(found))
    return Danger(Urgency.EMERGENCY, spans, tuple(sorted({hit.payload.number for hit in found})))


def _counts(text: str, title_end: int, hit: Hit[_Alarm], words: _Words) -> bool:
    start = max(text.rfind(mark, 0, hit.start) for mark in _CLAUSE_END) + 1
    ends = [end for mark in _CLAUSE_END if (end := text.find(mark, hit.end)) >= 0]
    clause = (start, min(ends, default=len(text)))
    if words.calm.search(text, *clause):
        return False
    if not hit.payload.recent:
        return True
    early = hit.end <= title_end + _SHORT // 2 or len(text) - title_end <= _SHORT
    return early or words.now.search(text, *clause) is not None


def _shielded(hit: Hit[_Alarm], shields: list[Hit[None]]) -> bool:
    return any(shield.start <= hit.start and hit.end <= shield.end for shield in shields)


def _longest(hits: list[Hit[_Alarm]]) -> list[Hit[_Alarm]]:
    kept: list[Hit[_Alarm]] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not kept or hit.end > kept[-1].end:
            kept.append(hit)
    return kept

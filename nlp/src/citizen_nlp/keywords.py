"""Picks the phrases that say what a message is about."""

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, DataFileError
from citizen_nlp.lexicon import plain_words
from citizen_nlp.model import Keyword
from citizen_nlp.normalise import Folded
from citizen_nlp.subject import Range, stopwords

TOP = 8
READ = 600
EARLY = 40
IN_TITLE = 1.5
SPARE = 6
SHORT = 60
SURER = 5


class Keyness(NamedTuple):
    """How likely a word of a text is to be in its own title: per word, and how its place counts."""

    words: dict[str, float]
    unknown: float
    repeated: float
    late: float
    early: float


@cache
def keyness(path: Path = DATA / "keywords.txt") -> Keyness:
    """Load the shipped keyness table: four numbers, then one word with its log-odds per line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        unknown, repeated, late, early = map(float, lines[0].split())
    except (ValueError, IndexError) as error:
        raise DataFileError(path, 1, "expected four numbers") from error
    words: dict[str, float] = {}
    for number, line in enumerate(lines[1:], start=2):
        word, _, odds = line.partition(" ")
        try:
            words[word] = float(odds) / 10
        except ValueError as error:
            raise DataFileError(path, number, f"expected a word and its log-odds, got {line!r}") from error
    return Keyness(words, unknown, repeated, late, early)


class Occurrences(NamedTuple):
    """For each candidate word, where it first stands and how often it comes."""

    starts: dict[str, int]
    counts: dict[str, int]


def content_words(words: list[str]) -> Occurrences:
    """Find the words of a cut text that could be keywords: two characters or more, no mere number."""
    starts: dict[str, int] = {}
    counts: dict[str, int] = {}
    position = 0
    for word in words:
        size = len(word)
        if size > 1 and word[0].isalnum() and not word.isdigit():
            if word in starts:
                counts[word] += 1
            else:
                starts[word] = position
                counts[word] = 1
        position += size
    return Occurrences(starts, counts)


@cache
def _position() -> list[float]:
    return [math.log(1 + start / 10) for start in range(READ)]


def log_odds(table: Keyness, found: Occurrences) -> dict[str, float]:
    """Give for each word the log-odds of being in the title."""
    known, unknown, position = table.words, table.unknown, _position()
    late, early, counts = table.late, table.early, found.counts
    scores: dict[str, float] = {}
    for word, start in found.starts.items():
        score = known.get(word, unknown) + late * position[start]
        if start < EARLY:
            score += early
        if counts[word] > 1:
            score += table.repeated * math.log(counts[word])
        scores[word] = score
    return scores


def find_keywords(message: Folded, title_end: int, problem: Range | None) -> tuple[Keyword, ...]:
    """Give the problem phrase and single words by how likely a title holds them; words of the title first.

    In a long text without title the phrase is less sure and comes after the first `SURER` words.
    """
    skipped = stopwords()
    found = content_words(plain_words(message.text[:READ]))
    starts = found.starts
    scores = log_odds(keyness(), found)
    for word, start in starts.items():
        if start >= title_end:
            break
        scores[word] += IN_TITLE
    keywords: list[Keyword] = []
    late = problem is not None and title_end == 0 and len(message.text) > SHORT
    if problem is not None and not late:
        keywords.append(_keyword(message, problem, 1.0))
    for word in sorted(scores, key=scores.__getitem__, reverse=True)[: TOP + SPARE]:
        if word in skipped or len(keywords) >= TOP:
            continue
        chance = 1.0 / (1.0 + math.exp(-scores[word]))
        keyword = _keyword(message, Range(starts[word], starts[word] + len(word)), min(max(chance, 0.0001), 0.99))
        if not keywords or keyword.text != keywords[0].text:
            keywords.append(keyword)
    if problem is not None and late:
        before = keywords[:SURER]
        phrase = _keyword(message, problem, before[-1].weight if before else 1.0)
        keywords = [*before, phrase, *(k for k in keywords[SURER : TOP - 1] if k.text != phrase.text)]
    return tuple(keywords)


def _keyword(message: Folded, place: Range, weight: float) -> Keyword:
    span = message.span(place.start, place.end)
    return Keyword(span.text, round(weight, 4), span)

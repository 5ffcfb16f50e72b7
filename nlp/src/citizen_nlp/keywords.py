"""Picks the phrases that say what a message is about."""

import math
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, DataFileError, read_lines
from citizen_nlp.lexicon import plain_words
from citizen_nlp.model import Keyword, ten_thousandths
from citizen_nlp.normalise import Folded
from citizen_nlp.subject import Range, stopwords

TOP = 8
READ = 600
EARLY = 40
IN_TITLE = 1.5
SPARE = 6
SHORT = 60
LEAST = 0.0001
MOST = 0.99
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
    lines = read_lines(path)
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
    """Where each candidate word first stands, and how often those come that come again."""

    starts: dict[str, int]
    repeated: dict[str, int]


def content_words(words: list[str]) -> Occurrences:
    """Find the words of a cut text that could be keywords: two characters or more, no mere number."""
    starts: dict[str, int] = {}
    repeated: dict[str, int] = {}
    for word, start in zip(words, accumulate(map(len, words), initial=0), strict=False):
        if len(word) > 1:
            if word in starts:
                repeated[word] = repeated.get(word, 1) + 1
            elif word[0].isalnum() and not word.isdigit():
                starts[word] = start
    return Occurrences(starts, repeated)


@cache
def _by_place(late: float, early: float) -> list[float]:
    return [late * math.log(1 + start / 10) + early * (start < EARLY) for start in range(READ)]


class Scored(NamedTuple):
    """For each candidate word the log-odds of being in the title, and where it first stands."""

    odds: dict[str, float]
    starts: dict[str, int]


def log_odds(table: Keyness, words: list[str]) -> Scored:
    """Weigh the `content_words` of a cut text, in one pass."""
    unknown, by_place = table.unknown, _by_place(table.late, table.early)
    odds: dict[str, float] = {}
    starts: dict[str, int] = {}
    repeated: dict[str, int] = {}
    places = accumulate(map(len, words), initial=0)
    for word, start, own in zip(words, places, map(table.words.get, words), strict=False):
        if own is None and (len(word) == 1 or not word[0].isalnum() or word.isdigit()):
            continue
        if word in odds:
            repeated[word] = repeated.get(word, 1) + 1
        else:
            starts[word] = start
            odds[word] = (unknown if own is None else own) + by_place[start]
    for word, count in repeated.items():
        odds[word] += table.repeated * math.log(count)
    return Scored(odds, starts)


def find_keywords(message: Folded, title_end: int, problem: Range | None) -> tuple[Keyword, ...]:
    """Give the problem phrase and single words by how likely a title holds them; words of the title first.

    In a long text without title the phrase is less sure and comes after the first `SURER` words.
    """
    scores, starts = log_odds(keyness(), plain_words(message.text[:READ]))
    for word, start in starts.items():
        if start >= title_end:
            break
        scores[word] += IN_TITLE
    best = sorted(scores, key=scores.__getitem__, reverse=True)[: TOP + SPARE]
    skipped = stopwords()
    ranked = [(starts[word], word, scores[word]) for word in best if word not in skipped]
    if problem is None:
        return tuple(_keywords(message, ranked[:TOP]))
    phrase = message.span(*problem)
    if title_end > 0 or len(message.text) <= SHORT:
        words = [keyword for keyword in _keywords(message, ranked[:TOP]) if keyword.text != phrase.text]
        return (Keyword(phrase.text, 1.0, phrase), *words[: TOP - 1])
    words = _keywords(message, ranked[: TOP - 1])
    surer = words[:SURER]
    weight = surer[-1].weight if surer else 1.0
    return (*surer, Keyword(phrase.text, weight, phrase), *[k for k in words[SURER:] if k.text != phrase.text])


def _keywords(message: Folded, ranked: list[tuple[int, str, float]]) -> list[Keyword]:
    made: list[Keyword] = []
    for start, word, odds in ranked:
        span = message.span(start, start + len(word))
        chance = 1.0 / (1.0 + math.exp(-odds))
        if not LEAST < chance < MOST:
            chance = min(max(chance, LEAST), MOST)
        made.append(Keyword(span.text, ten_thousandths(chance), span))
    return made

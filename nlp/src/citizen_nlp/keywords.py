"""Picks the phrases that say what a message is about."""

import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, DataFileError
from citizen_nlp.lexicon import Lexicon
from citizen_nlp.model import Keyword
from citizen_nlp.normalise import Folded
from citizen_nlp.subject import Range, stopwords

TOP = 8
READ = 600
SHORTEST = 2


class Keyness(NamedTuple):
    """How likely a word of a text is to be in its citizen's own title: per word, and how the place in it counts."""

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
        word, space, odds = line.partition(" ")
        try:
            words[word] = float(odds) / 10
        except ValueError as error:
            raise DataFileError(path, number, f"expected a word and its log-odds, got {line!r}") from error
    return Keyness(words, unknown, repeated, late, early)


class Occurrence(NamedTuple):
    """Where a word first stands and how often it comes."""

    start: int
    count: int


def content_words(words: list[str]) -> dict[str, Occurrence]:
    """Give the words of a cut text that could be keywords: two characters or more, beginning with Chinese."""
    found: dict[str, Occurrence] = {}
    position = 0
    for word in words:
        if len(word) >= SHORTEST and "\u4e00" <= word[0] <= "\u9fff":
            before = found.get(word)
            found[word] = Occurrence(before.start, before.count + 1) if before else Occurrence(position, 1)
        position += len(word)
    return found


def log_odds(table: Keyness, word: str, seen: Occurrence) -> float:
    """Give the log-odds of `word` being in the title."""
    score = table.words.get(word, table.unknown) + table.repeated * math.log(seen.count)
    return score + table.late * math.log1p(seen.start / 10) + (table.early if seen.start < 40 else 0.0)


def find_keywords(message: Folded, title_end: int, problem: Range | None, lexicon: Lexicon) -> tuple[Keyword, ...]:
    """Give the problem phrase first, then single words by how likely a title would hold them; words of the title double."""
    table = keyness()
    found = content_words(lexicon.cut(message.text[:READ]))
    skipped = stopwords()
    scored = [
        (log_odds(table, word, seen) + (1.5 if seen.start < title_end else 0.0), -seen.start, word)
        for word, seen in found.items()
        if word not in skipped
    ]
    scored.sort(reverse=True)
    keywords: list[Keyword] = []
    if problem is not None:
        span = message.span(problem.start, problem.end)
        keywords.append(Keyword(span.text, 1.0, span))
    for odds, negative, word in scored[: TOP + 1]:
        span = message.span(-negative, len(word) - negative)
        weight = 1.0 / (1.0 + math.exp(-odds))
        if len(keywords) < TOP and all(span.text != other.text for other in keywords):
            keywords.append(Keyword(span.text, round(max(min(weight, 0.99), 0.0001), 4), span))
    return tuple(keywords)

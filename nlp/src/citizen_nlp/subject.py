"""Tells a message in one line and its problem in one phrase."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.leaves import Cue
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import PlaceMention
from citizen_nlp.normalise import fold
from citizen_nlp.phrases import Hit

LONGEST = 24
READ = 400
_CLAUSE = re.compile("[^，。；！？：\n]+")


class Range(NamedTuple):
    """Half-open range of the normalised text."""

    start: int
    end: int


class _Frame(NamedTuple):
    lead: re.Pattern[str]
    tail: re.Pattern[str]


@cache
def _frame(path: Path = DATA / "subject.txt") -> _Frame:
    words = read_sections(path)["subject"]
    lead, tail = ("|".join(sorted(map(re.escape, words[key]), key=len, reverse=True)) for key in ("lead", "tail"))
    return _Frame(re.compile(f"(?:{lead}|[的了 ])+"), re.compile(f"(?:{tail}|[ 。！？，])+$"))


@cache
def stopwords(path: Path = DATA / "subject.txt") -> frozenset[str]:
    """Load the words that say nothing about a problem."""
    return frozenset(fold(word).text for word in read_sections(path)["stopwords"]["words"])


def find_subject(text: str, title_end: int, hits: list[Hit[Cue]]) -> Range:
    """Give the title, or the clause with the heaviest cues among the first `READ` characters."""
    if text[:title_end].strip():
        return Range(0, title_end)
    clauses = [Range(*match.span()) for match in _CLAUSE.finditer(text, 0, READ)]
    if not clauses:
        return Range(0, 0)
    weights = [0.0] * len(clauses)
    index = 0
    for start, _, cue in sorted(hits, key=lambda hit: hit.start):
        while index < len(clauses) - 1 and start >= clauses[index].end:
            index += 1
        if clauses[index].start <= start < clauses[index].end:
            weights[index] += cue.weight
    return clauses[max(range(len(clauses)), key=lambda i: (weights[i] - 0.4 * i, -i))]


def problem_phrase(text: str, subject: Range, places: tuple[PlaceMention, ...], hits: list[Hit[Cue]]) -> Range | None:
    """Cut the subject down to its problem: no place, request or closing words, at most `LONGEST` long."""
    clauses = [Range(*match.span()) for match in _CLAUSE.finditer(text, subject.start, subject.end)]
    pieces = [piece for clause in clauses for piece in _without_places(clause, places)]
    trimmed = [piece for piece in (_trim(text, piece) for piece in pieces) if piece.end - piece.start > 1]
    if not trimmed:
        return None

    def strength(piece: Range) -> float:
        return sum(hit.payload.weight for hit in hits if piece.start <= hit.start and hit.end <= piece.end)

    best = max(trimmed, key=lambda piece: (strength(piece), -piece.start))
    return _around_cue(best, hits) if best.end - best.start > LONGEST else best


def _without_places(clause: Range, places: tuple[PlaceMention, ...]) -> list[Range]:
    pieces = [clause]
    for place in places:
        start, end = place.span.start, place.span.end
        pieces = [
            cut
            for piece in pieces
            for cut in (
                (Range(piece.start, start), Range(end, piece.end))
                if piece.start <= start and end <= piece.end
                else (piece,)
            )
        ]
    return pieces


def _trim(text: str, piece: Range) -> Range:
    frame = _frame()
    lead = frame.lead.match(text, piece.start, piece.end)
    start = lead.end() if lead else piece.start
    tail = frame.tail.search(text[start : piece.end])
    return Range(start, start + tail.start() if tail else piece.end)


def _around_cue(piece: Range, hits: list[Hit[Cue]]) -> Range:
    inside = [hit for hit in hits if piece.start <= hit.start and hit.end <= piece.end]
    if not inside:
        return Range(piece.start, piece.start + LONGEST)
    best = max(inside, key=lambda hit: (hit.payload.weight, hit.end - hit.start, -hit.start))
    start = max(piece.start, best.start - 8)
    return Range(start, min(piece.end, start + LONGEST))

"""Tells a message in one line and its problem in one phrase."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from citizen_nlp.leaves import Cue
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.normalise import fold
from citizen_nlp.phrases import Hit, any_of

LONGEST = 24
READ = 400
LATER = -0.4
_ALIKE = 1e-6
_LATER = [LATER * number for number in range(READ)]
_CLAUSE = re.compile("[^，。；！？：\n]+")
_CLOSING = " 。！？，"
_Piece: TypeAlias = tuple[int, int]


class Range(NamedTuple):
    """Half-open range of the normalised text."""

    start: int
    end: int


class _Frame(NamedTuple):
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    closing: frozenset[str]


@cache
def _frame(path: Path = DATA / "subject.txt") -> _Frame:
    words = read_sections(path)["subject"]
    lead, tail = any_of(words["lead"]), any_of(words["tail"])
    closing = frozenset(word[-1] for word in words["tail"]) | set(_CLOSING)
    return _Frame(re.compile(f"(?:{lead}|[的了 ])+"), re.compile(f"(?:{tail}|[{_CLOSING}])+$"), closing)


@cache
def stopwords(path: Path = DATA / "subject.txt") -> frozenset[str]:
    """Load the words that say nothing about a problem."""
    return frozenset(fold(word).text for word in read_sections(path)["stopwords"]["words"])


def find_subject(text: str, title_end: int, hits: list[Hit[Cue]]) -> Range:
    """Give the title, or the clause with the heaviest cues among the first `READ` characters."""
    if text[:title_end].strip():
        return Range(0, title_end)
    clauses = list(_CLAUSE.finditer(text, 0, READ))
    if not clauses:
        return Range(0, 0)
    ends = [clause.end() for clause in clauses]
    worth = _LATER[: len(ends)]
    worth.append(0.0)  # takes what stands beyond the last clause
    for start, _, (_, weight, _) in hits:
        worth[bisect_right(ends, start)] += weight
    worth.pop()
    least = max(worth) - _ALIKE
    best = next(number for number, value in enumerate(worth) if value > least)
    return Range(*clauses[best].span())


def problem_phrase(text: str, subject: Range, places: Sequence[Range], hits: list[Hit[Cue]]) -> Range | None:
    """Cut the subject down to its problem: no place, request or closing words, at most `LONGEST` long."""
    pieces = [match.span() for match in _CLAUSE.finditer(text, *subject)] if subject.start == 0 else [subject]
    if places:
        pieces = [piece for clause in pieces for piece in _without_places(clause, places)]
    trimmed = [(start, end) for start, end in [_trim(text, piece) for piece in pieces] if end - start > 1]
    if not trimmed:
        return None
    best = trimmed[0] if len(trimmed) == 1 else max(trimmed, key=lambda piece: (_strength(piece, hits), -piece[0]))
    return _around_cue(best, hits) if best[1] - best[0] > LONGEST else Range(*best)


def _strength(piece: _Piece, hits: list[Hit[Cue]]) -> float:
    opened, closed = piece
    return sum([cue.weight for start, end, cue in hits if opened <= start and end <= closed])


def _without_places(clause: _Piece, places: Sequence[Range]) -> list[_Piece]:
    pieces = [clause]
    for start, end in places:
        pieces = [
            cut
            for piece in pieces
            for cut in (((piece[0], start), (end, piece[1])) if piece[0] <= start and end <= piece[1] else (piece,))
        ]
    return pieces


def _trim(text: str, piece: _Piece) -> _Piece:
    frame = _frame()
    start, end = piece
    lead = frame.lead.match(text, start, end)
    if lead is not None:
        start = lead.end()
    if start < end and text[end - 1] in frame.closing:
        tail = frame.tail.search(text[start:end])
        if tail is not None:
            end = start + tail.start()
    return start, end


def _around_cue(piece: _Piece, hits: list[Hit[Cue]]) -> Range:
    opened, closed = piece
    inside = [(cue.weight, end - start, -start) for start, end, cue in hits if opened <= start and end <= closed]
    start = max(opened, -max(inside)[2] - 8) if inside else opened
    return Range(start, min(closed, start + LONGEST))

"""Words by which a Chinese text is found: overlapping pairs of characters, with their places, as PostgreSQL keeps them.

A word of two characters is one pair; a longer one is a phrase of pairs that follow each other. Letters and digits stay
whole words, found by their beginning too, but for short numbers: a house's 2 is not its 25. A single character is found
as the beginning of a pair, and the last character of a run is kept alone too.
"""

import re
from collections.abc import Iterable

from citizen_nlp.normalise import fold

_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+")
_GAP = 8  # no phrase reaches from one field into the next
_LAST_PLACE = 16_000  # tsvector knows places up to 16383
_MOST_PLACES = 200  # and 255 of them for one word
_LONGEST = 64
_LEAST_DIGITS = 4
"""So many digits are taken for the beginning of a longer number: with fewer every ticket's own number would begin."""

AREA, DEPARTMENT, PHONE = "@", "#", "%"
"""What a mark begins with, a word that stands in no text: an area, a department, the keyed hash of a number."""


def vector(texts: Iterable[str], marks: Iterable[str]) -> str:
    """Return a `tsvector` in text form of some fields and of marks, which have no place."""
    places: dict[str, list[int]] = {}
    start = 1
    for text in texts:
        end = start
        for word, place in _words(text, start):
            if place > _LAST_PLACE:
                break
            found = places.get(word)
            if found is None:
                places[word] = [place]
            elif len(found) < _MOST_PLACES:
                found.append(place)
            end = place + 1
        start = end + _GAP
    # Words are letters, digits and characters of Chinese: nothing in them needs an escape.
    told = [
        f"'{word}':{at[0]}" if len(at) == 1 else f"'{word}':{','.join(map(str, at))}" for word, at in places.items()
    ]
    return " ".join([*map(_quoted, marks), *told])


def query(text: str) -> str | None:
    """Return the `tsquery` in text form that finds all words of a text, None where it has none."""
    parts = []
    for run in _RUN.findall(fold(text).text):
        if run.isascii() or len(run) == 1:
            is_whole = run.isdigit() and len(run) < _LEAST_DIGITS
            parts.append(f"{_quoted(run[:_LONGEST])}{'' if is_whole else ':*'}")
        else:
            parts.append(" <-> ".join(_quoted(run[i : i + 2]) for i in range(len(run) - 1)))
    return " & ".join(f"({part})" for part in parts) or None


def any_mark(marks: Iterable[str]) -> str:
    """Return the `tsquery` that finds what has one of these marks."""
    return f"({' | '.join(map(_quoted, marks))})"


def _words(text: str, start: int) -> list[tuple[str, int]]:
    found, place = [], start
    for run in _RUN.findall(fold(text).text):
        if run.isascii():
            found.append((run[:_LONGEST], place))
            place += 2
            continue
        found += [(run[i : i + 2], place + i) for i in range(len(run) - 1)]
        found.append((run[-1], place + len(run) - 1))
        place += len(run) + 1
    return found


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"

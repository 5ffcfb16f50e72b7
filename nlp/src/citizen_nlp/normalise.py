"""Brings what people type to one form, keeping for every character the place it had in the message."""

import re
from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Span

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_SURROGATES = range(0xD800, 0xE000)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x3000)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_DIGITS = (range(0x0660, 0x1C5A), range(0xA620, 0xABFA))  # of other scripts


class Folded(NamedTuple):
    """Normalised `text` of a message `raw`; `back[i]` is where character i stood, None when nothing moved."""

    raw: str
    text: str
    back: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """Give the span of the original message that `[start, end)` of the normalised text stands for."""
        if self.back is not None:
            start, end = self.back[start], self.back[end - 1] + 1
        return Span(start, end, self.raw[start:end])

    def place(self, span: Span) -> tuple[int, int]:
        """Give the range of the normalised text that a span of the original message stands for."""
        if self.back is None:
            return span.start, span.end
        return bisect_left(self.back, span.start), bisect_left(self.back, span.end)


def simplified(path: Path = DATA / "simplified.txt") -> dict[int, int]:
    """Load which traditional character becomes which simplified one; raise `DataFileError` for what is no pair."""
    pairs = read_sections(path)["characters"]["pairs"]
    for line, pair in pairs.numbered():
        if len(pair) != 2:
            pairs.refuse(line, f"expected two characters side by side, got {pair!r}")
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}


@cache
def _table() -> dict[int, int]:
    table = dict.fromkeys(_CONTROLS, ord(" "))
    table[ord("\n")] = ord("\n")
    table |= dict.fromkeys(_SURROGATES, 0xFFFD)
    table |= {code: code - 0xFEE0 for code in _FULL_WIDTH}
    table |= simplified()
    table |= {code: ord("0") + int(chr(code)) for block in _DIGITS for code in block if chr(code).isdecimal()}
    # Clause marks stay Chinese whatever the keyboard was, so that one rule splits sentences.
    table |= {ord(latin): ord(chinese) for latin, chinese in zip(",;:?!()", "，；：？！（）", strict=True)}
    table |= {ord(mark): ord(mark) for mark in "，；：？！（）"}
    return table | {code: code + 32 for code in range(ord("A"), ord("Z") + 1)} | _wide_capitals()


def _wide_capitals() -> dict[int, int]:
    return {code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)}


@cache
def _unusual() -> re.Pattern[str]:
    """Give a pattern for what must be changed or dropped; most messages have none of it.

    All of it is below U+10000: a set of characters with one above is fifty times as slow.
    """
    changed = "".join([re.escape(chr(code)) for code, other in _table().items() if code != other])
    return re.compile(f"[{changed}{INVISIBLE.pattern[1:-1]}]")


@cache
def _units() -> NDArray[np.uint16]:
    """Give the table for all UTF-16 units, so that numpy folds a text in one step."""
    units = np.arange(1 << 16, dtype=np.uint16)
    table = {code: other for code, other in _table().items() if code < len(units)}
    units[list(table)] = list(table.values())
    return units


def fold(raw: str) -> Folded:
    """Normalise width, case, digits, clause marks, control and traditional characters one for one.

    Invisible characters are dropped; lone surrogates become U+FFFD. Never raises.
    """
    if _unusual().search(raw) is None:
        return Folded(raw, raw, None)
    if INVISIBLE.search(raw) is None:
        pairs = raw.encode("utf-16-le", "surrogatepass")
        if len(pairs) == 2 * len(raw):
            units = _units().take(np.frombuffer(pairs, np.uint16))
            return Folded(raw, units.tobytes().decode("utf-16-le"), None)
        return Folded(raw, raw.translate(_table()), None)
    back = tuple(i for i, char in enumerate(raw) if INVISIBLE.match(char) is None)
    kept = "".join([raw[i] for i in back])
    return Folded(raw, kept.translate(_table()), back)

"""Splits a message that makes several demands."""

import re
from functools import cache
from pathlib import Path

from citizen_nlp.lexfile import DATA, read_sections

SHORTEST = 8
MOST = 8
_OPENER = re.compile("[（1-9一二三四五六七八九第]")


@cache
def _marks(path: Path = DATA / "parts.txt") -> tuple[re.Pattern[str], re.Pattern[str]]:
    further = "|".join(read_sections(path)["open"]["further"])
    digit, word = "[1-9]", "[一二三四五六七八九]"
    numbered = (
        rf"(?:^|(?<=[。；：！？，\n ]))(?:（?(?:{digit}|{word})）"
        rf"|{digit}(?:、|\.(?!\d)|，(?=[\u4e00-\u9fff]))"
        rf"|{word}(?:、|是(?!个)|，)|第{word}(?:、|，|：|是|点))"
    )
    return re.compile(numbered), re.compile(f"(?<=[。；！？\n])(?:{further})")


def _numbered(text: str, start: int, numbered: re.Pattern[str]) -> list[int]:
    # No sign begins inside another, since what is before it there is no mark.
    places = [first.start() for first in _OPENER.finditer(text, start)]
    return [place for place in places if numbered.match(text, place) is not None]


@cache
def part_signs(path: Path = DATA / "parts.txt") -> tuple[str, ...]:
    """Load what must occur in a message that has parts."""
    opening = read_sections(path)["open"]
    return (*opening["first"], *opening["further"])


def find_parts(text: str, start: int) -> list[tuple[int, int]]:
    """Give the ranges of the demands in normalised text from `start` on; none unless there are at least two.

    Demands are numbered (1、2、 一、二、) or the later ones open with a word such as 另外.
    """
    if not any(sign in text for sign in part_signs()):
        return []
    numbered, further = _marks()
    opened = _numbered(text, start, numbered)
    if len(opened) < 2:
        opened = [match.start() for match in further.finditer(text, start)]
        opened = [start, *opened] if opened else []
    ranges = zip(opened, [*opened[1:], len(text)], strict=False)
    long_enough = [(a, b) for a, b in ranges if b - a >= SHORTEST][:MOST]
    return long_enough if len(long_enough) > 1 else []

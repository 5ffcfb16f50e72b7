"""Splits a message that makes several demands."""

import re
from functools import cache
from pathlib import Path

from citizen_nlp.lexfile import DATA, read_sections

SHORTEST = 8
MOST = 8


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


@cache
def _signs(path: Path = DATA / "parts.txt") -> tuple[str, ...]:
    opening = read_sections(path)["open"]
    return (*opening["first"], *opening["further"])


def find_parts(text: str, start: int) -> list[tuple[int, int]]:
    """Give the ranges of the demands in normalised text from `start` on; none unless there are at least two.

    Demands are numbered (1、2、 一、二、) or the later ones open with a word such as 另外.
    """
    if not any(sign in text for sign in _signs()):
        return []
    numbered, further = _marks()
    opened = [match.start() for match in numbered.finditer(text, start)]
    if len(opened) < 2:
        opened = [match.start() for match in further.finditer(text, start)]
        opened = [start, *opened] if opened else []
    ranges = zip(opened, [*opened[1:], len(text)], strict=False)
    long_enough = [(a, b) for a, b in ranges if b - a >= SHORTEST][:MOST]
    return long_enough if len(long_enough) > 1 else []

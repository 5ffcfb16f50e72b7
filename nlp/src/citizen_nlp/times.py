"""Finds expressions of time."""

import re
from functools import cache
from pathlib import Path

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Span
from citizen_nlp.normalise import Folded
from citizen_nlp.phrases import any_of

MOST = 8
READ = 600
# What a date, hour, length or weekday can begin with, and what can come next.
_FIRST = "0-9一二两三四五六七八九十百半几周星礼"
_SECOND = "0-9一二两三四五六七八九十百半几年月日号点：多个分小钟天星礼期拜"
_NUMBER = r"[\d一二两三四五六七八九十百半几]{1,4}"


@cache
def _pattern(path: Path = DATA / "times.txt") -> re.Pattern[str]:
    sections = read_sections(path)
    day, clock = any_of(sections["day"]["words"]), any_of(sections["clock"]["words"])
    date = (
        r"\d{2,4}[年./-]\d{1,2}[月./-]\d{1,2}[日号]?|\d{2,4}年(?:\d{1,2}月份?(?:\d{1,2}[日号])?|[初底中])?"
        r"|\d{1,2}月\d{1,2}[日号]|\d{1,2}月份|\d{1,2}[日号](?=[，。上下晚早凌中])"
    )
    hour = rf"(?:{_NUMBER}点(?:{_NUMBER}分?|多|钟|整)?|\d{{1,2}}：\d{{2}})"
    length = rf"{_NUMBER}(?:多|几)?个?(?:多)?(?:分钟|小时|钟头|天|星期|礼拜|月|年)(?:多|左右|以上)?(?:了|以来|来)?"
    weekday = "(?:周|星期|礼拜)[一二三四五六日天]"
    one = f"(?:{date}|{day}|{clock}|{weekday}|{hour}|{length})"
    return re.compile(f"{one}(?:的?(?:到|至|-|—|~)?(?={_start(path)}){one})*")


@cache
def _opener(path: Path = DATA / "times.txt") -> re.Pattern[str]:
    return re.compile(_start(path))


def _start(path: Path) -> str:
    """Give a pattern for two characters that lets every time expression pass, and most other places not."""
    sections = read_sections(path)
    words = sections["day"]["words"] + sections["clock"]["words"]
    first, second = ("".join(sorted({word[place] for word in words})) for place in (0, 1))
    return f"[{_FIRST}{first}](?=[{_SECOND}{second}])"


def find_times(message: Folded) -> tuple[Span, ...]:
    """List the first time expressions: dates, clock times, spans and habits; joined ones are one."""
    match_at = _pattern().match
    found: list[Span] = []
    passed = 0
    for opener in _opener().finditer(message.text, 0, READ):
        start = opener.start()
        match = match_at(message.text, start, READ) if start >= passed else None
        if match is not None:
            passed = match.end()
            found.append(message.span(start, passed))
            if len(found) == MOST:
                break
    return tuple(found)

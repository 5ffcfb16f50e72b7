"""Finds personal data, masks them and gives them back."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Private, PrivateKind
from citizen_nlp.normalise import Folded, fold

MASK = "＊"
_WORTH = re.compile(r"\d{5}|\d[ -]\d{3}|@|[叫名：]|联系人|我是|本人|先生|女士|小姐|[a-z]·?[a-z0-9]{5}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"


class Masked(NamedTuple):
    """A text whose personal data are hidden, character for character, and what they were."""

    text: str
    private: tuple[Private, ...]


class _Patterns(NamedTuple):
    numbers: tuple[tuple[PrivateKind, re.Pattern[str]], ...]
    names: re.Pattern[str]


@cache
def _patterns(path: Path = DATA / "privacy.txt") -> _Patterns:
    sections = read_sections(path)
    provinces = "".join(sections["plate"]["province"])
    numbers = (
        (PrivateKind.EMAIL, r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"),
        (PrivateKind.IDENTITY_CARD, r"(?<![\da-z])[1-9]\d{5}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dx](?![\da-z])"),
        (PrivateKind.BANK_CARD, r"(?<!\d)\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d)"),
        (PrivateKind.PHONE, r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
        (PrivateKind.PHONE, r"(?<!\d)(?:0\d{2,3}[ -]?|（0\d{2,3}）)\d{7,8}(?!\d)"),
        (PrivateKind.PLATE, rf"[{provinces}][a-z][·. ]?[a-z0-9]{{5,6}}(?![a-z0-9])"),
        (
            PrivateKind.ACCOUNT,
            r"(?:(?<=qq)|(?<=qq号)|(?<=qq号码)|(?<=微信)|(?<=微信号))[：是 ]{0,2}[a-z0-9_-]{5,20}",
        ),
    )
    return _Patterns(
        tuple((kind, re.compile(text)) for kind, text in numbers),
        _names(sections["name"], sections["surname"]),
    )


def _names(name: dict[str, list[str]], surname: dict[str, list[str]]) -> re.Pattern[str]:
    surnames = f"(?:{'|'.join(surname['double'])}|[{''.join(surname['single'])}])"
    follow = f"(?=$|\\s|{'|'.join(map(_folded, name['follow']))})"
    lead, weak = ("|".join(map(_folded, sorted(name[key], key=len, reverse=True))) for key in ("lead", "weak"))
    titles = "|".join(name["title"])
    cjk = "[\u4e00-\u9fff·]"
    called = f"(?:我姓|{lead}|{weak})(?P<d>{surnames}{cjk}{{0,2}}?)(?:{titles})"
    introduced = f"(?:{lead})(?P<a>{surnames}{cjk}{{1,2}}?){follow}|(?:{lead})(?P<c>{surnames}{cjk}{{2}})"
    mentioned = f"(?:{weak})(?P<b>{surnames}{cjk}{{1,2}}?)(?=，|。|（|男|女)"
    return re.compile(f"{called}|{introduced}|{mentioned}")


def _folded(word: str) -> str:
    return re.escape(fold(word).text)


def find_private(message: Folded) -> tuple[Private, ...]:
    """List personal data in the order they stand; identity and bank card numbers must pass their checksum."""
    text = message.text
    if _WORTH.search(text) is None:
        return ()
    found: list[tuple[int, int, PrivateKind]] = []
    patterns = _patterns()
    for kind, pattern in patterns.numbers:
        for match in pattern.finditer(text):
            if _verified(kind, match.group()) and not _overlaps(found, match.start(), match.end()):
                found.append((match.start(), match.end(), kind))
    for match in patterns.names.finditer(text):
        group = match.lastgroup or "a"
        if not _overlaps(found, match.start(group), match.end(group)):
            found.append((match.start(group), match.end(group), PrivateKind.NAME))
    return tuple(Private(kind, message.span(start, end)) for start, end, kind in sorted(found))


def _overlaps(found: list[tuple[int, int, PrivateKind]], start: int, end: int) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end, _ in found)


def _verified(kind: PrivateKind, text: str) -> bool:
    digits = re.sub("[ -]", "", text)
    if kind is PrivateKind.IDENTITY_CARD:
        total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
        return _CHECKS[total % 11] == digits[-1]
    return luhn(digits) if kind is PrivateKind.BANK_CARD else True


def luhn(digits: str) -> bool:
    """Say whether a card number's last digit is right (ISO/IEC 7812)."""
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def mask(text: str) -> Masked:
    """Hide personal data in any text, one mask character for each hidden one, so that all spans stay true."""
    private = find_private(fold(text))
    hidden = list(text)
    for item in private:
        hidden[item.span.start : item.span.end] = MASK * (item.span.end - item.span.start)
    return Masked("".join(hidden), private)


def unmask(masked: Masked) -> str:
    """Give back the text that `mask` was given."""
    shown = list(masked.text)
    for item in masked.private:
        shown[item.span.start : item.span.end] = item.span.text
    return "".join(shown)

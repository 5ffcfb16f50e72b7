"""Finds personal data, masks them and gives them back."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from citizen_nlp.lexfile import DATA, Section, read_sections
from citizen_nlp.model import Private, PrivateKind
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import Hit, PhraseIndex

MASK = "＊"
_I_AM = "我姓"
_Place: TypeAlias = tuple[int, int, PrivateKind]
_WORTH = re.compile("[0-9@a-z]")
_FOUR_DIGITS = re.compile(r"\d(?=\d{3})")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"


class Masked(NamedTuple):
    """A text whose personal data are hidden, character for character, and what they were."""

    text: str
    private: tuple[Private, ...]


class _Patterns(NamedTuple):
    email: re.Pattern[str]
    numbers: tuple[tuple[PrivateKind, re.Pattern[str]], ...]
    plate: re.Pattern[str]
    account: re.Pattern[str]
    names: re.Pattern[str]


@cache
def _patterns(path: Path = DATA / "privacy.txt") -> _Patterns:
    sections = read_sections(path)
    provinces = "".join(sections["plate"]["province"])
    numbers = (
        (PrivateKind.IDENTITY_CARD, r"(?<![\da-z])[1-9]\d{5}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dx](?![\da-z])"),
        (PrivateKind.BANK_CARD, r"(?<!\d)\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?!\d)"),
        (PrivateKind.PHONE, r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
        (PrivateKind.PHONE, r"(?<!\d)(?:0\d{2,3}[ -]?|（0\d{2,3}）)\d{7,8}(?!\d)"),
    )
    return _Patterns(
        re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}"),
        tuple((kind, re.compile(text)) for kind, text in numbers),
        re.compile(rf"[{provinces}][a-z][·. ]?[a-z0-9]{{5,6}}(?![a-z0-9])"),
        re.compile(r"(?:(?<=qq)|(?<=qq号)|(?<=qq号码)|(?<=微信)|(?<=微信号))[：是 ]{0,2}[a-z0-9_-]{5,20}"),
        _names(sections["name"], sections["surname"]),
    )


def _names(name: Section, surname: Section) -> re.Pattern[str]:
    surnames = f"(?:{'|'.join(surname['double'])}|[{''.join(surname['single'])}])"
    follow = f"(?=$|\\s|{'|'.join(map(_folded, name['follow']))})"
    lead, weak = ("|".join(map(_folded, sorted(name[key], key=len, reverse=True))) for key in ("lead", "weak"))
    titles = "|".join(name["title"])
    cjk = "[\u4e00-\u9fff·]"
    called = f"(?:{_I_AM}|{lead}|{weak})(?P<d>{surnames}{cjk}{{0,2}}?)(?:{titles})"
    introduced = f"(?:{lead})(?P<a>{surnames}{cjk}{{1,2}}?){follow}|(?:{lead})(?P<c>{surnames}{cjk}{{2}})"
    mentioned = f"(?:{weak})(?P<b>{surnames}{cjk}{{1,2}}?)(?=，|。|（|男|女)"
    return re.compile(f"{called}|{introduced}|{mentioned}")


def _folded(word: str) -> str:
    return re.escape(fold(word).text)


def introductions(path: Path = DATA / "privacy.txt") -> list[tuple[str, None]]:
    """List the words that a name may follow."""
    name = read_sections(path)["name"]
    return [(fold(word).text, None) for word in dict.fromkeys((_I_AM, *name["lead"], *name["weak"]))]


@cache
def _introductions() -> PhraseIndex[None]:
    return PhraseIndex(introductions())


def find_private(message: Folded, introduced: list[Hit[None]] | None = None) -> tuple[Private, ...]:
    """List personal data in the order they stand; identity and bank card numbers must pass their checksum.

    `introduced` are the `introductions` found in the message, for a caller that has looked for them already.
    """
    text = message.text
    found = _numbers(text) if _WORTH.search(text) is not None else []
    if introduced is None:
        introduced = _introductions().find(text)
    if introduced:
        found += _introduced(text, introduced, found)
    if not found:
        return ()
    return tuple([Private(kind, message.span(start, end)) for start, end, kind in sorted(found)])


def _numbers(text: str) -> list[_Place]:
    """Look for each kind where the text holds what it cannot do without."""
    patterns = _patterns()
    kinds: list[tuple[PrivateKind, re.Pattern[str]]] = []
    if "@" in text:
        kinds.append((PrivateKind.EMAIL, patterns.email))
    if _FOUR_DIGITS.search(text) is not None:
        kinds += patterns.numbers
    kinds.append((PrivateKind.PLATE, patterns.plate))
    if "qq" in text or "微信" in text:
        kinds.append((PrivateKind.ACCOUNT, patterns.account))
    found: list[_Place] = []
    for kind, pattern in kinds:
        for match in pattern.finditer(text):
            start, end = match.span()
            if _verified(kind, match.group()) and not _overlaps(found, start, end):
                found.append((start, end, kind))
    return found


def _introduced(text: str, introduced: list[Hit[None]], taken: list[_Place]) -> list[_Place]:
    names = _patterns().names
    found: list[_Place] = []
    passed = 0
    for begin in sorted({begin for begin, _, _ in introduced}):
        match = names.match(text, begin) if begin >= passed else None
        if match is not None:
            passed = match.end()
            start, end = match.span(match.lastgroup or "a")
            if not _overlaps(taken, start, end):
                found.append((start, end, PrivateKind.NAME))
    return found


def _overlaps(found: list[_Place], start: int, end: int) -> bool:
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

"""Says whether two messages are about one event, from what is wrong, where and when."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from zlib import crc32

import msgspec

from citizen_nlp.lexfile import DATA, read_numbers, read_sections
from citizen_nlp.model import Analysis
from citizen_nlp.normalise import fold

_SETTINGS = read_numbers("same_event")
SURE = _SETTINGS["sure"]
PLACE_WEIGHT = _SETTINGS["place_weight"]
OTHER_LEAF = _SETTINGS["other_leaf"]
APART_DAYS = _SETTINGS["apart_days"]
APART = _SETTINGS["apart"]
_AREA = re.compile(r"西地省|[a-z]\d{0,2}[市区县州]+|[\u4e00-\u9fff]{2}[市区县]")


class Signature(msgspec.Struct, frozen=True):
    """What identifies an event: hashed character pairs of unit length, the leaf, when it was told."""

    grams: dict[int, float]
    code: str = ""
    at: datetime | None = None


@cache
def _ignored(path: Path = DATA / "same_event.txt") -> re.Pattern[str]:
    words = read_sections(path)["ignore"]["words"]
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def signature(analysis: Analysis, at: datetime | None = None) -> Signature:
    """Make the signature of an analysed message told at `at`; pairs inside its first place weigh more."""
    weights: dict[int, float] = {}
    for gram in _grams(analysis.subject):
        weights[gram] = 1.0
    if analysis.places:
        for gram in _grams(fold(analysis.places[0].span.text).text):
            weights[gram] = PLACE_WEIGHT
    norm = sum(value * value for value in weights.values()) ** 0.5 or 1.0
    code = analysis.categories[0].code if analysis.categories else ""
    return Signature({gram: value / norm for gram, value in weights.items()}, code, at)


def _grams(text: str) -> set[int]:
    pieces = re.split("[^\u4e00-\u9fffa-z0-9]+", _ignored().sub(" ", _AREA.sub(" ", text)))
    return {crc32(piece[i : i + 2].encode()) for piece in pieces for i in range(len(piece) - 1)}


def same_event(a: Signature, b: Signature) -> float:
    """Score in [0, 1] how surely both tell of one event; see `SURE`."""
    fewer, more = sorted((a.grams, b.grams), key=len)
    return sum(value * more[gram] for gram, value in fewer.items() if gram in more) * _context(a, b)


def _context(a: Signature, b: Signature) -> float:
    factor = 1.0 if a.code == b.code else OTHER_LEAF
    if a.at is not None and b.at is not None and abs((a.at - b.at).total_seconds()) >= (APART_DAYS + 1) * 86_400:
        factor *= APART
    return factor

"""Whether two reports tell of one event: their words, their places, their photos; pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from math import cos, floor, radians

import msgspec

from citizen_gateway.city.joining import Evidence, Family
from citizen_gateway.kernel.geo import Point, distance_m
from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.media.model import hash_distance
from citizen_nlp import Analysis, Signature, same_event, signature

SHORT = 80
"""A message of at most so many signs is compared as a whole, a longer one by its subject."""

_DEGREE_M = 111_320.0
_EDGE = 1.02  # metres of a flat grid are some thousandths off
_BITS = 64


class Voice(msgspec.Struct, frozen=True):
    """What one report tells of its event: category, weighted pairs of signs, and what tells neighbours apart."""

    code: str
    grams: tuple[tuple[int, float], ...]
    marks: tuple[str, ...] = ()

    def signature(self) -> Signature:
        """Return it as the analyser compares it."""
        return Signature(dict(self.grams), self.code)


class Sought(msgspec.Struct, frozen=True):
    """A report whose event is looked for. `sure_at_all` is False where a person must decide whatever is found."""

    family: Family
    voice: Voice
    at: datetime
    point: Point | None
    community: str | None
    phrase: str | None
    photos: tuple[int, ...]
    sure_at_all: bool


class Known(msgspec.Struct, frozen=True):
    """An open ticket that others may join, with some wordings and photos of its reports."""

    ticket_id: TicketId
    family: str
    lat: float | None
    lon: float | None
    community: str | None
    phrase: str | None
    voices: tuple[Voice, ...]
    photos: tuple[int, ...]
    emergency: bool
    reports: int
    opened_at: datetime


class Likeness(msgspec.Struct, frozen=True):
    """How surely a report tells of a known event, 0 to 1; `words` is the likeness of the wordings alone."""

    score: float
    words: float
    apart: bool = False


def voice(analysis: Analysis, code: str, said: str, marks: re.Pattern[str]) -> Voice:
    """Return what a report tells of its event."""
    whole = msgspec.structs.replace(analysis, subject=said.casefold()) if len(said) <= SHORT else analysis
    found = signature(whole)
    return Voice(code, tuple(found.grams.items()), tuple(sorted(set(marks.findall(said.casefold())))))


def likeness(sought: Sought, known: Known, evidence: Evidence) -> Likeness | None:
    """Compare a report with a known event; None where it is too far away, or nothing says that it is near.

    Every agreement takes away its share of the doubt; what is left is one minus the score.
    """
    near = _nearness(sought, known, evidence)
    if near is None:
        return None
    if all(other.code != sought.voice.code for other in known.voices):
        near *= evidence.other_leaf
    mine = sought.voice.signature()
    words = max((same_event(mine, other.signature()) for other in known.voices), default=0.0)
    agreed = min(1.0, words / evidence.words_full) * (evidence.spread + (1 - evidence.spread) * near)
    seen = float(_same_picture(sought.photos, known.photos, evidence))
    doubt = (1 - evidence.words * agreed) * (1 - evidence.near * near) * (1 - evidence.photo * seen)
    return Likeness(round(1 - doubt, 4), round(words, 4), _contradict(sought.voice, known.voices))


def _nearness(sought: Sought, known: Known, evidence: Evidence) -> float | None:
    if sought.point and known.lat is not None and known.lon is not None:
        metres = distance_m(sought.point, Point(known.lat, known.lon))
        radius = sought.family.radius_m
        return None if metres > radius else min(1.0, (1 - metres / radius) / (1 - evidence.here))
    if sought.phrase is not None and sought.phrase == known.phrase:
        return evidence.phrase
    if sought.community is not None and sought.community == known.community:
        return evidence.community
    return None


def _same_picture(mine: Iterable[int], theirs: Iterable[int], evidence: Evidence) -> bool:
    told = [[one for one in several if _tells(one, evidence)] for several in (mine, theirs)]
    return any(hash_distance(one, other) <= evidence.photo_bits for one in told[0] for other in told[1])


def _tells(picture: int, evidence: Evidence) -> bool:
    """Whether a hash has light and dark enough to be anybody's picture in particular."""
    return evidence.photo_plain <= hash_distance(picture, 0) <= _BITS - evidence.photo_plain


def _contradict(mine: Voice, others: Iterable[Voice]) -> bool:
    theirs = {mark for other in others for mark in other.marks}
    return bool(mine.marks and theirs and theirs.isdisjoint(mine.marks))


class Grid:
    """Squares twice as wide as a family's radius, so that whatever is near lies in at most four of them."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        _, south, _, north = bounds
        self._scale = cos(radians((south + north) / 2))

    def cell(self, family: Family, point: Point) -> str:
        """Return the square a point lies in."""
        x, y = self._metres(point)
        return _named(family, x, y)

    def around(self, family: Family, point: Point) -> list[str]:
        """Return the squares that a circle of the family's radius around the point touches."""
        x, y = self._metres(point)
        reach = family.radius_m * _EDGE
        steps = (-reach, reach)
        return sorted({_named(family, x + east, y + north) for east in steps for north in steps})

    def _metres(self, point: Point) -> tuple[float, float]:
        return point.lon * _DEGREE_M * self._scale, point.lat * _DEGREE_M


def _named(family: Family, x: float, y: float) -> str:
    width = family.radius_m * 2 * _EDGE
    return f"{family.name}:{floor(x / width)}:{floor(y / width)}"


def lock_of(place: str) -> int:
    """Return a lock's number (signed, of 64 bits) for a place, the same in every process."""
    return int.from_bytes(blake2b(f"join:{place}".encode(), digest_size=8).digest(), signed=True)


def known_as(adding: Known, more: Voice, photos: Iterable[int], voices: int) -> Known:
    """Return a known event with one more report: its wording is kept where it is new and there is room."""
    kept = adding.voices
    alike = max((same_event(more.signature(), other.signature()) for other in kept), default=0.0)
    if len(kept) < voices and alike < NEW_WORDING:
        kept = (*kept, more)
    pictures = tuple(dict.fromkeys((*adding.photos, *photos)))[:PICTURES]
    return msgspec.structs.replace(adding, voices=kept, photos=pictures, reports=adding.reports + 1)


NEW_WORDING = 0.7
"""A wording less like all that are kept than this adds something."""

PICTURES = 12
"""Photos compared of one event."""

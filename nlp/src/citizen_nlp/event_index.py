"""Answers "who is like this one" over the open reports of a city, from memory."""

from array import array
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.same_event import APART, APART_DAYS, OTHER_LEAF, SURE, Signature

K = TypeVar("K", bound=Hashable)
_UNKNOWN = float("nan")


class Alike(NamedTuple, Generic[K]):
    """A report that may be about the same event, with the score `same_event` gives it."""

    key: K
    score: float


class EventIndex(Generic[K]):
    """Inverted index of signatures by key; one thread at a time may use it.

    Scores equal those of `same_event`.
    """

    def __init__(self, items: Iterable[tuple[K, Signature]] = ()) -> None:
        self._keys: list[K | None] = []
        self._places: dict[K, int] = {}
        self._rows: dict[int, array[int]] = {}
        self._weights: dict[int, array[float]] = {}
        self._leaves: array[int] = array("i")
        self._days: array[float] = array("d")
        self._codes: dict[str, int] = {}
        for key, signature in items:
            self.add(key, signature)

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: K, signature: Signature) -> None:
        """Put a report in; one that is there already is replaced."""
        self.discard(key)
        row = len(self._keys)
        self._keys.append(key)
        self._places[key] = row
        self._leaves.append(self._codes.setdefault(signature.code, len(self._codes)))
        self._days.append(_day(signature.at))
        for gram, weight in signature.grams.items():
            self._rows.setdefault(gram, array("q")).append(row)
            self._weights.setdefault(gram, array("f")).append(weight)

    def discard(self, key: K) -> None:
        """Take a report out, if it is there."""
        row = self._places.pop(key, None)
        if row is not None:
            self._keys[row] = None

    def alike(self, signature: Signature, *, top: int = 10, at_least: float = SURE) -> list[Alike[K]]:
        """List the reports most like `signature`, best first."""
        scores = np.zeros(len(self._keys), np.float32)
        for gram, weight in signature.grams.items():
            rows = self._rows.get(gram)
            if rows is not None:
                scores[np.frombuffer(rows, np.int64)] += np.frombuffer(self._weights[gram], np.float32) * weight
        near = np.flatnonzero(scores >= at_least)
        near = near[[self._keys[row] is not None for row in near]] if len(near) else near
        final = scores[near] * self._context(signature, near)
        order = np.argsort(-final, kind="stable")[:top]
        kept = [(self._keys[near[i]], float(final[i])) for i in order if final[i] >= at_least]
        return [Alike(key, score) for key, score in kept if key is not None]

    def _context(self, signature: Signature, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        leaves = np.frombuffer(self._leaves, np.int32)[rows] if len(rows) else np.empty(0, np.int32)
        factor = np.where(leaves == self._codes.get(signature.code, -1), 1.0, OTHER_LEAF)
        if signature.at is not None and len(rows):
            with np.errstate(invalid="ignore"):
                apart = np.abs(np.frombuffer(self._days, np.float64)[rows] - _day(signature.at)) >= APART_DAYS + 1
            factor = np.where(apart, factor * APART, factor)
        return factor


def _day(at: datetime | None) -> float:
    return _UNKNOWN if at is None else at.timestamp() / 86_400

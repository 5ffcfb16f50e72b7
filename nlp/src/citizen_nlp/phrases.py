"""Finds thousands of fixed phrases in a text with one pass over its character pairs."""

import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.ngrams import Points, codes

P = TypeVar("P")

GAP = 10
_BITS = 16
_MASK = np.uint32((1 << _BITS) - 1)
_SPREAD = np.uint32(0x9E35)
_CLAUSE_END = re.compile("[。！？；，\n]")


class Hit(NamedTuple, Generic[P]):
    """Phrase found at `[start, end)` and what the index was given for it."""

    start: int
    end: int
    payload: P


class _Heads(NamedTuple, Generic[P]):
    """Phrases that begin alike: lengths of their heads, and for each head its tails with payloads."""

    lengths: tuple[int, ...]
    entries: dict[str, list[tuple[str, P]]]


class PhraseIndex(Generic[P]):
    """Immutable set of phrases, each with a payload.

    `a*b` matches a and then b, with at most `GAP` characters of one clause between them.
    """

    def __init__(self, phrases: Iterable[tuple[str, P]]) -> None:
        table: dict[str, dict[str, list[tuple[str, P]]]] = {}
        for phrase, payload in phrases:
            head, _, tail = phrase.partition("*")
            if not head:
                raise ValueError(f"phrase {phrase!r} begins with nothing")
            table.setdefault(head[:2], {}).setdefault(head, []).append((tail, payload))
        made = {key: _Heads(tuple(sorted({len(head) for head in heads})), heads) for key, heads in table.items()}
        self._pairs = {key: heads for key, heads in made.items() if len(key) > 1}
        self._singles = {key: heads.entries[key] for key, heads in made.items() if len(key) == 1}
        self._single = re.compile(f"[{re.escape(''.join(self._singles))}]") if self._singles else None
        self._begins = np.zeros(1 << _BITS, np.bool_)
        for key in self._pairs:
            self._begins[_pair_rows(codes(key))] = True

    def find(self, text: str) -> list[Hit[P]]:
        """List every phrase that occurs, in order of its start but for single characters, which come last."""
        hits: list[Hit[P]] = []
        if self._pairs and len(text) > 1:
            pairs = self._pairs
            for start in self._begins[_pair_rows(codes(text))].nonzero()[0].tolist():
                heads = pairs.get(text[start : start + 2])
                if heads is not None:
                    for length in heads.lengths:
                        found = heads.entries.get(text[start : start + length])
                        if found is not None:
                            _collect(text, start, start + length, found, hits)
        if self._single is not None:
            for match in self._single.finditer(text):
                start = match.start()
                _collect(text, start, start + 1, self._singles[text[start]], hits)
        return hits


def _pair_rows(points: Points) -> NDArray[np.uint32]:
    return (points[:-1] * _SPREAD ^ points[1:]) & _MASK


def _collect(text: str, start: int, end: int, entries: list[tuple[str, P]], hits: list[Hit[P]]) -> None:
    for tail, payload in entries:
        if not tail:
            hits.append(Hit(start, end, payload))
            continue
        if tail not in text:
            continue
        found = text.find(tail, end, end + GAP + len(tail))
        if found >= 0 and _CLAUSE_END.search(text, end, found) is None:
            hits.append(Hit(start, found + len(tail), payload))

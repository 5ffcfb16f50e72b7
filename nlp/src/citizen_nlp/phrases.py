"""Finds thousands of fixed phrases in a text with one pass over its character pairs."""

import operator
import re
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

P = TypeVar("P")

GAP = 10
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
    """Immutable set of phrases, each with a payload; `a*b` matches a and then b within `GAP` characters of a clause."""

    def __init__(self, phrases: Iterable[tuple[str, P]]) -> None:
        table: dict[str, dict[str, list[tuple[str, P]]]] = {}
        for phrase, payload in phrases:
            head, _, tail = phrase.partition("*")
            if not head:
                raise ValueError(f"phrase {phrase!r} begins with nothing")
            table.setdefault(head[:2], {}).setdefault(head, []).append((tail, payload))
        made = {
            key: _Heads(tuple(sorted({len(head) for head in heads})), heads) for key, heads in table.items()
        }
        self._pairs = {key: heads for key, heads in made.items() if len(key) > 1}
        self._singles = {key: heads.entries[key] for key, heads in made.items() if len(key) == 1}

    def find(self, text: str) -> list[Hit[P]]:
        """List every phrase that occurs, in order of its start but for single characters, which come last."""
        hits: list[Hit[P]] = []
        pairs = self._pairs
        if pairs:
            keys = enumerate(map(operator.add, text, text[1:]))
            for start, heads in [(start, pairs[key]) for start, key in keys if key in pairs]:
                for length in heads.lengths:
                    found = heads.entries.get(text[start : start + length])
                    if found is not None:
                        _collect(text, start, start + length, found, hits)
        if self._singles:
            singles = self._singles
            for start, entries in [(start, singles[char]) for start, char in enumerate(text) if char in singles]:
                _collect(text, start, start + 1, entries, hits)
        return hits


def _collect(text: str, start: int, end: int, entries: list[tuple[str, P]], hits: list[Hit[P]]) -> None:
    for tail, payload in entries:
        if not tail:
            hits.append(Hit(start, end, payload))
            continue
        found = text.find(tail, end, end + GAP + len(tail))
        if found >= 0 and _CLAUSE_END.search(text, end, found) is None:
            hits.append(Hit(start, found + len(tail), payload))

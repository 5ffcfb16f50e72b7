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


class _Entry(NamedTuple, Generic[P]):
    head: str
    tail: str
    payload: P


class PhraseIndex(Generic[P]):
    """Immutable set of phrases, each with a payload; `a*b` matches a and then b within `GAP` characters of a clause."""

    def __init__(self, phrases: Iterable[tuple[str, P]]) -> None:
        self._pairs: dict[str, list[_Entry[P]]] = {}
        self._singles: dict[str, list[_Entry[P]]] = {}
        for phrase, payload in phrases:
            head, _, tail = phrase.partition("*")
            if not head:
                raise ValueError(f"phrase {phrase!r} begins with nothing")
            table, key = (self._pairs, head[:2]) if len(head) > 1 else (self._singles, head)
            table.setdefault(key, []).append(_Entry(head, tail, payload))

    def find(self, text: str) -> list[Hit[P]]:
        """List every phrase that occurs, in order of its start; phrases may overlap."""
        hits: list[Hit[P]] = []
        pairs = self._pairs
        if not pairs:
            return hits
        for start, key in enumerate(map(operator.add, text, text[1:])):
            if key in pairs:
                self._match(text, start, pairs[key], hits)
        if self._singles:
            singles = self._singles
            for start, char in enumerate(text):
                if char in singles:
                    self._match(text, start, singles[char], hits)
        return hits

    @staticmethod
    def _match(text: str, start: int, entries: list[_Entry[P]], hits: list[Hit[P]]) -> None:
        for head, tail, payload in entries:
            if not text.startswith(head, start):
                continue
            end = start + len(head)
            if tail:
                found = text.find(tail, end, end + GAP + len(tail))
                if found < 0 or _CLAUSE_END.search(text, end, found):
                    continue
                end = found + len(tail)
            hits.append(Hit(start, end, payload))

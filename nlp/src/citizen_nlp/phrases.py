"""Finds thousands of fixed phrases in one pass over a text, with an Aho-Corasick automaton."""

import re
from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]

P = TypeVar("P")

GAP = 10
_CLAUSE_END = re.compile("[。！？；，\n]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

Hit: TypeAlias = tuple[int, int, P]
"""A phrase found: start, end (half-open), and what the index was given for it."""


_Search: TypeAlias = Callable[[str, int, int], re.Match[str] | None]


class PhraseIndex(Generic[P]):
    """Immutable set of phrases, each with a payload, in one or more groups.

    `a*b` matches a and then b, with at most `GAP` characters of one clause between them.
    """

    def __init__(self, *groups: Iterable[tuple[str, P]]) -> None:
        self._groups = range(len(groups) + 1)
        heads: dict[str, tuple[list[tuple[int, P]], list[tuple[str, int, P]]]] = {}
        for number, group in enumerate(groups):
            for phrase, payload in group:
                head, _, tail = phrase.partition("*")
                if not head:
                    raise ValueError(f"phrase {phrase!r} begins with nothing")
                plain, gapped = heads.setdefault(head, ([], []))
                if tail:
                    gapped.append((tail, number, payload))
                else:
                    plain.append((number, payload))
        self._automaton = ahocorasick.Automaton()
        for head, (plain, gapped) in heads.items():
            # Nearly all heads are one phrase without a gap, so that one is kept where it is reached at once.
            first = plain.pop(0) if plain else (len(groups), None)
            more = _More(plain, gapped) if plain or gapped else None
            self._automaton.add_word(_bytewise(head), (len(head), *first, more))
        if heads:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Hit[P]]:
        """List every phrase of the first group that occurs, in order of the end of what is before `*`."""
        return self.find_groups(text)[0]

    def find_groups(self, text: str) -> list[list[Hit[P]]]:
        """List for each group its phrases that occur, in order of the end of what is before `*`."""
        # The last list takes what is not a phrase by itself, only the head of others.
        found: list[list[Hit[P]]] = [[] for _ in self._groups]
        hits = self._automaton.iter(_bytewise(text)) if self._automaton else ()
        for last, (size, group, payload, more) in hits:
            if last & 1:  # Else these are the phrase's bytes, but across the border of characters.
                end = (last >> 1) + 1
                found[group].append((end - size, end, payload))
                if more is not None:
                    for other, its_payload in more.plain:
                        found[other].append((end - size, end, its_payload))
                    # Seldom any tail is near, and one search for all is faster than one for each.
                    if more.any_tail is not None and more.any_tail(text, end, end + more.reach) is not None:
                        more.follow(text, end - size, end, found)
        return found


class _More(Generic[P]):
    """What else begins with one head: the same phrase in other groups, and tails that may follow after a gap."""

    __slots__ = ("any_tail", "plain", "reach", "tails")

    def __init__(self, plain: list[tuple[int, P]], tails: list[tuple[str, int, P]]) -> None:
        self.plain = plain
        self.tails = tails
        self.any_tail: _Search | None = self._first_search if tails else None
        self.reach = GAP + max((len(tail) for tail, _, _ in tails), default=0)

    def _first_search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """Search as all later ones do; the pattern is made only now, since most heads never occur."""
        self.any_tail = re.compile(any_of(tail for tail, _, _ in self.tails)).search
        return self.any_tail(text, start, end)

    def follow(self, text: str, start: int, end: int, found: list[list[Hit[P]]]) -> None:
        """Add the tails that follow the head at `[start, end)`."""
        for tail, group, payload in self.tails:
            at = text.find(tail, end, end + GAP + len(tail))
            if at >= 0 and _CLAUSE_END.search(text, end, at) is None:
                found[group].append((start, at + len(tail), payload))


def any_of(words: Iterable[str]) -> str:
    """Write a pattern for any of the words, the longest first.

    Words are put together by their first character, so that most are passed over at once.
    """
    families: dict[str, set[str]] = {}
    for word in words:
        families.setdefault(word[0], set()).add(word[1:])
    patterns: list[str] = []
    for first, rests in families.items():
        longest = sorted(sorted(rests), key=len, reverse=True)
        patterns.append(re.escape(first) + (f"(?:{'|'.join(map(re.escape, longest))})" if any(longest) else ""))
    return "|".join(patterns)


def _bytewise(text: str) -> str:
    """Give two characters below 256 for each of `text`.

    The automaton looks through a node's children one by one, so an alphabet of bytes is four times as fast as one
    of thousands of characters.
    """
    pairs = text.encode("utf-16-be", "surrogatepass")
    if len(pairs) != 2 * len(text):
        pairs = _ASTRAL.sub("\ufffd", text).encode("utf-16-be", "surrogatepass")
    return pairs.decode("latin-1")

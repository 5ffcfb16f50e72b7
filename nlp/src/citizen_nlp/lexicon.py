"""A city's names: what the segmenter must keep whole and what places are linked to."""

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import NamedTuple, Protocol

import rjieba

from citizen_nlp.leaves import leaf_lexicon
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.normalise import fold
from citizen_nlp.phrases import PhraseIndex

FREQUENCY = 20_000
TAG = "nz"
SHORTEST = 2
_DIRECTION = re.compile("[东西南北中](?=[路街]|大道|大街)")


class NameHit(NamedTuple):
    """A name of the gazetteer at `[start, end)` and the entries it may mean, exact one first."""

    start: int
    end: int
    entries: tuple[str, ...]


class Teachable(Protocol):
    """A segmenter that takes words, as `jieba.Tokenizer` and `rjieba.Jieba` do."""

    def add_word(self, word: str, freq: int, tag: str, /) -> object:
        """Add a word with its frequency and part of speech."""


class Lexicon:
    """Names of a city; build one at start-up and pass it to every call. Safe to share between threads."""

    def __init__(self, entries: dict[str, tuple[str, ...]]) -> None:
        self.entries = entries
        self._index = PhraseIndex(entries.items())

    @classmethod
    def build(
        cls,
        *,
        roads: Iterable[str] = (),
        communities: Iterable[str] = (),
        streets: Iterable[str] = (),
        extra: Iterable[str] = (),
    ) -> "Lexicon":
        """Build the lexicon of a city from its gazetteer's names.

        Takes about a quarter of a second for 5,000 names. `extra` are estates, schools, stations and whatever
        else people give as a place.
        """
        found: dict[str, list[tuple[int, str]]] = {}
        for name in (*roads, *streets, *communities, *extra):
            for rank, spoken in enumerate(_spoken(fold(name.strip()).text)):
                found.setdefault(spoken, []).append((rank, name.strip()))
        return cls({spoken: _best_first(names) for spoken, names in found.items()})

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        engine = rjieba.Jieba()
        self.teach(engine)
        return engine

    def teach(self, segmenter: "Teachable") -> None:
        """Load the names and the leaves' words into a segmenter: jieba's or rjieba's, both then cut alike."""
        for word in self.words():
            segmenter.add_word(word, FREQUENCY, TAG)

    def words(self) -> list[str]:
        """List the words that the segmenter is taught, in a fixed order."""
        phrases = (word for word in leaf_lexicon().words if len(word) >= SHORTEST)
        return sorted({*self.entries, *phrases})

    def cut(self, text: str) -> list[str]:
        """Cut normalised text into words that, joined, give it back."""
        words: list[str] = self._jieba.cut(text, False)
        return words

    def names_in(self, text: str) -> list[NameHit]:
        """Find the names that occur in normalised text, the longest at each place."""
        names: list[NameHit] = []
        passed = 0
        for start, end, entries in sorted(self._index.find(text), key=lambda hit: (hit[0], -hit[1])):
            if start >= passed:
                names.append(NameHit(start, end, entries))
                passed = end
        return names


def _best_first(names: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name in sorted(names, key=lambda ranked: ranked[0])))


def _spoken(name: str) -> list[str]:
    """Give the ways a name is said: as it is, without office suffix, without the direction of its section."""
    short = _office_suffix().sub("", name)
    forms = [name, short, _DIRECTION.sub("", short)]
    return [form for form in dict.fromkeys(forms) if len(form) > SHORTEST or (form == name and len(form) >= SHORTEST)]


def plain_words(text: str) -> list[str]:
    """Cut by jieba's own dictionary, guessing words it lacks by its hidden Markov model; no city is known."""
    words: list[str] = rjieba.cut(text, True)
    return words


@cache
def _office_suffix() -> re.Pattern[str]:
    suffixes = read_sections(DATA / "names.txt")["office"]["suffixes"]
    return re.compile("(?:" + "|".join(map(re.escape, suffixes)) + ")$")


@cache
def default_lexicon() -> Lexicon:
    """Give the lexicon of no city in particular, loaded once."""
    return Lexicon({})

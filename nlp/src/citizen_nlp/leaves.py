"""Scores each leaf of the directory by the words people use for it."""

from functools import cache, cached_property
from math import log1p
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.phrases import Hit, PhraseIndex
from citizen_nlp.strengths import STRENGTHS, weighted

TITLE_FACTOR = 2.0


class Cue(NamedTuple):
    """A phrase speaks for the leaf at `column` with `weight`; `number` tells leaf and phrase from all others."""

    column: int
    weight: float
    number: int


@cache
def leaf_phrases(path: Path = DATA / "leaves.txt") -> list[tuple[str, Cue]]:
    """List the phrases of all leaves, each with its strongest weight.

    Raises `DataFileError` for a strength that is not known.
    """
    known: dict[tuple[int, str], Cue] = {}
    for column, section in enumerate(read_sections(path).values()):
        for phrase, weight in weighted(section):
            same = known.get((column, phrase), Cue(column, weight, len(known)))
            known[column, phrase] = Cue(column, max(weight, same.weight), same.number)
    return [(phrase, cue) for (_, phrase), cue in known.items()]


class LeafLexicon:
    """Leaf codes in directory order, their words, and the index of their phrases."""

    def __init__(self, path: Path) -> None:
        self._phrases = leaf_phrases(path)
        self.codes = tuple(read_sections(path))
        likely = STRENGTHS["likely"]
        self.words = frozenset(phrase for phrase, cue in self._phrases if cue.weight >= likely and "*" not in phrase)

    @cached_property
    def cues(self) -> PhraseIndex[Cue]:
        """Give the index of these phrases alone; `scanning.scan` looks for them with all others."""
        return PhraseIndex(self._phrases)


@cache
def leaf_lexicon(path: Path = DATA / "leaves.txt") -> LeafLexicon:
    """Load the leaves' words."""
    return LeafLexicon(path)


def leaf_sums(hits: list[Hit[Cue]], title_end: int) -> dict[int, float]:
    """Add up each leaf's distinct phrases, the title's counted `TITLE_FACTOR` times: column → log scale, > 0."""
    sums: dict[int, float] = {}
    for column, weight, _ in {cue for _, _, cue in hits}:
        sums[column] = sums.get(column, 0.0) + weight
    if title_end:
        for column, weight, _ in {cue for start, _, cue in hits if start < title_end}:
            sums[column] += weight * (TITLE_FACTOR - 1.0)
    return {column: log1p(total) for column, total in sums.items()}


def leaf_scores(hits: list[Hit[Cue]], title_end: int, leaves: int) -> NDArray[np.float32]:
    """Give the `leaf_sums` of all `leaves`, 0 for those without a phrase."""
    scores = np.zeros(leaves, np.float32)
    for column, total in leaf_sums(hits, title_end).items():
        scores[column] = total
    return scores

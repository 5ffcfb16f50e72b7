"""Scores each leaf of the directory by the words people use for it."""

from functools import cache
from math import log1p
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.lexfile import DATA, DataFileError, read_numbers, read_sections
from citizen_nlp.normalise import fold
from citizen_nlp.phrases import Hit, PhraseIndex

STRENGTHS = read_numbers("strength")
TITLE_FACTOR = 2.0


class Cue(NamedTuple):
    """A phrase speaks for the leaf at `column` with `weight`; `number` tells leaf and phrase from all others."""

    column: int
    weight: float
    number: int


def leaf_phrases(path: Path = DATA / "leaves.txt") -> list[tuple[str, Cue]]:
    """List the phrases of all leaves, each with its strongest weight.

    Raises `DataFileError` for a strength that is not known.
    """
    known: dict[tuple[int, str], Cue] = {}
    for column, (code, strengths) in enumerate(read_sections(path).items()):
        if unknown := strengths.keys() - STRENGTHS.keys():
            raise DataFileError(path, None, f"section [{code}]: unknown strength {sorted(unknown)}")
        for strength, phrases in strengths.items():
            for phrase in phrases:
                key = (column, fold(phrase).text)
                number = known[key].number if key in known else len(known)
                weight = max(STRENGTHS[strength], known[key].weight if key in known else 0.0)
                known[key] = Cue(column, weight, number)
    return [(phrase, cue) for (_, phrase), cue in known.items()]


class LeafLexicon(NamedTuple):
    """Leaf codes in directory order and the index of their phrases."""

    codes: tuple[str, ...]
    cues: PhraseIndex[Cue]
    words: frozenset[str]


@cache
def leaf_lexicon(path: Path = DATA / "leaves.txt") -> LeafLexicon:
    """Load the leaves' words."""
    cues = leaf_phrases(path)
    likely = STRENGTHS["likely"]
    words = frozenset(phrase for phrase, cue in cues if cue.weight >= likely and "*" not in phrase)
    return LeafLexicon(tuple(read_sections(path)), PhraseIndex(cues), words)


def leaf_scores(hits: list[Hit[Cue]], title_end: int, leaves: int) -> NDArray[np.float32]:
    """Add up each leaf's distinct phrases, the title's counted `TITLE_FACTOR` times; log scale, ≥ 0."""
    sums: dict[int, float] = {}
    for column, weight, _ in {cue for _, _, cue in hits}:
        sums[column] = sums.get(column, 0.0) + weight
    if title_end:
        for column, weight, _ in {cue for start, _, cue in hits if start < title_end}:
            sums[column] += weight * (TITLE_FACTOR - 1.0)
    totals = np.zeros(leaves, np.float32)
    for column, total in sums.items():
        totals[column] = log1p(total)
    return totals

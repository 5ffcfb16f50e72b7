"""Scores each leaf of the directory by the words people use for it."""

from functools import cache
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
    """A phrase speaks for the leaf at `column` with `weight`."""

    column: int
    weight: float
    phrase: str


def leaf_phrases(path: Path = DATA / "leaves.txt") -> list[tuple[str, Cue]]:
    """List the phrases of all leaves; raise `DataFileError` for a strength that is not known."""
    cues: list[tuple[str, Cue]] = []
    for column, (code, strengths) in enumerate(read_sections(path).items()):
        if unknown := strengths.keys() - STRENGTHS.keys():
            raise DataFileError(path, None, f"section [{code}]: unknown strength {sorted(unknown)}")
        for strength, phrases in strengths.items():
            for phrase in phrases:
                folded = fold(phrase).text
                cues.append((folded, Cue(column, STRENGTHS[strength], folded)))
    return cues


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
    best: dict[tuple[int, str], float] = {}
    for start, _, cue in hits:
        weight = cue.weight * (TITLE_FACTOR if start < title_end else 1.0)
        key = (cue.column, cue.phrase)
        if weight > best.get(key, 0.0):
            best[key] = weight
    totals = np.zeros(leaves, np.float32)
    for (column, _), weight in best.items():
        totals[column] += weight
    return np.log1p(totals)

"""Decides the category: words of the leaf lexicon and a hashed n-gram model, added up and calibrated."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.artefact import unpack
from citizen_nlp.leaves import Cue, LeafLexicon, leaf_lexicon, leaf_scores
from citizen_nlp.lexfile import DATA, DataFileError
from citizen_nlp.model import CategoryGuess, Span
from citizen_nlp.ngrams import Rows, codes, ngram_rows
from citizen_nlp.normalise import Folded
from citizen_nlp.phrases import Hit

SUGGESTIONS = 3
EVIDENCE = 3
TITLE_SHARE = 1.0


class Guesses(NamedTuple):
    """Ranked leaves and whether the first is too uncertain to act upon."""

    ranked: tuple[CategoryGuess, ...]
    abstained: bool


def field_rows(title: str, text: str, bits: int) -> tuple[Rows, Rows]:
    """Give the distinct n-gram rows of both fields; a message without title has its text for both."""
    text_rows = np.unique(ngram_rows(codes(text), bits, 0)) if text else np.empty(0, np.int64)
    if not title:
        return text_rows, text_rows
    title_rows = np.unique(ngram_rows(codes(title), bits, 0))
    return title_rows, text_rows if text else title_rows


class CategoryModel:
    """The trained model over the leaves of the directory; immutable and safe to share between threads."""

    def __init__(self, path: Path = DATA / "category.bin", lexicon: LeafLexicon | None = None) -> None:
        artefact = unpack(path, "category")
        self.lexicon = lexicon or leaf_lexicon()
        self.codes = tuple(str(code) for code in _strings(artefact.meta.get("codes")))
        if self.codes != self.lexicon.codes:
            raise DataFileError(path, 1, "was trained for other leaves than the lexicon's")
        self.bits = int(_number(artefact.meta["bits"]))
        self.rule_weight = _number(artefact.meta["rule_weight"])
        self.temperature = _number(artefact.meta["temperature"])
        self.threshold = _number(artefact.meta["threshold"])
        self.weights: NDArray[np.int8] = artefact.arrays["weights"].astype(np.int8, copy=False)
        self.scale: NDArray[np.float32] = artefact.arrays["scale"].astype(np.float32, copy=False)
        self.bias: NDArray[np.float32] = artefact.arrays["bias"].astype(np.float32, copy=False)

    def scores(self, message: Folded, title_end: int, hits: list[Hit[Cue]]) -> NDArray[np.float32]:
        """Give the uncalibrated score of every leaf."""
        fields = field_rows(message.text[:title_end], message.text[title_end + 1 :], self.bits)
        linear = np.zeros(len(self.codes), np.float32)
        for rows in fields:
            if len(rows):
                linear += self.weights[rows].sum(0, dtype=np.int32) / np.sqrt(len(rows), dtype=np.float32)
        rules = leaf_scores(hits, title_end, len(self.codes))
        return linear * self.scale + self.bias + self.rule_weight * rules

    def guess(self, message: Folded, title_end: int, hits: list[Hit[Cue]]) -> Guesses:
        """Rank the leaves for a message whose title ends at `title_end`."""
        scores = self.scores(message, title_end, hits) / self.temperature
        order = np.argsort(-scores, kind="stable")[:SUGGESTIONS]
        odds = np.exp(scores - scores[order[0]])
        shares = odds / odds.sum()
        ranked = tuple(
            CategoryGuess(
                self.codes[column], round(float(shares[column]), 4), _evidence(message, hits, int(column))
            )
            for column in order
        )
        return Guesses(ranked, abstained=ranked[0].confidence < self.threshold)


def _evidence(message: Folded, hits: list[Hit[Cue]], column: int) -> tuple[Span, ...]:
    own = sorted(
        (hit for hit in hits if hit.payload.column == column), key=lambda h: (-h.payload.weight, h.start)
    )
    chosen: list[Hit[Cue]] = []
    for hit in own:
        if all(hit.end <= other.start or hit.start >= other.end for other in chosen):
            chosen.append(hit)
    return tuple(message.span(hit.start, hit.end) for hit in chosen[:EVIDENCE])


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []

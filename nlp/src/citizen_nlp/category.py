"""Decides the category: words of the leaf lexicon and a hashed n-gram model, added up and calibrated."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.artefact import Artefact, pack, unpack
from citizen_nlp.features import Shape, hashed
from citizen_nlp.leaves import Cue, LeafLexicon, leaf_lexicon, leaf_sums
from citizen_nlp.lexfile import DATA, DataFileError
from citizen_nlp.model import CategoryGuess, Span, ten_thousandths
from citizen_nlp.normalise import Folded
from citizen_nlp.phrases import Hit

SUGGESTIONS = 3
EVIDENCE = 3
KIND = "category"


class Guesses(NamedTuple):
    """Ranked leaves and whether the first is too uncertain to act upon."""

    ranked: tuple[CategoryGuess, ...]
    abstained: bool


class Weights(NamedTuple):
    """What training gives: float weights of hashed rows and of lexicon scores, and a bias, per leaf."""

    rows: NDArray[np.float32]
    rules: NDArray[np.float32]
    bias: NDArray[np.float32]


class Calibration(NamedTuple):
    """Scores are divided by `temperature`; a first guess below `threshold` abstains."""

    temperature: float
    threshold: float


class CategoryModel:
    """The trained model over the leaves of the directory; immutable and safe to share between threads."""

    def __init__(self, path: Path = DATA / "category.bin", lexicon: LeafLexicon | None = None) -> None:
        artefact = unpack(path, KIND)
        self.lexicon = lexicon or leaf_lexicon()
        self.codes = self.lexicon.codes
        if artefact.meta.get("codes") != list(self.codes):
            raise DataFileError(path, 1, "was trained for other leaves than the lexicon's")
        self.bits = int(_number(path, artefact, "bits"))
        self._shape = Shape(bits=self.bits)
        self.calibration = Calibration(_number(path, artefact, "temperature"), _number(path, artefact, "threshold"))
        try:
            self._rows = artefact.arrays["rows"].astype(np.int8, copy=False)
            self._scale = artefact.arrays["scale"].astype(np.float32, copy=False)
            self._rules = artefact.arrays["rules"].astype(np.float32, copy=False)
            self._bias = artefact.arrays["bias"].astype(np.float32, copy=False)
        except KeyError as error:
            raise DataFileError(path, 1, f"lacks the array {error}") from error
        # For `logits`: what is fixed is multiplied beforehand, and the bias is one more rule that always holds.
        sharpness = 1.0 / self.calibration.temperature
        self._by_row = self._scale.astype(np.float64) * sharpness
        self._by_rule = np.vstack([self._rules, self._bias]).astype(np.float64) * sharpness
        self._ones = np.ones(len(self.codes))
        self._always = np.append(np.zeros(len(self.codes)), 1.0)

    def weights(self) -> Weights:
        """Give the weights in floating point, to go on training from."""
        return Weights(self._rows * self._scale, self._rules, self._bias)

    def logits(self, title: str, text: str, sums: dict[int, float]) -> NDArray[np.float64]:
        """Give the calibrated score of every leaf from both normalised fields and the lexicon's `leaf_sums`."""
        made = hashed(title, text, self._shape)
        taken = self._rows.take(made.rows, 0)
        found: NDArray[np.float64] = np.add.reduce(taken[made.split :], 0, np.int32) * self._by_row
        found *= made.text_factor
        if made.split:
            found += np.add.reduce(taken[: made.split], 0, np.int32) * (self._by_row * made.title_factor)
        rules = self._always.copy()
        for column, total in sums.items():
            rules[column] = total
        found += rules.dot(self._by_rule)
        return found

    def guess(self, message: Folded, title_end: int, hits: list[Hit[Cue]]) -> Guesses:
        """Rank the leaves for a message whose title ends at `title_end`, given the lexicon's `hits` in it."""
        odds = self.logits(message.text[:title_end], message.text[title_end + 1 :], leaf_sums(hits, title_end))
        order = odds.argsort(kind="stable")[: -SUGGESTIONS - 1 : -1].tolist()
        odds -= odds[order[0]]
        np.exp(odds, odds)
        total = float(odds.dot(self._ones))
        evidence = _evidence(message, hits, order)
        ranked = tuple(
            [
                CategoryGuess(self.codes[column], ten_thousandths(odds.item(column) / total), evidence[column])
                for column in order
            ]
        )
        return Guesses(ranked, ranked[0].confidence < self.calibration.threshold)


def softmax(scores: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Give probabilities along the last axis."""
    odds = np.exp((scores - scores.max(-1, keepdims=True)) / np.float32(temperature))
    return np.asarray(odds / odds.sum(-1, keepdims=True), np.float32)


def model_file(codes: tuple[str, ...], bits: int, weights: Weights, calibration: Calibration) -> bytes:
    """Round the row weights to int8 with one scale per leaf and give the bytes of the model file."""
    scale = np.maximum(np.abs(weights.rows).max(0), np.float32(1e-6)) / np.float32(127)
    rows = np.rint(weights.rows / scale).astype(np.int8)
    meta: dict[str, str | int | float | list[str]] = {
        "codes": list(codes),
        "bits": bits,
        **calibration._asdict(),
    }
    arrays = {"rows": rows, "scale": scale, "rules": weights.rules, "bias": weights.bias}
    return pack(KIND, Artefact(meta, dict(arrays)))


def _evidence(message: Folded, hits: list[Hit[Cue]], columns: list[int]) -> dict[int, tuple[Span, ...]]:
    """Give for each of the leaves its most telling phrases that do not overlap."""
    ranked = [(column, -weight, start - end, start) for start, end, (column, weight, _) in hits if column in columns]
    ranked.sort()
    chosen: dict[int, list[tuple[int, int]]] = {column: [] for column in columns}
    for column, _, size, start in ranked:
        own, end = chosen[column], start - size
        if not own or (len(own) < EVIDENCE and _apart(own, start, end)):
            own.append((start, end))
    return {column: tuple([message.span(*place) for place in own]) for column, own in chosen.items()}


def _apart(places: list[tuple[int, int]], start: int, end: int) -> bool:
    return all(end <= other_start or other_end <= start for other_start, other_end in places)


def _number(path: Path, artefact: Artefact, name: str) -> float:
    value = artefact.meta.get(name)
    if not isinstance(value, int | float):
        raise DataFileError(path, 1, f"has no number {name!r}")
    return float(value)

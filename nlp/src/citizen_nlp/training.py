"""Trains the category model: softmax regression over hashed n-grams, on top of the leaf lexicon's scores."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.artefact import Artefact, pack
from citizen_nlp.category import field_rows
from citizen_nlp.leaves import leaf_lexicon, leaf_scores
from citizen_nlp.normalise import fold

BITS = 15


class Example(NamedTuple):
    """A message, its target distribution over leaf columns and how much it counts."""

    title: str
    text: str
    target: dict[int, float]
    weight: float = 1.0


class Features(NamedTuple):
    """Row indices with values, and the lexicon's score of each leaf."""

    rows: NDArray[np.int64]
    values: NDArray[np.float32]
    rules: NDArray[np.float32]


class Fitted(NamedTuple):
    """Float weights as they come out of training."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


def featurise(title: str, text: str) -> Features:
    """Give the features of one message, exactly as the model computes them at run time."""
    message = fold(f"{title}\n{text}").text
    lexicon = leaf_lexicon()
    title_end = message.index("\n")
    fields = field_rows(message[:title_end], message[title_end + 1 :], BITS)
    rows = np.concatenate(fields)
    values = np.concatenate([np.full(len(f), 1 / max(len(f), 1) ** 0.5, np.float32) for f in fields])
    rules = leaf_scores(lexicon.index.find(message), title_end, len(lexicon.codes))
    return Features(rows, values, rules)


def fit(
    features: Sequence[Features],
    examples: Sequence[Example],
    *,
    rule_weight: float,
    epochs: int = 6,
    rate: float = 1.0,
    decay: float = 1e-6,
    seed: int = 7,
) -> Fitted:
    """Minimise the weighted cross-entropy by AdaGrad in a fixed order."""
    leaves = len(leaf_lexicon().codes)
    weights = np.zeros((1 << BITS, leaves), np.float32)
    squares = np.full((1 << BITS, 1), 1e-2, np.float32)
    bias = np.zeros(leaves, np.float32)
    order = np.random.default_rng(seed)
    for _ in range(epochs):
        for i in order.permutation(len(examples)):
            rows, values, rules = features[i]
            scores = values @ weights[rows] + bias + rule_weight * rules
            odds = np.exp(scores - scores.max())
            error = odds / odds.sum()
            for column, share in examples[i].target.items():
                error[column] -= share
            error *= examples[i].weight
            size = values * values * float(error @ error)
            np.add.at(squares[:, 0], rows, size)
            step = rate * values / np.sqrt(squares[rows, 0])
            weights[rows] -= step[:, None] * error[None, :] + decay * weights[rows]
            bias -= 0.01 * error
    return Fitted(weights, bias)


def quantise(
    fitted: Fitted, codes: Sequence[str], *, rule_weight: float, temperature: float, threshold: float
) -> bytes:
    """Round the weights to int8 with one scale per leaf and give the model file."""
    scale = np.maximum(np.abs(fitted.weights).max(0), 1e-6) / 127
    weights = np.rint(fitted.weights / scale).astype(np.int8)
    meta: dict[str, str | int | float | list[str]] = {
        "codes": list(codes),
        "bits": BITS,
        "rule_weight": rule_weight,
        "temperature": temperature,
        "threshold": threshold,
    }
    arrays = {"weights": weights, "scale": scale.astype(np.float32), "bias": fitted.bias}
    return pack("category", Artefact(meta, arrays))

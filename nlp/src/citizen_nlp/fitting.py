"""Trains the category model from labelled messages and calibrates it on messages it did not see."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citizen_nlp.category import Calibration, CategoryModel, Weights, softmax
from citizen_nlp.corpus import Labelled
from citizen_nlp.descent import Progress, Sample, Settings, fit
from citizen_nlp.features import Shape, hashed
from citizen_nlp.leaves import LeafLexicon, leaf_scores
from citizen_nlp.normalise import fold

SETTINGS = Settings(bits=15, cost=0.3, sweeps=10)
RULE_PRIOR = np.float32(1.0)
RULE_INPUT = np.float32(0.3)
BIAS_PRIOR = np.float32(-2.0)
COVERAGE = 0.9
TITLE_ALONE = 0.5


class Prepared(NamedTuple):
    """A message ready for training: weighted rows without idf, and the lexicon's score of each leaf."""

    rows: NDArray[np.uint32]
    values: NDArray[np.float32]
    rules: NDArray[np.float32]


def prepare(title: str, text: str, lexicon: LeafLexicon, bits: int) -> Prepared:
    """Compute the features of one message exactly as the model does at run time."""
    message = fold(f"{title.replace(chr(10), ' ')}\n{text}").text
    end = message.index("\n")
    made = hashed(message[:end], message[end + 1 :], Shape(bits=bits))
    values = np.full(len(made.rows), made.text_factor)
    values[: made.split] = made.title_factor
    distinct, place = np.unique(made.rows, return_inverse=True)
    summed = np.bincount(place, values, minlength=len(distinct)).astype(np.float32)
    return Prepared(distinct, summed, leaf_scores(lexicon.cues.find(message), end, len(lexicon.codes)))


def with_title_alone(messages: Sequence[Labelled]) -> list[Labelled]:
    """Add each message once more as only its title, so that short captions are learnt too."""
    short = [m._replace(title="", text=m.title, weight=m.weight * TITLE_ALONE) for m in messages if m.title]
    return [*messages, *short]


def targets(messages: Sequence[Labelled], codes: tuple[str, ...]) -> NDArray[np.int8]:
    """Give +1 for the leaf, 0 for leaves also accepted, -1 for all others: (messages, leaves)."""
    columns = {code: column for column, code in enumerate(codes)}
    signs = np.full((len(messages), len(codes)), -1, np.int8)
    for i, message in enumerate(messages):
        for code in message.also:
            signs[i, columns[code]] = 0
        signs[i, columns[message.code]] = 1
    return signs


def train(
    messages: Sequence[Labelled],
    prepared: Sequence[Prepared],
    lexicon: LeafLexicon,
    progress: Progress | None = None,
) -> Weights:
    """Train from nothing on prepared messages; the lexicon's scores are the starting point."""
    idf = _idf(prepared, SETTINGS.bits)
    samples = [
        Sample(p.rows, p.values * idf[p.rows], p.rules * RULE_INPUT, p.rules * RULE_PRIOR + BIAS_PRIOR)
        for p in prepared
    ]
    importance = np.array([message.weight for message in messages], np.float32)
    fitted = fit(samples, targets(messages, lexicon.codes), importance, SETTINGS, progress)
    rules = fitted.dense * RULE_INPUT + RULE_PRIOR * np.eye(len(lexicon.codes), dtype=np.float32)
    bias = np.full(len(lexicon.codes), BIAS_PRIOR, np.float32)
    return Weights(fitted.sparse * idf[:, None], rules, bias)


def go_on(
    model: CategoryModel,
    messages: Sequence[Labelled],
    prepared: Sequence[Prepared],
    progress: Progress | None = None,
) -> Weights:
    """Train on from a model with more messages: what it knows stays unless they contradict it."""
    old = model.weights()
    samples = [Sample(p.rows, p.values, p.rules * RULE_INPUT, score(old, p)) for p in prepared]
    importance = np.array([message.weight for message in messages], np.float32)
    settings = SETTINGS._replace(bits=model.bits)
    new = fit(samples, targets(messages, model.codes), importance, settings, progress)
    return Weights(old.rows + new.sparse, old.rules + new.dense * RULE_INPUT, old.bias)


def score(weights: Weights, prepared: Prepared) -> NDArray[np.float32]:
    """Score one prepared message with float weights."""
    linear = prepared.values @ weights.rows[prepared.rows]
    return np.asarray(linear + prepared.rules @ weights.rules + weights.bias, np.float32)


def calibrate(scores: NDArray[np.float32], accepted: NDArray[np.bool_]) -> Calibration:
    """Choose the temperature of least log loss and the threshold that lets `COVERAGE` of messages pass."""
    candidates = np.geomspace(0.05, 2.0, 60)
    losses = [-np.log((softmax(scores, t) * accepted).sum(1) + 1e-9).mean() for t in candidates]
    temperature = float(candidates[int(np.argmin(losses))])
    best = softmax(scores, temperature).max(1)
    return Calibration(round(temperature, 4), round(float(np.quantile(best, 1.0 - COVERAGE)), 4))


def _idf(prepared: Sequence[Prepared], bits: int) -> NDArray[np.float32]:
    frequency = np.bincount(np.concatenate([p.rows for p in prepared]), minlength=1 << bits)
    return np.asarray((np.log((len(prepared) + 1) / (frequency + 1)) + 1) / 4, np.float32)

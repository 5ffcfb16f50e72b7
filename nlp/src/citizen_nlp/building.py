"""Builds the shipped category model and says how good it is on messages it did not see."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from citizen_nlp.category import Calibration, model_file, softmax
from citizen_nlp.corpus import Labelled
from citizen_nlp.descent import Progress
from citizen_nlp.fitting import SETTINGS, Prepared, calibrate, prepare, score, train, with_title_alone
from citizen_nlp.leaves import leaf_lexicon
from citizen_nlp.measure import CategoryFigures, Judged, category_figures

FOLDS = 5


class Building(msgspec.Struct, frozen=True):
    """What went into the model, and its cross-validated figures on the gold messages."""

    labelled: int
    gold: int
    captions: int
    temperature: float
    threshold: float
    cross_validated: CategoryFigures
    labelled_cross_validated: CategoryFigures


def build(
    labelled: Sequence[Labelled],
    gold: Sequence[Labelled],
    captions: Sequence[Labelled],
    out: Path,
    progress: Progress | None = None,
) -> Building:
    """Cross-validate, calibrate on the folds, train on everything and write the model file."""
    lexicon = leaf_lexicon()
    messages = [*gold, *labelled]
    accepted = np.array([[code in (m.code, *m.also) for code in lexicon.codes] for m in messages])
    scores = _unseen_scores(messages, captions, progress)
    calibration = calibrate(scores[: len(gold)], accepted[: len(gold)])
    everything = [*with_title_alone(messages), *captions]
    weights = train(everything, _prepare(everything), lexicon, progress)
    out.write_bytes(model_file(lexicon.codes, SETTINGS.bits, weights, calibration))
    return Building(
        len(labelled),
        len(gold),
        len(captions),
        calibration.temperature,
        calibration.threshold,
        _figures(gold, scores[: len(gold)], calibration),
        _figures(labelled, scores[len(gold) :], calibration),
    )


def _unseen_scores(
    messages: Sequence[Labelled], captions: Sequence[Labelled], progress: Progress | None
) -> NDArray[np.float32]:
    lexicon = leaf_lexicon()
    scores = np.zeros((len(messages), len(lexicon.codes)), np.float32)
    for fold in range(FOLDS):
        learnt = [*with_title_alone([m for i, m in enumerate(messages) if i % FOLDS != fold]), *captions]
        weights = train(learnt, _prepare(learnt), lexicon, progress)
        asked = list(range(fold, len(messages), FOLDS))
        for i, prepared in zip(asked, _prepare([messages[i] for i in asked]), strict=True):
            scores[i] = score(weights, prepared)
    return scores


def _prepare(messages: Sequence[Labelled]) -> list[Prepared]:
    lexicon = leaf_lexicon()
    return [prepare(message.title, message.text, lexicon, SETTINGS.bits) for message in messages]


def _figures(messages: Sequence[Labelled], scores: NDArray[np.float32], calibration: Calibration) -> CategoryFigures:
    codes = leaf_lexicon().codes
    shares = softmax(scores, calibration.temperature)
    order = np.argsort(-shares, axis=1, kind="stable")[:, :3]
    return category_figures(
        [
            Judged(
                (message.code, *message.also),
                tuple(codes[i] for i in order[row]),
                float(shares[row, order[row, 0]]),
                bool(shares[row, order[row, 0]] < calibration.threshold),
            )
            for row, message in enumerate(messages)
        ]
    )

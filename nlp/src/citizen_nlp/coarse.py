"""The same kind of model on any flat list of labels, to be comparable with published work."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from citizen_nlp.artefact import Artefact, pack
from citizen_nlp.corpus import read_table
from citizen_nlp.descent import Progress, Sample, Settings, fit
from citizen_nlp.features import Shape, hashed
from citizen_nlp.leaves import leaf_lexicon, leaf_scores
from citizen_nlp.lexicon import default_lexicon
from citizen_nlp.ngrams import Rows
from citizen_nlp.normalise import fold

SHAPE = Shape(bits=18, orders=3, limit=3000)
SETTINGS = Settings(bits=18, cost=0.5, sweeps=14)
LEXICON_INPUT = np.float32(0.1)
FEWEST_MESSAGES = 2
WORD_WEIGHT = 0.7


class CoarseFigures(msgspec.Struct, frozen=True):
    """What the trained model reaches on the test file, and its size as a file in megabytes (10^6 bytes)."""

    macro_f1: float
    accuracy: float
    model_mb: float
    train_messages: int
    test_messages: int
    per_label: dict[str, float]


class _Field(NamedTuple):
    """Distinct rows with sublinear counts, and how much the field counts."""

    rows: Rows
    counts: NDArray[np.float32]
    weight: float


class _Features(NamedTuple):
    """Characters and words of title and text, and the leaf lexicon's scores."""

    fields: tuple[_Field, ...]
    lexicon: NDArray[np.float32]


class _Model(NamedTuple):
    rows: NDArray[np.int8]
    scale: NDArray[np.float32]
    dense: NDArray[np.float32]
    idf: NDArray[np.float32]


def measure_coarse(train: Path, test: Path, progress: Progress | None = None) -> CoarseFigures:
    """Train on one file and measure on the other; both have the columns title, text and label."""
    learnt, asked = (list(read_table(path, ("title", "text", "label"))) for path in (train, test))
    names = sorted({row["label"] for row in learnt})
    features = [_features(row["title"], row["text"]) for row in learnt]
    model = _train(features, np.array([[row["label"] == name for name in names] for row in learnt]), progress)
    meta: dict[str, str | int | float | list[str]] = {"labels": names}
    size = len(pack("coarse", Artefact(meta, dict(model._asdict()))))
    given = [names[_best(_features(row["title"], row["text"]), model)] for row in asked]
    return _figures(given, [row["label"] for row in asked], size, len(learnt))


def _train(features: Sequence[_Features], right: NDArray[np.bool_], progress: Progress | None) -> _Model:
    seen = np.concatenate([np.unique(np.concatenate([field.rows for field in f.fields])) for f in features])
    frequency = np.bincount(seen, minlength=1 << SHAPE.bits)
    idf = (np.log((len(features) + 1) / (frequency + 1)) + 1) * (frequency >= FEWEST_MESSAGES)
    idf = idf.astype(np.float32)
    offset = np.zeros(right.shape[1], np.float32)
    samples = [Sample(*_weighted(f, idf), f.lexicon * LEXICON_INPUT, offset) for f in features]
    signs = np.where(right, 1, -1).astype(np.int8)
    fitted = fit(samples, signs, np.ones(len(samples), np.float32), SETTINGS, progress)
    scale = np.maximum(np.abs(fitted.sparse).max(0), np.float32(1e-6)) / np.float32(127)
    return _Model(np.rint(fitted.sparse / scale).astype(np.int8), scale, fitted.dense * LEXICON_INPUT, idf)


def _features(title: str, text: str) -> _Features:
    heading, body = fold(title).text.replace("\n", " "), fold(text).text.replace(" ", "")
    leaves = leaf_lexicon()
    hits = leaves.cues.find(f"{heading}\n{body[: SHAPE.limit]}")
    made = (_characters(heading), _characters(body), _words(heading), _words(body))
    return _Features(made, leaf_scores(hits, len(heading), len(leaves.codes)))


def _characters(text: str) -> _Field:
    return _field(hashed("", text, SHAPE).rows, 1.0)


def _words(text: str) -> _Field:
    words = default_lexicon().cut(text[: SHAPE.limit])
    rows = [crc32(word.encode("utf-8", "replace")) >> (32 - SHAPE.bits) for word in words if len(word) > 1]
    return _field(np.array(rows, np.uint32), WORD_WEIGHT)


def _field(occurrences: Rows, weight: float) -> _Field:
    rows, counts = np.unique(occurrences, return_counts=True)
    return _Field(rows, (1 + np.log(counts)).astype(np.float32), weight)


def _weighted(features: _Features, idf: NDArray[np.float32]) -> tuple[Rows, NDArray[np.float32]]:
    values = []
    for field in features.fields:
        raw = field.counts * idf[field.rows]
        values.append(raw * (field.weight / max(float(np.sqrt(raw @ raw)), 1e-9)))
    rows, place = np.unique(np.concatenate([f.rows for f in features.fields]), return_inverse=True)
    return rows, np.bincount(place, np.concatenate(values), minlength=len(rows)).astype(np.float32)


def _best(features: _Features, model: _Model) -> int:
    index, values = _weighted(features, model.idf)
    sparse = (values @ model.rows[index].astype(np.float32)) * model.scale
    return int(np.argmax(sparse + features.lexicon @ model.dense))


def _figures(given: list[str], wanted: list[str], size: int, learnt: int) -> CoarseFigures:
    per_label: dict[str, float] = {}
    for name in sorted(set(wanted)):
        hit = sum(g == w == name for g, w in zip(given, wanted, strict=True))
        per_label[name] = round(2 * hit / max(given.count(name) + wanted.count(name), 1), 4)
    accuracy = sum(g == w for g, w in zip(given, wanted, strict=True)) / max(len(wanted), 1)
    macro = sum(per_label.values()) / max(len(per_label), 1)
    return CoarseFigures(round(macro, 4), round(accuracy, 4), round(size / 1e6, 2), learnt, len(wanted), per_label)

"""Fits linear one-against-rest models with squared hinge loss by dual coordinate descent, in plain numpy.

Method: Hsieh et al., A Dual Coordinate Descent Method for Large-scale Linear SVM (2008).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[int, int], None]


class Sample(NamedTuple):
    """Sparse features of one message: distinct `rows` with `values`, a dense block, and fixed scores."""

    rows: NDArray[np.uint32]
    values: NDArray[np.float32]
    dense: NDArray[np.float32]
    offset: NDArray[np.float32]


class Fitted(NamedTuple):
    """Weights of the hashed rows (buckets, classes) and of the dense block (dense, classes)."""

    sparse: NDArray[np.float32]
    dense: NDArray[np.float32]


class Settings(NamedTuple):
    """How to fit: hash size in bits, cost of an error, sweeps over the data, seed of their order."""

    bits: int
    cost: float = 1.0
    sweeps: int = 12
    seed: int = 7


def fit(
    samples: Sequence[Sample],
    targets: NDArray[np.int8],
    importance: NDArray[np.float32],
    settings: Settings,
    progress: Progress | None = None,
) -> Fitted:
    """Fit on `targets` (samples, classes) of +1, -1, or 0 where the class must neither gain nor lose.

    Deterministic: the same samples in the same order give the same weights.
    """
    count, classes = targets.shape
    sparse = np.zeros((1 << settings.bits, classes), np.float32)
    dense = np.zeros((len(samples[0].dense), classes), np.float32)
    alphas = np.zeros((count, classes), np.float32)
    signs = targets.astype(np.float32)
    ridge = 1.0 / (2.0 * settings.cost * importance)
    norms = [float(s.values @ s.values + s.dense @ s.dense) for s in samples]
    order = np.random.default_rng(settings.seed)
    for sweep in range(settings.sweeps):
        for i in order.permutation(count):
            rows, values, block, offset = samples[i]
            scores = values @ sparse[rows] + block @ dense + offset
            gradient = signs[i] * scores - 1.0 + ridge[i] * alphas[i]
            updated = np.maximum(alphas[i] - gradient / (norms[i] + ridge[i]), 0.0) * np.abs(signs[i])
            step = (updated - alphas[i]) * signs[i]
            alphas[i] = updated
            moved = np.flatnonzero(step)
            if len(moved):
                sparse[rows[:, None], moved] += values[:, None] * step[moved]
                dense[:, moved] += block[:, None] * step[moved]
        if progress is not None:
            progress(sweep + 1, settings.sweeps)
    return Fitted(sparse, dense)

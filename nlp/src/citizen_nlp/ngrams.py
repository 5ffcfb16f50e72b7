"""Turns text into hashed character n-grams, all orders at once, with numpy."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.int64]

_MULTIPLIER = np.uint32(0x9E3779B1)
_FINISH = np.uint32(0x85EBCA6B)
ORDERS = 3


def codes(text: str) -> NDArray[np.uint32]:
    """Give the code points of `text`; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def ngram_rows(points: NDArray[np.uint32], bits: int, seed: int) -> Rows:
    """Hash all 1…3-grams of `points` to rows below 2**bits, with repetitions; `seed` makes another family."""
    rolling = (points + np.uint32(seed)) * _MULTIPLIER
    parts = [rolling]
    for order in range(1, ORDERS):
        if len(points) <= order:
            break
        rolling = (rolling[:-1] ^ (rolling[:-1] >> np.uint32(15)) ^ points[order:]) * _MULTIPLIER
        parts.append(rolling)
    mixed = np.concatenate(parts)
    mixed = (mixed ^ (mixed >> np.uint32(16))) * _FINISH
    return (mixed >> np.uint32(32 - bits)).astype(np.int64)

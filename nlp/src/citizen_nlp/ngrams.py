"""Turns text into hashed character n-grams, all orders at once, with numpy."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.int64]
Points: TypeAlias = NDArray[np.uint32]

_MULTIPLIER = np.uint32(0x9E3779B1)
_FINISH = np.uint32(0x85EBCA6B)
_FOLD = np.uint32(15)
_MIX = np.uint32(16)


def codes(text: str) -> Points:
    """Give the code points of `text`; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def rolling_hashes(points: Points, orders: int) -> list[Points]:
    """Hash the n-grams that begin at each point: one array for each order 1…`orders` that fits."""
    rolling = points * _MULTIPLIER
    made = [rolling]
    for order in range(2, min(orders, len(points)) + 1):
        head = rolling[:-1]
        rolling = (head ^ (head >> _FOLD) ^ points[order - 1 :]) * _MULTIPLIER
        made.append(rolling)
    return made


def rows(hashes: Sequence[Points], bits: int) -> Rows:
    """Join hashes and spread them over rows below 2**bits."""
    mixed = np.concatenate(hashes)
    return (((mixed ^ (mixed >> _MIX)) * _FINISH) >> np.uint32(32 - bits)).astype(np.int64)

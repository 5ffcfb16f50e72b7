"""Turns text into hashed character n-grams, all orders at once, with numpy."""

from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.uint32]
Points: TypeAlias = NDArray[np.uint32]

# Arrays without dimension, since numpy takes them faster than scalars.
_MULTIPLIER = np.array(0x9E3779B1, np.uint32)
_FINISH = np.array(0x85EBCA6B, np.uint32)
_FOLD = np.array(15, np.uint32)
_MIX = np.array(16, np.uint32)


def codes(text: str) -> Points:
    """Give the code points of `text`; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def rolling_hashes(points: Points, orders: int) -> list[Points]:
    """Hash the n-grams that begin at each point: one array for each order 1…`orders` that fits."""
    rolling = points * _MULTIPLIER
    made = [rolling]
    for order in range(2, min(orders, len(points)) + 1):
        head = rolling[:-1]
        rolling = head >> _FOLD
        rolling ^= head
        rolling ^= points[order - 1 :]
        rolling *= _MULTIPLIER
        made.append(rolling)
    return made


@cache
def _spare(bits: int) -> NDArray[np.uint32]:
    return np.array(32 - bits, np.uint32)


def rows(hashes: Sequence[Points], bits: int) -> Rows:
    """Join hashes and spread them over rows below 2**bits."""
    joined = np.concatenate(hashes)
    mixed = joined >> _MIX
    mixed ^= joined
    mixed *= _FINISH
    mixed >>= _spare(bits)
    return mixed

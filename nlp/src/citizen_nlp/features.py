"""The n-gram features of a message, the same at training and at run time."""

from typing import NamedTuple

import numpy as np

from citizen_nlp.ngrams import Rows, codes, rolling_hashes, rows

TITLE_WEIGHT = 1.0
TEXT_WEIGHT = 1.5


class Shape(NamedTuple):
    """Hash size in bits, longest n-gram, and how many characters of each field are read."""

    bits: int = 15
    orders: int = 3
    limit: int = 400


class Hashed(NamedTuple):
    """Rows of the title's n-grams up to `split`, then the text's, repetitions kept, each with a factor."""

    rows: Rows
    split: int
    title_factor: float
    text_factor: float


EMPTY = Hashed(np.empty(0, np.uint32), 0, 0.0, 0.0)


def hashed(title: str, text: str, shape: Shape) -> Hashed:
    """Hash title and text (normalised); a message with one of them has it for both."""
    title, text = title[: shape.limit], text[: shape.limit]
    if not (title and text):
        if not (title or text):
            return EMPTY
        made = rows(rolling_hashes(codes(title or text), shape.orders), shape.bits)
        return Hashed(made, 0, 0.0, (TITLE_WEIGHT + TEXT_WEIGHT) / len(made) ** 0.5)
    end = len(title)
    both = rolling_hashes(codes(title + text), shape.orders)
    first = [hashes[: max(end - order, 0)] for order, hashes in enumerate(both)]
    split = sum([len(hashes) for hashes in first])
    made = rows(first + [hashes[end:] for hashes in both], shape.bits)
    return Hashed(made, split, TITLE_WEIGHT / split**0.5, TEXT_WEIGHT / max(len(made) - split, 1) ** 0.5)

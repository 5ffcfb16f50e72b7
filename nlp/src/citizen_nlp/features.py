"""The n-gram features of a message, the same at training and at run time."""

from typing import NamedTuple

import numpy as np

from citizen_nlp.ngrams import Rows, codes, ngram_rows

TITLE_WEIGHT = 1.0
TEXT_WEIGHT = 1.5
TEXT_LIMIT = 400


class Field(NamedTuple):
    """Hashed rows of one field, repetitions kept, and the factor each of them counts with."""

    rows: Rows
    factor: float


def fields(title: str, text: str, bits: int) -> tuple[Field, ...]:
    """Hash title and text (normalised); a message with one of them has it for both.

    Only the first `TEXT_LIMIT` characters of a text are hashed: more did not help.
    """
    named = ((title or text, TITLE_WEIGHT), (text or title, TEXT_WEIGHT))
    made = []
    for content, weight in named:
        rows = ngram_rows(codes(content[:TEXT_LIMIT]), bits, 0) if content else np.empty(0, np.int64)
        if len(rows):
            made.append(Field(rows, weight / float(len(rows)) ** 0.5))
    return tuple(made)

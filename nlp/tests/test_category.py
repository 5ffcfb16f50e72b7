"""The leaves, on captions held apart from training and on the hand-labelled file where it is at hand."""

import os
from pathlib import Path

import pytest

from citizen_nlp import analyse
from citizen_nlp.commands import _judged
from citizen_nlp.corpus import read_captions, read_gold
from citizen_nlp.leaves import leaf_lexicon
from citizen_nlp.lexfile import DATA
from citizen_nlp.measure import category_figures

HERE = Path(__file__).parent
CAPTIONS = read_captions(HERE / "data" / "captions.tsv")
LEARNT = read_captions(DATA / "captions.txt")


class TestCaptions:
    """Short, spoken, without title."""

    def test_every_leaf_has_captions_and_none_was_learnt(self) -> None:
        """At least 150, over all leaves, disjoint from the training captions."""
        assert len(CAPTIONS) >= 150
        assert {caption.code for caption in CAPTIONS} == set(leaf_lexicon().codes)
        assert not {caption.text for caption in CAPTIONS} & {caption.text for caption in LEARNT}

    def test_most_are_right(self) -> None:
        """Top 1 in 85 of 100, top 3 in 95."""
        figures = category_figures([_judged((c.code,), analyse("", c.text)) for c in CAPTIONS])
        assert figures.top1 >= 0.85
        assert figures.top3 >= 0.95


class TestLetters:
    """Real petitions."""

    def test_gold_file(self) -> None:
        """The aims are met on the development file, which the shipped model has seen."""
        folder = os.environ.get("CITIZEN_DATA")
        if not folder:
            pytest.skip("CITIZEN_DATA names no folder with the corpora")
        gold = read_gold(Path(folder) / "complaints_gold_dev.csv")
        found = [analyse(message.title, message.text) for message in gold]
        figures = category_figures([_judged((m.code, *m.also), a) for m, a in zip(gold, found, strict=True)])
        assert figures.top1 >= 0.85
        assert figures.top3 >= 0.95

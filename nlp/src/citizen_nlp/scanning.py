"""Looks for the phrases of all word lists in one pass over a text."""

from functools import cache
from typing import Any, NamedTuple

from citizen_nlp.danger import Alarm, Shield, alarm_phrases, shield_phrases
from citizen_nlp.leaves import Cue, leaf_phrases
from citizen_nlp.nature import NatureCue, nature_phrases
from citizen_nlp.parts import part_signs
from citizen_nlp.phrases import Hit, PhraseIndex
from citizen_nlp.privacy import introductions


class Found(NamedTuple):
    """What each word list has in a text."""

    cues: list[Hit[Cue]]
    natures: list[Hit[NatureCue]]
    alarms: list[Hit[Alarm]]
    shields: list[Hit[Shield]]
    introductions: list[Hit[None]]
    signs: list[Hit[None]]


@cache
def _index() -> PhraseIndex[Any]:
    signs = [(sign, None) for sign in part_signs()]
    return PhraseIndex(leaf_phrases(), nature_phrases(), alarm_phrases(), shield_phrases(), introductions(), signs)


def scan(text: str) -> Found:
    """Find the phrases of leaves, natures and danger, introductions of names, and signs of parts."""
    return Found(*_index().find_groups(text)[:-1])

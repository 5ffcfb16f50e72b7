"""Looks for the phrases of all word lists in one pass over a text."""

from functools import cache
from typing import Any, NamedTuple, TypeAlias

from citizen_nlp.danger import Alarm, Shield, danger_phrases
from citizen_nlp.leaves import Cue, leaf_phrases
from citizen_nlp.nature import NatureCue, nature_phrases
from citizen_nlp.phrases import Hit, PhraseIndex

Payload: TypeAlias = Cue | NatureCue | Alarm | Shield
_KINDS: tuple[type[Payload], ...] = (Cue, NatureCue, Alarm, Shield)


class Found(NamedTuple):
    """What each word list has in a text."""

    cues: list[Hit[Cue]]
    natures: list[Hit[NatureCue]]
    alarms: list[Hit[Alarm]]
    shields: list[Hit[Shield]]


@cache
def _index() -> PhraseIndex[Payload]:
    groups = (leaf_phrases(), nature_phrases(), danger_phrases())
    return PhraseIndex([pair for group in groups for pair in group])


def scan(text: str) -> Found:
    """Find the phrases of leaves, natures and danger in normalised text."""
    found = Found([], [], [], [])
    lists: dict[type[Payload], list[Hit[Any]]] = dict(zip(_KINDS, found, strict=True))
    for hit in _index().find(text):
        lists[type(hit.payload)].append(hit)
    return found

"""Says what the citizen wants: to complain, ask, get help, suggest, tip off or praise."""

from functools import cache
from pathlib import Path

from citizen_nlp.leaves import STRENGTHS, TITLE_FACTOR
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Nature
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import PhraseIndex

READ = 120


@cache
def _index(path: Path = DATA / "natures.txt") -> PhraseIndex[tuple[Nature, float]]:
    return PhraseIndex(
        (fold(phrase).text, (Nature(name), STRENGTHS[strength]))
        for name, strengths in read_sections(path).items()
        for strength, phrases in strengths.items()
        for phrase in phrases
    )


def find_nature(message: Folded, title_end: int) -> Nature:
    """Weigh the cues of each nature; the title counts double, a message without cues is a complaint."""
    totals = dict.fromkeys(Nature, 0.0)
    for start, _, (nature, weight) in _index().find(message.text[: title_end + READ]):
        totals[nature] += weight * (TITLE_FACTOR * 2 if start < title_end else 0.5)
    return max(totals, key=lambda nature: totals[nature])

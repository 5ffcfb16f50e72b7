"""Says what the citizen wants: to complain, ask, get help, suggest, tip off or praise."""

from pathlib import Path
from typing import NamedTuple

from citizen_nlp.leaves import STRENGTHS
from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.model import Nature
from citizen_nlp.normalise import fold
from citizen_nlp.phrases import Hit

READ = 120
TITLE_FACTOR = 8.0


class NatureCue(NamedTuple):
    """A phrase speaks for a nature with `weight`."""

    nature: Nature
    weight: float


def nature_phrases(path: Path = DATA / "natures.txt") -> list[tuple[str, NatureCue]]:
    """List the phrases of all natures."""
    return [
        (fold(phrase).text, NatureCue(Nature(name), STRENGTHS[strength]))
        for name, strengths in read_sections(path).items()
        for strength, phrases in strengths.items()
        for phrase in phrases
    ]


def find_nature(hits: list[Hit[NatureCue]], title_end: int) -> Nature:
    """Weigh the cues of the title and the first `READ` characters; a message without cues is a complaint."""
    totals = dict.fromkeys(Nature, 0.0)
    for start, end, (nature, weight) in hits:
        if start < title_end:
            totals[nature] += weight * TITLE_FACTOR
        elif end <= title_end + READ:
            totals[nature] += weight
    return max(totals, key=totals.__getitem__)

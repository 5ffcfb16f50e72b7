"""Says what the citizen wants: to complain, ask, get help, suggest, tip off or praise."""

from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, DataFileError, read_sections
from citizen_nlp.model import Nature
from citizen_nlp.phrases import Hit
from citizen_nlp.strengths import weighted

READ = 120
TITLE_FACTOR = 8.0
_NATURES = tuple(Nature)


class NatureCue(NamedTuple):
    """A phrase speaks with `weight` for the nature at `place` among all natures."""

    place: int
    weight: float


def nature_phrases(path: Path = DATA / "natures.txt") -> list[tuple[str, NatureCue]]:
    """List the phrases of all natures; raise `DataFileError` with the line for a nature that is not known."""
    found: list[tuple[str, NatureCue]] = []
    for name, section in read_sections(path).items():
        if name not in set(_NATURES):
            raise DataFileError(path, section.line, f"unknown nature {name!r}, expected one of {sorted(_NATURES)}")
        place = _NATURES.index(Nature(name))
        found += [(phrase, NatureCue(place, weight)) for phrase, weight in weighted(section)]
    return found


def find_nature(hits: list[Hit[NatureCue]], title_end: int) -> Nature:
    """Weigh the cues of the title and the first `READ` characters; a message without cues is a complaint."""
    totals = [0.0] * len(_NATURES)
    limit = title_end + READ
    for start, end, (place, weight) in hits:
        if start < title_end:
            totals[place] += weight * TITLE_FACTOR
        elif end <= limit:
            totals[place] += weight
    return _NATURES[totals.index(max(totals))]

"""How strongly a phrase speaks for what it stands under: sure, likely or a hint."""

from citizen_nlp.lexfile import Phrases, Section, read_numbers
from citizen_nlp.normalise import fold

STRENGTHS = read_numbers("strength")


def weighted(section: Section) -> list[tuple[str, float]]:
    """List the normalised phrases of a section whose keys are strengths, each with its weight.

    Raises `DataFileError` with the line for a strength that is not known and for a phrase that begins with a gap.
    """
    found: list[tuple[str, float]] = []
    for strength, phrases in section.items():
        if strength not in STRENGTHS:
            phrases.refuse(phrases.line, f"unknown strength {strength!r}, expected one of {sorted(STRENGTHS)}")
        found += [(phrase, STRENGTHS[strength]) for phrase in normalised(phrases)]
    return found


def normalised(phrases: Phrases) -> list[str]:
    """Normalise phrases; raise `DataFileError` with the line for one that begins with a gap or is nothing then."""
    found: list[str] = []
    for line, phrase in phrases.numbered():
        folded = fold(phrase).text
        if not folded or folded[0] == "*":
            phrases.refuse(line, f"phrase {phrase!r} begins with nothing")
        found.append(folded)
    return found

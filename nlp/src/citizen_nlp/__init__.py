"""Reads a Chinese complaint: what is wrong, where, of what nature, how urgent, how sure, and why."""

from citizen_nlp.analyser import Analyser, analyse
from citizen_nlp.lexicon import Lexicon
from citizen_nlp.model import (
    Analysis,
    CategoryGuess,
    Keyword,
    Nature,
    PlaceMention,
    Span,
    Urgency,
)

__all__ = [
    "Analyser",
    "Analysis",
    "CategoryGuess",
    "Keyword",
    "Lexicon",
    "Nature",
    "PlaceMention",
    "Span",
    "Urgency",
    "analyse",
]

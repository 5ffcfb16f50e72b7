"""Reads a Chinese complaint: what is wrong, where, of what nature, how urgent, how sure, and why."""

from citizen_nlp.analyser import Analyser, analyse
from citizen_nlp.category import CategoryModel
from citizen_nlp.event_index import Alike, EventIndex
from citizen_nlp.lexfile import DataFileError
from citizen_nlp.lexicon import Lexicon
from citizen_nlp.model import (
    Analysis,
    CategoryGuess,
    Keyword,
    Nature,
    Part,
    PlaceMention,
    Private,
    PrivateKind,
    Span,
    Urgency,
)
from citizen_nlp.privacy import Masked, mask, unmask
from citizen_nlp.same_event import SURE, Signature, same_event, signature

__all__ = [
    "SURE",
    "Alike",
    "Analyser",
    "Analysis",
    "CategoryGuess",
    "CategoryModel",
    "DataFileError",
    "EventIndex",
    "Keyword",
    "Lexicon",
    "Masked",
    "Nature",
    "Part",
    "PlaceMention",
    "Private",
    "PrivateKind",
    "Signature",
    "Span",
    "Urgency",
    "analyse",
    "mask",
    "same_event",
    "signature",
    "unmask",
]

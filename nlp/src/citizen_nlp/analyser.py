"""Puts the parts together: one message in, one `Analysis` out."""

from functools import cache

from citizen_nlp.category import CategoryModel
from citizen_nlp.danger import find_danger
from citizen_nlp.keywords import find_keywords
from citizen_nlp.lexicon import Lexicon, default_lexicon
from citizen_nlp.model import Analysis
from citizen_nlp.nature import find_nature
from citizen_nlp.normalise import fold

LONGEST = 8_000


class Analyser:
    """A loaded model with the names of a city; immutable and safe to share between threads."""

    def __init__(self, lexicon: Lexicon | None = None, model: CategoryModel | None = None) -> None:
        self.lexicon = lexicon or default_lexicon()
        self.model = model or default_model()

    def analyse(self, title: str, text: str) -> Analysis:
        """Read one message; only its first `LONGEST` characters are looked at. Never raises for any string."""
        title = title.replace("\n", " ")
        message = fold(f"{title}\n{text}"[:LONGEST])
        title_end = message.text.find("\n")
        if not any(char.isalnum() for char in message.text):
            return Analysis()
        hits = self.model.lexicon.index.find(message.text)
        guesses = self.model.guess(message, title_end, hits)
        danger = find_danger(message)
        return Analysis(
            keywords=find_keywords(message, title_end, hits, self.lexicon),
            categories=guesses.ranked,
            abstained=guesses.abstained,
            nature=find_nature(message, title_end),
            urgency=danger.urgency,
            danger=danger.spans,
            emergency_numbers=danger.numbers,
        )


@cache
def default_model() -> CategoryModel:
    """Give the shipped model, loaded once per process."""
    return CategoryModel()


@cache
def _default_analyser() -> Analyser:
    return Analyser()


def analyse(title: str, text: str, *, lexicon: Lexicon | None = None) -> Analysis:
    """Read one message with the shipped model and, if given, the names of a city.

    Spans count characters of `title + "\\n" + text`. A message that says nothing gives an `Analysis` that abstains.
    """
    return (Analyser(lexicon) if lexicon else _default_analyser()).analyse(title, text)

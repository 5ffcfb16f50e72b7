"""Puts the parts together: one message in, one `Analysis` out."""

import re
from functools import cache

from citizen_nlp.category import CategoryModel
from citizen_nlp.danger import find_danger
from citizen_nlp.keywords import find_keywords
from citizen_nlp.leaves import Cue
from citizen_nlp.lexicon import Lexicon, NameHit, default_lexicon
from citizen_nlp.model import Analysis, CategoryGuess, Part
from citizen_nlp.nature import find_nature
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.parts import find_parts
from citizen_nlp.phrases import Hit
from citizen_nlp.places import find_places
from citizen_nlp.privacy import find_private
from citizen_nlp.scanning import scan
from citizen_nlp.subject import Range, find_subject, problem_phrase
from citizen_nlp.times import find_times

LONGEST = 8_000
_TWO_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)


class Analyser:
    """A loaded model with the names of a city; immutable and safe to share between threads."""

    def __init__(self, lexicon: Lexicon | None = None, model: CategoryModel | None = None) -> None:
        self.lexicon = lexicon or default_lexicon()
        self.model = model or default_model()

    def analyse(self, title: str, text: str) -> Analysis:
        """Read one message; never raises for any string.

        Only the first `LONGEST` characters are looked at, so time and memory are bounded.
        """
        message = fold(f"{_one_line(title)}\n{text}"[:LONGEST])
        title_end = max(message.text.find("\n"), 0)
        found = scan(message.text)
        private = find_private(message, found.introductions)
        if _TWO_LETTERS.search(message.text) is None:
            return Analysis(private=private)
        names = self.lexicon.names_in(message.text)
        places = find_places(message, title_end, names)
        hits = _outside_names(found.cues, names)
        guesses = self.model.guess(message, title_end, hits)
        danger = find_danger(message, title_end, found.alarms, found.shields)
        subject = find_subject(message.text, title_end, hits)
        problem = problem_phrase(message.text, subject, [Range(*message.place(place.span)) for place in places], hits)
        return Analysis(
            keywords=find_keywords(message, title_end, problem),
            categories=guesses.ranked,
            abstained=guesses.abstained,
            places=places,
            nature=find_nature(found.natures, title_end),
            urgency=danger.urgency,
            danger=danger.spans,
            emergency_numbers=danger.numbers,
            times=find_times(message),
            parts=self._parts(message, title_end, found.cues) if found.signs else (),
            private=private,
            subject=message.text[subject.start : subject.end],
        )

    def _parts(self, message: Folded, title_end: int, hits: list[Hit[Cue]]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for start, end in find_parts(message.text, title_end + 1):
            text = f"\n{message.text[start:end]}"
            shift = start - 1
            inside = [(a - shift, b - shift, cue) for a, b, cue in hits if start <= a and b <= end]
            guess = self.model.guess(Folded(text, text, None), 0, inside).ranked[0]
            parts.append(Part(message.span(start, end), CategoryGuess(guess.code, guess.confidence)))
        return tuple(parts)


def _outside_names(hits: list[Hit[Cue]], names: list[NameHit]) -> list[Hit[Cue]]:
    """Drop cues that are only a piece of a gazetteer name, as 文化 is in 文化路."""
    if not names:
        return hits
    return [hit for hit in hits if not any(n.start <= hit[0] and hit[1] <= n.end for n in names)]


def _one_line(title: str) -> str:
    return title.replace("\n", " ")


@cache
def default_model() -> CategoryModel:
    """Give the shipped model, loaded once per process."""
    return CategoryModel()


@cache
def _default_analyser() -> Analyser:
    return Analyser()


def analyse(title: str, text: str, *, lexicon: Lexicon | None = None) -> Analysis:
    """Read one message with the shipped model and, if given, the names of a city.

    Spans count characters of title, one newline and text. A message that
    says nothing gives an `Analysis` that abstains.
    """
    return (Analyser(lexicon) if lexicon else _default_analyser()).analyse(title, text)

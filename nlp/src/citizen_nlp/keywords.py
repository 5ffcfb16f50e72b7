"""Picks the phrases that say what a message is about."""

from citizen_nlp.leaves import Cue
from citizen_nlp.lexicon import Lexicon
from citizen_nlp.model import Keyword
from citizen_nlp.normalise import Folded
from citizen_nlp.phrases import Hit

TOP = 8
SHORTEST = 2


def find_keywords(
    message: Folded, title_end: int, hits: list[Hit[Cue]], lexicon: Lexicon
) -> tuple[Keyword, ...]:
    """Weigh problem phrases by what they decide and words by length; the title counts double."""
    weights: dict[tuple[int, int], float] = {}
    for start, end, cue in hits:
        if end - start >= SHORTEST:
            key = (start, end)
            weights[key] = max(weights.get(key, 0.0), cue.weight * (1 + 0.1 * (end - start)))
    position = 0
    for word in lexicon.cut(message.text):
        end = position + len(word)
        if len(word) >= SHORTEST and "\u4e00" <= word[0] <= "\u9fff":
            weights.setdefault((position, end), 0.3 * len(word))
        position = end
    ranked = sorted(
        weights.items(), key=lambda item: (-item[1] * (2 if item[0][0] < title_end else 1), item[0])
    )
    return _distinct(message, ranked)


def _distinct(message: Folded, ranked: list[tuple[tuple[int, int], float]]) -> tuple[Keyword, ...]:
    chosen: dict[str, Keyword] = {}
    best = ranked[0][1] if ranked else 1.0
    for (start, end), weight in ranked:
        span = message.span(start, end)
        if not any(span.text in other or other in span.text for other in chosen):
            chosen[span.text] = Keyword(span.text, round(min(weight / best, 1.0), 4), span)
            if len(chosen) == TOP:
                break
    return tuple(sorted(chosen.values(), key=lambda keyword: -keyword.weight))

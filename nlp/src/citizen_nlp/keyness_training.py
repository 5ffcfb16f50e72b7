"""Learns from messages with titles which words of a text its writer would put into the title."""

import math
from collections import Counter
from collections.abc import Callable, Iterable

import numpy as np

from citizen_nlp.keywords import EARLY, READ, Keyness, Occurrences, content_words, log_odds
from citizen_nlp.lexicon import Lexicon
from citizen_nlp.normalise import fold

RARE = 3
SMOOTHING = 6.0
RARE_RATE = 0.16
FITTED_ON = 3000
TOP_WORDS = 5


def title_words(title: str, lexicon: Lexicon) -> set[str]:
    """Give the words of a title that could be keywords."""
    return set(content_words(lexicon.cut(fold(title).text)).starts)


def learn(messages: Iterable[tuple[str, str]], lexicon: Lexicon) -> Keyness:
    """Count how often a word of a text is in its title, then fit how position and repetition count."""
    seen: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    read: list[tuple[set[str], Occurrences]] = []
    for title, text in messages:
        words = content_words(lexicon.cut(fold(text).text[:READ]))
        wanted = title_words(title, lexicon)
        seen.update(words.starts.keys())
        taken.update(words.starts.keys() & wanted)
        read.append((wanted, words))
    base = sum(taken.values()) / max(sum(seen.values()), 1)
    priors = {word: _odds(taken[word], count, base) for word, count in seen.items() if count >= RARE}
    weights = _fit(read[:FITTED_ON], seen, taken, base)
    start, slope = float(weights[0]), float(weights[1])
    table = {word: start + slope * prior for word, prior in sorted(priors.items())}
    return Keyness(table, start + slope * _odds(0, 0, RARE_RATE), *(float(weight) for weight in weights[2:]))


def _odds(taken: float, seen: float, base: float) -> float:
    rate = (taken + SMOOTHING * base) / (seen + SMOOTHING)
    return math.log(rate / (1 - rate))


def _fit(
    read: list[tuple[set[str], Occurrences]], seen: Counter[str], taken: Counter[str], base: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    rows: list[tuple[float, ...]] = []
    hits: list[bool] = []
    for wanted, words in read:
        for word, start in words.starts.items():
            count, positive = seen[word] - 1, taken[word] - (word in wanted)
            prior = _odds(positive, count, base if count >= RARE else RARE_RATE)
            rows.append(
                (1.0, prior, math.log(words.counts[word]), math.log1p(start / 10), float(start < EARLY))
            )
            hits.append(word in wanted)
    features, labels = np.array(rows), np.array(hits, float)
    weights = np.zeros(features.shape[1])
    for _ in range(15):
        chance = 1 / (1 + np.exp(-features @ weights))
        curve = features.T @ (features * (chance * (1 - chance))[:, None]) + 1e-3 * np.eye(len(weights))
        weights += np.linalg.solve(curve, features.T @ (labels - chance))
    return weights


def keyness_file(table: Keyness) -> str:
    """Give the text of the keyness table as `keywords.keyness` reads it."""
    head = f"{table.unknown:.4f} {table.repeated:.4f} {table.late:.4f} {table.early:.4f}"
    lines = [f"{word} {odds * 10:.0f}" for word, odds in sorted(table.words.items())]
    return "\n".join([head, *lines]) + "\n"


def figures(
    table: Keyness, messages: list[tuple[str, str]], lexicon: Lexicon
) -> tuple[float, float, float, float]:
    """Measure F1 of five words, ours then jieba's TF-IDF, against titles and title words in the text."""
    import jieba.analyse  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415 - compared with

    def ours(text: str) -> set[str]:
        scores = log_odds(table, content_words(lexicon.cut(fold(text).text[:READ])))
        return set(sorted(scores, key=lambda word: -scores[word])[:TOP_WORDS])

    def jieba_tags(text: str) -> set[str]:
        return set(jieba.analyse.extract_tags(fold(text).text, TOP_WORDS))

    found: list[float] = []
    for pick in (ours, jieba_tags):
        found.extend(_mean_f1(pick, messages, lexicon, in_text=in_text) for in_text in (False, True))
    return found[0], found[1], found[2], found[3]


def _mean_f1(
    pick: Callable[[str], set[str]], messages: list[tuple[str, str]], lexicon: Lexicon, *, in_text: bool
) -> float:
    scores: list[float] = []
    for title, text in messages:
        wanted = title_words(title, lexicon)
        if in_text:
            wanted &= title_words(text[:READ], lexicon)
        chosen = pick(text)
        if wanted:
            scores.append(2 * len(chosen & wanted) / (len(chosen) + len(wanted)))
    return round(sum(scores) / max(len(scores), 1), 4)

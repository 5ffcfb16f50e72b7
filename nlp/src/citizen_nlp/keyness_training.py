"""Learns from messages with titles which words of a text its writer would put into the title."""

import math
from collections import Counter
from collections.abc import Iterable

import numpy as np

from citizen_nlp.keywords import EARLY, READ, Keyness, Occurrences, content_words, log_odds
from citizen_nlp.lexicon import plain_words
from citizen_nlp.normalise import fold

RARE = 3
SMOOTHING = 3.0
RARE_RATE = 0.16
FITTED_ON = 3000
TOP_WORDS = 5


def title_tags(title: str) -> set[str]:
    """Give the keywords of a title: jieba's five best by TF-IDF, as in the published measure."""
    import jieba.analyse  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415 - only to measure

    return {fold(tag).text for tag in jieba.analyse.extract_tags(title, TOP_WORDS)}


def learn(messages: Iterable[tuple[str, str]]) -> Keyness:
    """Count how often a word of a text is in its title, then fit how position and repetition count."""
    seen: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    read: list[tuple[set[str], Occurrences]] = []
    for title, text in messages:
        words = content_words(plain_words(fold(text).text[:READ]))
        wanted = title_tags(title)
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
            place = (math.log(words.repeated.get(word, 1)), math.log1p(start / 10), float(start < EARLY))
            rows.append((1.0, prior, *place))
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


def figures(table: Keyness, messages: list[tuple[str, str]]) -> tuple[float, float]:
    """Measure F1 of five words a text against the keywords of its title: ours, then jieba's TF-IDF."""
    import jieba.analyse  # type: ignore[import-untyped,unused-ignore] # noqa: PLC0415 - only to measure

    ours: list[float] = []
    theirs: list[float] = []
    for title, text in messages:
        wanted = title_tags(title)
        if not wanted:
            continue
        scores = log_odds(table, plain_words(fold(text).text[:READ])).odds
        ours.append(_f1(set(sorted(scores, key=lambda word: -scores[word])[:TOP_WORDS]), wanted))
        theirs.append(_f1({fold(tag).text for tag in jieba.analyse.extract_tags(text, TOP_WORDS)}, wanted))
    return round(sum(ours) / max(len(ours), 1), 4), round(sum(theirs) / max(len(theirs), 1), 4)


def _f1(chosen: set[str], wanted: set[str]) -> float:
    return 2 * len(chosen & wanted) / (len(chosen) + len(wanted)) if chosen else 0.0

"""Measures the analyser against labelled messages."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

import msgspec
import numpy as np
from numpy.typing import NDArray

from citizen_nlp.model import Analysis

BINS = 10


class LeafFigures(msgspec.Struct, frozen=True):
    """Precision and recall of one leaf, and how many messages have it."""

    precision: float
    recall: float
    messages: int


class CategoryFigures(msgspec.Struct, frozen=True):
    """How good ranked guesses are; `covered` did not abstain; `confusion` says "wanted>given": n."""

    messages: int
    top1: float
    top3: float
    covered: float
    top1_covered: float
    top1_at_90: float
    ece: float
    per_leaf: dict[str, LeafFigures]
    confusion: dict[str, int]


class Judged(msgspec.Struct, frozen=True):
    """The ranked guesses for one message beside the codes accepted for it, the first wanted."""

    wanted: tuple[str, ...]
    ranked: tuple[str, ...]
    confidence: float
    abstained: bool


def category_figures(judged: Sequence[Judged]) -> CategoryFigures:
    """Sum up ranked guesses; an accepted alternative counts as right."""
    right = np.array([case.ranked[:1] != () and case.ranked[0] in case.wanted for case in judged])
    third = np.array([bool(set(case.ranked[:3]) & set(case.wanted)) for case in judged])
    sure = np.array([case.confidence for case in judged])
    kept = np.array([not case.abstained for case in judged])
    surest = np.argsort(-sure, kind="stable")[: max(round(0.9 * len(judged)), 1)]
    wrong = Counter(
        f"{case.wanted[0]}>{case.ranked[0] if case.ranked else '-'}"
        for case, good in zip(judged, right, strict=True)
        if not good
    )
    return CategoryFigures(
        messages=len(judged),
        top1=_rounded(right.mean()),
        top3=_rounded(third.mean()),
        covered=_rounded(kept.mean()),
        top1_covered=_rounded(right[kept].mean() if kept.any() else 0.0),
        top1_at_90=_rounded(right[surest].mean()),
        ece=_rounded(calibration_error(sure, right)),
        per_leaf=_per_leaf(judged),
        confusion=dict(wrong.most_common()),
    )


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Give the expected calibration error over ten equal bins of confidence."""
    bins = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def _per_leaf(judged: Sequence[Judged]) -> dict[str, LeafFigures]:
    given: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for case in judged:
        first = case.ranked[0] if case.ranked else "-"
        good = first in case.wanted
        given[first] += 1
        wanted[first if good else case.wanted[0]] += 1
        hit[first] += good
    return {
        code: LeafFigures(
            _rounded(hit[code] / given[code] if given[code] else 0.0),
            _rounded(hit[code] / wanted[code] if wanted[code] else 0.0),
            wanted[code],
        )
        for code in sorted(given.keys() | wanted.keys())
    }


def overlap_f1(found: str, wanted: str) -> float:
    """Give the F1 of the characters two spans share in order; two empty ones agree."""
    if not found or not wanted:
        return float(found == wanted)
    shared = sum(block.size for block in SequenceMatcher(None, found, wanted, autojunk=False).get_matching_blocks())
    return 2 * shared / (len(found) + len(wanted))


def place_f1(pairs: Iterable[tuple[Analysis, str]]) -> float:
    """Give the mean overlap F1 of the first place against the marked one."""
    scores = [overlap_f1(a.places[0].span.text if a.places else "", wanted) for a, wanted in pairs]
    return _rounded(sum(scores) / max(len(scores), 1))


def problem_in_top3(pairs: Iterable[tuple[Analysis, tuple[str, ...]]]) -> float:
    """Say how often one of the first three keywords is or holds one of the marked problem phrases."""
    good = [any(p and p in k.text for k in a.keywords[:3] for p in wanted) for a, wanted in pairs]
    return _rounded(sum(good) / max(len(good), 1))


class EventFigures(msgspec.Struct, frozen=True):
    """Same-event pairs that are right, and messages with a partner that find one, at one threshold."""

    threshold: float
    precision: float
    found: float


def event_figures(
    score: Callable[[int, int], float],
    groups: dict[str, list[int]],
    messages: int,
    thresholds: Sequence[float],
) -> list[EventFigures]:
    """Compare each message of a true group with all `messages`; `score` takes two message numbers."""
    group_of = {member: name for name, members in groups.items() if len(members) > 1 for member in members}
    pairs = [
        (score(i, j), i, group_of.get(j) == name) for i, name in group_of.items() for j in range(messages) if j != i
    ]
    figures: list[EventFigures] = []
    for threshold in thresholds:
        said: dict[bool, int] = defaultdict(int)
        finders: set[int] = set()
        for value, i, good in pairs:
            if value >= threshold:
                said[good] += 1
                if good:
                    finders.add(i)
        precision = said[True] / max(said[True] + said[False], 1)
        figures.append(EventFigures(threshold, _rounded(precision), _rounded(len(finders) / max(len(group_of), 1))))
    return figures


def _rounded(value: float) -> float:
    return round(float(value), 4)

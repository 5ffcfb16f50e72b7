"""Which places and topics have more tickets than their own past explains: a Gamma-Poisson test, few of them by chance.

A cell is a place and a topic. Its rate is estimated from the same span of days in each of the weeks before (so Mondays
are compared with Mondays), drawn to what the topic has elsewhere by the weight of one such span. Given that estimate
the count of the present span follows a negative binomial law, whose upper tail is the p-value. Of the cells reported at
most `FALSE_SHARE` are expected to be chance (Benjamini and Hochberg 1995, over all cells there are, silent ones too).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp, lgamma, log
from sys import float_info
from typing import NamedTuple

import msgspec

WEEKS = 8
SPANS = (1, 3, 7)
"""Days at the end of the period that are looked at, each for itself."""

FALSE_SHARE = 0.05
LEAST = 3
"""Fewer tickets are no hot spot, however rare they were before."""
LEAST_RATIO = 2.0
_PRIOR_SPANS = 1.0
_NEGLIGIBLE = 1e-12


Above = Mapping[str, Sequence[str]]
"""For each place those that it lies in."""


class Tally(NamedTuple):
    """How many tickets a place and topic had so many days before the end: `week` 0 is the present one, `day` 0 to 6."""

    area: str
    topic: str
    week: int
    day: int
    tickets: int


class Burst(msgspec.Struct, frozen=True):
    """A place and topic with more tickets in the last `days` than its past explains.

    `past` are the counts of the same days in the weeks before, the latest first; `expected` is what they and the rest
    of the city let expect, `p_value` how probable so many or more were by chance, `q_value` the share of chance finds
    among all that are as striking.
    """

    area: str
    topic: str
    days: int
    observed: int
    expected: float
    past: tuple[int, ...]
    p_value: float
    q_value: float


class Surroundings(NamedTuple):
    """What a cell is compared with besides its own past.

    `usual` are, by topic, the tickets of all the weeks before, by day as in `Tally`; `peers` how many places there are
    of each place's level; `above` names for each place those it lies in; `cells` is how many places × topics there are.
    """

    usual: Mapping[str, Sequence[int]]
    peers: Mapping[str, int]
    above: Above
    cells: int


def find_bursts(tallies: Sequence[Tally], around: Surroundings) -> list[Burst]:
    """Return the bursts, the most striking first, each event once: in the place and span in which it is clearest.

    Cells with fewer than `LEAST` tickets in the present week may be left out of the tallies.
    """
    found = [burst for days in SPANS for burst in _tested(_counts(tallies, days), days, around)]
    found.sort(key=lambda burst: (burst.p_value, burst.area, burst.topic, burst.days))
    striking = _controlled(found, around.cells * len(SPANS))
    large = [one for one in striking if one.observed >= LEAST_RATIO * one.expected]
    return _once(large, around.above)


def tail(observed: int, shape: float, rate: float) -> float:
    """Return P(X ≥ observed) for a Poisson count whose rate is Gamma(shape, rate): a negative binomial law."""
    if observed == 0:
        return 1.0
    log_p, log_q = log(rate / (rate + 1)), -log(rate + 1)
    term = exp(lgamma(shape + observed) - lgamma(shape) - lgamma(observed + 1) + shape * log_p + observed * log_q)
    if term < float_info.min:  # too small to be added to; all of the law lies on one side
        return 1.0 if observed <= shape / rate else float_info.min
    total, count = 0.0, observed
    while True:
        total += term
        ratio = (shape + count) / ((count + 1) * (rate + 1))
        if ratio < 1 and term * ratio / (1 - ratio) <= _NEGLIGIBLE * total:
            return min(total, 1.0)
        if total >= 1:
            return 1.0
        term, count = term * ratio, count + 1


def _counts(tallies: Sequence[Tally], days: int) -> dict[tuple[str, str], list[int]]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (WEEKS + 1))
    for tally in tallies:
        if tally.day < days and tally.week <= WEEKS:
            counts[tally.area, tally.topic][tally.week] += tally.tickets
    return counts


def _tested(counts: Mapping[tuple[str, str], list[int]], days: int, around: Surroundings) -> list[Burst]:
    found = []
    for (area, topic), (observed, *past) in counts.items():
        if observed < LEAST:
            continue
        elsewhere = sum(around.usual.get(topic, ())[:days]) + 0.5  # half a ticket, so that nothing is impossible
        prior = elsewhere / (WEEKS * around.peers[area])
        shape, rate = prior * _PRIOR_SPANS + sum(past), _PRIOR_SPANS + WEEKS
        p_value = tail(observed, shape, rate)
        found.append(Burst(area, topic, days, observed, round(shape / rate, 4), tuple(past), p_value, 1.0))
    return found


def _controlled(found: list[Burst], cells: int) -> list[Burst]:
    """Keep those within the share of chance finds, given how many cells were looked at; `found` is sorted."""
    least, kept = 1.0, []
    for rank, burst in reversed([*enumerate(found, 1)]):
        least = min(least, burst.p_value * cells / rank)
        if least <= FALSE_SHARE:
            kept.append(msgspec.structs.replace(burst, q_value=least))
    return kept[::-1]


def _once(bursts: list[Burst], above: Above) -> list[Burst]:
    kept: list[Burst] = []
    for burst in bursts:
        same = (one for one in kept if one.topic == burst.topic)
        if not any(
            one.area == burst.area or one.area in above.get(burst.area, ()) or burst.area in above.get(one.area, ())
            for one in same
        ):
            kept.append(burst)
    return kept

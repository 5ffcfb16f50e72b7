"""How a simulated city behaves, read from `habits.toml` beside this file."""

import random
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from math import log
from pathlib import Path

import msgspec

Spread = tuple[float, float]


class Times(msgspec.Struct, frozen=True):
    """When people report: weights of the hours of a day and of the days of a week."""

    hours: tuple[int, ...]
    weekdays: tuple[int, ...]


class Chances(msgspec.Struct, frozen=True):
    """How often what happens to a ticket, and how long it takes."""

    clear: float
    emergency: float
    rejected: float
    withdrawn: float
    joined: float
    returned: float
    asked: float
    held: float
    urged: float
    rated: float
    unsatisfied: float
    reopened: float
    triage: Spread
    accept: Spread
    start: Spread
    again: Spread
    handling: Spread
    vote: Spread
    satisfied: tuple[int, ...]


class Phrases(msgspec.Struct, frozen=True):
    """What people say."""

    openings: tuple[str, ...]
    places: tuple[str, ...]
    troubles: tuple[str, ...]
    endings: tuple[str, ...]
    replies: tuple[str, ...]
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    questions: tuple[str, ...]
    waits: tuple[str, ...]


class Habits(msgspec.Struct, frozen=True):
    """All of it."""

    groups: dict[str, float]
    time: Times
    channels: dict[str, int]
    life: Chances
    words: Phrases


def read_habits() -> Habits:
    """Read the file."""
    return msgspec.convert(tomllib.loads(Path(__file__).with_name("habits.toml").read_text("utf-8")), Habits)


def drawn(rng: random.Random, spread: Spread) -> float:
    """Draw from a lognormal distribution given by its median and spread."""
    return rng.lognormvariate(log(spread[0]), spread[1])


def hours(rng: random.Random, spread: Spread) -> timedelta:
    """Draw a time."""
    return timedelta(hours=drawn(rng, spread))


def pick(rng: random.Random, words: Sequence[str]) -> str:
    """Draw one of several."""
    return words[int(rng.random() * len(words))]

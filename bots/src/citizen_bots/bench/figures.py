"""What is measured of a server under load."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec


class Figures(msgspec.Struct, frozen=True):
    """What was measured; times in milliseconds, from the moment at which a message was due to be sent."""

    sent: int
    answered: int
    failed: int
    per_second: float
    p50_ms: float
    p99_ms: float
    most_ms: float


class Measured(msgspec.Struct, frozen=True):
    """The figures of one server; memory is that of its processes together, in megabytes."""

    rate: int
    at_rate: Figures
    flooded: Figures
    processes: int
    per_second_per_process: float
    memory_mb: float
    cpu_ms_per_update: float
    """What the server's processes spent for one answered message, at the rate: a machine with others at work shows less
    a second than this allows."""


Load = Callable[[int, float], Awaitable[Figures]]
"""Sends messages of ever new citizens at a rate, for so many seconds."""


def moments(rate: int, seconds: float) -> Iterator[float]:
    """Return when each message is due."""
    return (number / rate for number in range(int(rate * seconds)))


def figures_of(sent: int, times: Sequence[float], failed: int, took: float) -> Figures:
    """Return the figures of answers that took so many seconds each."""
    ordered = sorted(times) or [0.0]

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)

    return Figures(sent, len(times), failed, round(len(times) / took, 1), at(0.5), at(0.99), at(1.0))

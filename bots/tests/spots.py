"""Places in the city so far apart that what happens at two of them is never taken for one event."""

from itertools import count

_numbers = count()


def next_spot() -> tuple[float, float]:
    """Return latitude and longitude of a place where no test was before; all lie in one district."""
    across, up = divmod(next(_numbers), 8)
    return round(34.690 + 0.002 * up, 5), round(113.590 + 0.003 * across, 5)

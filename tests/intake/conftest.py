"""Places in the city where nothing has happened yet."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.gateway import SPOT, Json

_STEP = 0.012  # a good kilometre, more than any family reaches
_ROW = 16
_used = count()

Spot = Callable[..., Json]


@pytest.fixture
def spot() -> Spot:
    """Return what gives positions around a place of the test's own, some metres to the north and east of it."""
    number = next(_used)
    lat, lon = 34.60 + _STEP * (number // _ROW % _ROW), 113.52 + _STEP * (number % _ROW)

    def at(north: float = 0.0, east: float = 0.0) -> Json:
        return SPOT | {"lat": lat + north / 111_195, "lon": lon + east / 91_500}

    return at

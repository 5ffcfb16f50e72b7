"""Waiting for another process."""

import time
from collections.abc import Callable

PATIENCE_S = 30.0


def wait_until(so: Callable[[], bool]) -> None:
    """Wait until something is so. Raises AssertionError after half a minute."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "it never was so"
        time.sleep(0.05)

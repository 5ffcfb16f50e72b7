"""Tells those who wait that something happened, and asks the database once for all who wait in this process."""

import asyncio
import time

from citizen_gateway.partners import store
from citizen_gateway.partners.cursors import Place
from citizen_gateway.platform.db import Pool

POLL_S = 0.1


class Bell:
    """Waits for news in the event log, without holding a connection meanwhile.

    Whoever wakes first asks for the log's head; the others find its answer. So a thousand followers ask as often as
    one, and nobody has to be told when the last one leaves.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._head = Place()
        self._asked_at = -POLL_S

    async def wait(self, seen: Place, seconds: float) -> bool:
        """Wait until the log goes on behind this place, or so many seconds; return whether it does."""
        until = time.monotonic() + seconds
        while self._head <= seen:
            now = time.monotonic()
            if self._asked_at + POLL_S <= now:
                self._asked_at = now
                self._head = await store.head(self._pool)
            elif now >= until:
                return False
            else:
                await asyncio.sleep(min(self._asked_at + POLL_S, until) - now)
        return True

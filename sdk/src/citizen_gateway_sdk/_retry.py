"""When to try again, and after how long."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

RETRIED_STATUSES = frozenset({429, 502, 503, 504})
"""Too many requests, and the three by which the gateway, or what stands before it, says not now."""

_LARGEST_DOUBLING = 32


class Backoff(msgspec.Struct, frozen=True):
    """How long to wait between attempts, in seconds.

    Without word from the gateway: a random time up to `first`, doubled with each attempt up to `longest` (full
    jitter, so that many clients do not return at once). With `Retry-After`: that time and a little more at random.
    Where it is longer than `obeyed`, the call fails at once with the error's `retry_after` set, because returning
    sooner than asked would be rude and waiting that long would be a surprise.
    """

    first: float = 0.5
    longest: float = 8.0
    obeyed: float = 60.0

    def wait(self, attempt: int, *, retry_after: float | None, chance: float) -> float | None:
        """Return the pause after attempt number `attempt` (from 0), or None to give up; `chance` lies in [0, 1)."""
        if retry_after is None:
            return chance * min(self.longest, self.first * 2.0 ** min(attempt, _LARGEST_DOUBLING))
        if retry_after > self.obeyed:
            return None
        return retry_after + chance * self.first


def parse_retry_after(value: str | None, *, date: str | None, now: datetime) -> float | None:
    """Return the seconds a `Retry-After` header asks for (RFC 9110 §10.2.3), or None where there is no readable one.

    A moment in time is measured from the answer's own `Date`, so a wrong clock here does no harm.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    moment = _moment(text)
    if moment is None:
        return None
    return max(0.0, (moment - (_moment(date) or now)).total_seconds())


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

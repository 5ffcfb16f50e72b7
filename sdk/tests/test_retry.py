"""Pauses between attempts, and what a Retry-After header asks for."""

from datetime import UTC, datetime

import pytest

from citizen_gateway_sdk import Backoff
from citizen_gateway_sdk._retry import parse_retry_after

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class TestBackoff:
    """How the pause grows."""

    def test_it_doubles_up_to_its_longest(self) -> None:
        """Each attempt may wait twice as long as the one before, and never longer than `longest`."""
        backoff = Backoff(first=0.5, longest=8)
        waits = [backoff.wait(attempt, retry_after=None, chance=1.0) for attempt in (0, 1, 2, 3, 4, 5, 1000)]
        assert waits == [0.5, 1, 2, 4, 8, 8, 8]

    def test_it_is_spread_from_nothing(self) -> None:
        """Full jitter: clients that failed together do not return together."""
        assert Backoff().wait(3, retry_after=None, chance=0.0) == 0

    def test_it_obeys(self) -> None:
        """A stated pause is the least, with a little more so that not all return at that instant."""
        assert Backoff(first=0.5).wait(0, retry_after=10, chance=0.5) == 10.25

    def test_it_gives_up_before_it_disobeys(self) -> None:
        """Asked to wait longer than it may, it does not come back early instead."""
        assert Backoff(obeyed=60).wait(0, retry_after=61, chance=0) is None


class TestRetryAfter:
    """The two forms of the header, and what is neither."""

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("Sun, 22 Nov 2026 08:00:30 GMT", 30),
            ("Sun, 22 Nov 2026 07:00:00 GMT", 0),
            ("Sunday, 22-Nov-26 08:00:05 GMT", 5),
            ("99999999999999999999", 999999999),
            ("-5", None),
            ("1.5", None),
            ("٣", None),
            ("soon", None),
            ("", None),
            (None, None),
        ],
    )
    def test_forms(self, value: str | None, seconds: float | None) -> None:
        """Whole seconds and HTTP dates count; anything else is as if it were not there."""
        assert parse_retry_after(value, date=None, now=NOW) == seconds

    def test_a_date_counts_from_the_answers_own(self) -> None:
        """A wrong clock on this side does no harm."""
        asked = "Sun, 22 Nov 2020 08:00:30 GMT"
        assert parse_retry_after(asked, date="Sun, 22 Nov 2020 08:00:10 GMT", now=NOW) == 20

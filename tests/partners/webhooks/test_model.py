"""The rules of trying again."""

from datetime import UTC, datetime, timedelta

from citizen_gateway.partners.webhooks.model import PAUSES, Outcome, next_due

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FAILED = Outcome(500, None, 3)


class TestNextDue:
    """When a message is sent again."""

    def test_over_three_days(self) -> None:
        """Growing pauses that come to three days, and then no more."""
        assert list(PAUSES) == sorted(PAUSES)
        assert timedelta(days=2, hours=20) < sum(PAUSES, timedelta()) < timedelta(days=3, hours=12)
        assert next_due(len(PAUSES), NOW, FAILED, 0.0) == NOW + PAUSES[-1]
        assert next_due(len(PAUSES) + 1, NOW, FAILED, 0.0) is None

    def test_chance_lengthens_a_little(self) -> None:
        """By a tenth at most."""
        assert NOW + PAUSES[1] < (next_due(2, NOW, FAILED, 0.99) or NOW) < NOW + PAUSES[1] * 1.1

    def test_a_receiver_s_wish_is_obeyed_up_to_a_day(self) -> None:
        """Never sooner than the rule, never later than tomorrow."""
        later = Outcome(503, None, 3, retry_after=600.0)
        assert next_due(1, NOW, later, 0.0) == NOW + timedelta(minutes=10)
        assert next_due(1, NOW, Outcome(503, None, 3, retry_after=0.0), 0.0) == NOW + PAUSES[0]
        assert next_due(1, NOW, Outcome(503, None, 3, retry_after=1e9), 0.0) == NOW + timedelta(days=1)

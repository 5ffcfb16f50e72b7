"""The machine's time."""

from datetime import UTC, datetime

from citizen_gateway.kernel.clock import system_clock


class TestSystemClock:
    """Composition roots ask it, nobody else."""

    def test_is_aware_and_in_utc(self) -> None:
        """Its moments compare with those of the database and never go backwards."""
        before, asked, after = datetime.now(UTC), system_clock(), datetime.now(UTC)
        assert asked.tzinfo is UTC
        assert before <= asked <= after

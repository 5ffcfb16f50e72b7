"""`bench queries` in a small city."""

from citizen_gateway.cli.bench.queries import bench_queries
from citizen_gateway.cli.simulating.filling import Filled
from citizen_gateway.platform.db import OwnConnection
from tests.cli.conftest import TICKETS
from tests.gateway import Gateway


class TestBenchQueries:
    """Everything staff ask."""

    async def test_each_question_is_measured_and_its_plan_looked_at(
        self, gateway: Gateway, simulated: tuple[OwnConnection, Filled]
    ) -> None:
        """Of all offices; small tables may be read as a whole."""
        conn, _ = simulated
        asked: list[str] = []
        figures = await bench_queries(gateway.parts, conn, 5, asked.append)
        assert (figures.tickets, figures.runs) == (TICKETS, 5)
        assert list(figures.questions) == asked
        for name in (
            "queue open (city)",
            "search words (street)",
            "search by phone",
            "ticket page",
            "dashboard (city)",
        ):
            one = figures.questions[name]
            assert 0 < one.p50_ms <= one.p95_ms
            assert one.within_limit == (one.p95_ms <= one.limit_ms)
            assert one.indexed
            assert one.scanned == []
            assert one.queries > 0

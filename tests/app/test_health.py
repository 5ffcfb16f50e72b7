"""Health and readiness."""

from tests.gateway import Gateway


class TestHealth:
    """What a load balancer asks."""

    async def test_a_live_process_says_so(self, gateway: Gateway) -> None:
        """Health looks at nothing else."""
        answer = await gateway.stranger.get("/health")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    async def test_ready_names_each_part(self, gateway: Gateway) -> None:
        """Ready asks the database and Valkey, and names the city."""
        answer = await gateway.stranger.get("/ready")
        assert answer.status_code == 200
        assert answer.json() == {"ready": True, "city": "郑州市", "parts": {"database": True, "valkey": True}}

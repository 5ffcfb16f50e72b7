"""The event log: partitions."""

import asyncio

from citizen_gateway.platform.db import Pool, Transaction
from citizen_gateway.platform.events import ensure_partitions


class TestPartitions:
    """Growing tables have a partition for each month."""

    async def test_asking_twice_makes_nothing_new(self, tx: Transaction) -> None:
        """Each partitioned table there is gets its months; asking again makes nothing new."""
        later = tx.now.replace(year=2031)
        assert {"event_203111", "event_203112"} <= set(await ensure_partitions(tx.conn, later, months=2))
        assert await ensure_partitions(tx.conn, later, months=2) == []

    async def test_processes_that_start_together_share_the_work(self, pool: Pool, tx: Transaction) -> None:
        """Of four processes that ask at the same time each partition is made by one, and none of them fails."""

        async def ask() -> list[str]:
            async with pool.acquire() as conn:
                return await ensure_partitions(conn, tx.now.replace(year=2032), months=2)

        made = [name for names in await asyncio.gather(*(ask() for _ in range(4))) for name in names]
        assert len(made) == len(set(made)) >= 2

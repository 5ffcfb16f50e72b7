"""Which large tables a query reads from end to end."""

import pytest

from citizen_gateway.cli.bench.plans import Plan, Watching, large_tables, scanned, scans
from citizen_gateway.platform.db import Pool


class TestScans:
    """Reading a plan."""

    @pytest.mark.parametrize(
        ("plan", "found"),
        [
            ({"Node Type": "Index Scan", "Relation Name": "ticket"}, []),
            ({"Node Type": "Seq Scan", "Relation Name": "ticket"}, ["ticket"]),
            (
                {
                    "Node Type": "Limit",
                    "Plans": [
                        {
                            "Node Type": "Nested Loop",
                            "Plans": [
                                {"Node Type": "Parallel Seq Scan", "Relation Name": "report_202611"},
                                {"Node Type": "Index Only Scan", "Relation Name": "ticket"},
                            ],
                        }
                    ],
                },
                ["report_202611"],
            ),
        ],
    )
    def test_finds_them_at_any_depth(self, plan: Plan, found: list[str]) -> None:
        """Also below joins and limits, and of partitions."""
        assert list(scans(plan)) == found


class TestWatching:
    """A connection that remembers what it was asked."""

    async def test_a_query_without_an_index_is_told(self, pool: Pool) -> None:
        """Of a table that is large; a small one is rightly read as a whole."""
        async with pool.acquire() as conn:
            watching = Watching(conn)
            await watching.fetch("select from city_area where name = $1", "x")
            await watching.fetchval("select 1 from city_area where code = $1", "x")
            await watching.fetchrow("update city_area set name = name where false returning 1")
            assert len(watching.asked) == 3
            assert await scanned(conn, watching.asked, {"city_area"}) == ["city_area"]
            assert await scanned(conn, watching.asked[1:], {"city_area"}) == []
            assert await scanned(conn, watching.asked, set()) == []
            assert "city_pack" not in await large_tables(conn)

"""`citizen-gateway staff` and `simulate`, as an operator types them."""

import json

import pytest

from citizen_gateway.accounts import passwords, store
from citizen_gateway.platform.db import Pool
from tests.cli.test_commands import one_sentence, run


class TestStaff:
    """Managing staff from the command line."""

    async def test_a_right_is_given_taken_and_ended(self, database: str, pool: Pool) -> None:
        """Each command says what rights are left; each change is in the audit log, done by the system."""
        url = {"DATABASE_URL": database}
        steps = [
            (["add", "li", "--role", "center", "--area", "410103"], "li: center in 410103"),
            (["grant", "li", "--role", "handler", "--department", "410103-cgj"], "li: center in 410103, handler of "),
            (["revoke", "li", "--role", "center", "--area", "410103"], "li: handler of 410103-cgj"),
            (["password", "li", "--password", "a dozen signs"], "li: handler of 410103-cgj"),
            (["deactivate", "li"], "li: left"),
        ]
        for arguments, told in steps:
            done = run("staff", *arguments, **url)
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith(told)
        kept = await pool.fetchval("select password from staff where login = 'li'")
        assert await passwords.matches("a dozen signs", kept)
        async with pool.acquire() as conn:
            assert await store.password_of(conn, "li") is None  # who left signs in no more
        whats = await pool.fetch(
            "select what from audit where subject = (select id from staff where login = 'li') order by id"
        )
        assert [row["what"] for row in whats] == [
            "staff.added",
            "staff.granted",
            "staff.revoked",
            "staff.password_set",
            "staff.deactivated",
        ]

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["grant", "nobody", "--role", "center"], "member of staff"),
            (["password", "nobody", "--password", "short"], "12"),
        ],
    )
    def test_a_mistake_is_one_sentence(self, database: str, arguments: list[str], told: str) -> None:
        """And the exit code is 1."""
        assert told in one_sentence(run("staff", *arguments, DATABASE_URL=database))


class TestSimulate:
    """`citizen-gateway simulate` and `bench queries`."""

    def test_fills_a_city_of_its_own_and_measures_it(
        self, tmp_path_factory: pytest.TempPathFactory, thin_pack: object
    ) -> None:
        """Progress is shown; a second time it refuses to mix."""
        data = str(tmp_path_factory.mktemp("s"))
        common = ("--data", data, "--pack", str(thin_pack), "--json")
        done = run("simulate", "--tickets", "300", "--days", "60", *common)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["filled"]["tickets"] == 300
        assert "tickets: 100%" in done.stderr
        assert "empty" in one_sentence(run("simulate", "--tickets", "10", *common))
        asked = run("bench", "queries", "--runs", "5", *common)
        assert asked.returncode == 0, asked.stderr
        figures = json.loads(asked.stdout)
        assert set(figures["questions"]["ticket page"]) == {
            *("p50_ms", "p95_ms", "limit_ms", "within_limit", "indexed", "scanned", "queries"),
        }

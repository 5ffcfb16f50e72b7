"""Rules proven, explained and tried, as an operator does it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import one_sentence, run
from tests.gateway import Gateway, Person

TINYTOWN = Path(__file__).parents[1] / "packs" / "tinytown"


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """Copy the tiny pack, with one category less on its list for triage."""
    folder = tmp_path / "pack"
    shutil.copytree(TINYTOWN, folder)
    city = folder / "city.toml"
    city.write_text(city.read_text("utf-8").replace('"noise", "other"]', '"noise"]'), "utf-8")
    return folder


class TestCheck:
    """`citizen-gateway city check`."""

    def test_proves_a_pack(self) -> None:
        """Every category has one answer everywhere, or is listed; no database is needed."""
        done = run("city", "check", str(TINYTOWN))
        assert done.returncode == 0, done.stderr
        assert "Everything else has exactly one answer." in done.stdout

    def test_fails_where_a_gap_is_not_listed(self, spoiled: Path) -> None:
        """The gap is named with its places."""
        done = run("city", "check", str(spoiled), "--json")
        assert done.returncode == 1
        gaps = json.loads(done.stdout)["gaps"]
        assert {gap["category"] for gap in gaps if not gap["known"]} == {"other"}

    def test_names_what_is_wrong_with_rules(self, spoiled: Path) -> None:
        """A contradiction has its file and line."""
        rules = spoiled / "duty_rules.csv"
        rules.write_text(rules.read_text("utf-8") + "gas-hall,gas,owner,city,hall,,r,r\n", "utf-8")
        done = run("city", "check", str(spoiled))
        assert done.returncode == 1
        assert "duty_rules.csv:14: rule gas-hall contradicts rule gas-owner (line 9)" in done.stderr.replace("\n", " ")


class TestExplain:
    """`citizen-gateway dispatch explain`."""

    def test_tells_rule_polygon_and_changes(self, gateway: Gateway, database: str) -> None:
        """Of the loaded city."""
        assert gateway
        done = run("dispatch", "explain", "101", "--area", "410103001", "--language", "en", DATABASE_URL=database)
        assert done.returncode == 0, done.stderr
        assert "410103-cgj" in done.stdout
        assert "polygon: 410103" in done.stdout
        unknown = run("dispatch", "explain", "101", "--area", "nowhere", DATABASE_URL=database)
        assert "nowhere" in one_sentence(unknown)


class TestReplay:
    """`citizen-gateway dispatch replay`."""

    async def test_shows_what_would_have_gone_elsewhere(
        self, gateway: Gateway, citizen: Person, database: str, thin_pack: Path, tmp_path: Path
    ) -> None:
        """As a table and as JSON, from what happened."""
        await citizen.report()
        await gateway.catch_up()
        folder = tmp_path / "pack"
        shutil.copytree(thin_pack, folder)
        rules = folder / "duty_rules.csv"
        text = rules.read_text("utf-8")
        (line,) = [line for line in text.splitlines() if line.startswith("place-cgj,")]
        rules.write_text(text.replace(line, line.replace("{district}-cgj", "{district}-ylj")), "utf-8")
        days = ("--from", "2026-11-01", "--to", "2026-12-31")
        done = run("dispatch", "replay", "--pack", str(folder), *days, "--json", DATABASE_URL=database)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        moved = {(one["before"], one["after"]) for one in found["moved"]}
        assert ("410103-cgj", "410103-ylj") in moved
        table = run("dispatch", "replay", "--pack", str(folder), *days, DATABASE_URL=database)
        assert "410103-ylj" in table.stdout

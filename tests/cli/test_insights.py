"""Figures on the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import one_sentence, run
from tests.gateway import Gateway, Person


@pytest.fixture
async def reported(gateway: Gateway, citizen: Person) -> str:
    """Report something, let it be counted, and return the ticket's number."""
    number = (await citizen.report())["ticket"]["number"]
    await gateway.catch_up()
    return str(number)


class TestRecompute:
    """`citizen-gateway insights recompute`."""

    def test_counts_what_it_read(self, reported: str, database: str) -> None:
        """From the event log alone."""
        done = run("insights", "recompute", "--json", DATABASE_URL=database)
        assert done.returncode == 0, done.stderr
        assert reported
        assert json.loads(done.stdout)["tickets"] >= 1


class TestBriefing:
    """`citizen-gateway insights briefing`."""

    @pytest.mark.parametrize(
        ("form", "begins"), [("text", "二七区".encode()), ("html", b"<!doctype"), ("png", b"\x89PNG")]
    )
    def test_in_every_form(self, reported: str, database: str, tmp_path: Path, form: str, begins: bytes) -> None:
        """Written to a file."""
        out = tmp_path / "briefing"
        options = ("--center", "410103", "--date", "2026-11-22", "--format", form, "--out", str(out))
        done = run("insights", "briefing", *options, DATABASE_URL=database)
        assert done.returncode == 0, done.stderr
        assert reported
        assert out.read_bytes().startswith(begins)

    def test_of_no_center(self, reported: str, database: str) -> None:
        """One sentence."""
        assert reported
        assert "atlantis" in one_sentence(run("insights", "briefing", "--center", "atlantis", DATABASE_URL=database))


class TestExport:
    """`citizen-gateway insights export`."""

    @pytest.mark.parametrize("form", ["csv", "parquet"])
    def test_writes_a_file(self, reported: str, database: str, tmp_path: Path, form: str) -> None:
        """With all tickets of the period."""
        out = tmp_path / "tickets"
        done = run(
            "insights", "export", "--period", "2026-11", "--format", form, "--out", str(out), DATABASE_URL=database
        )
        assert done.returncode == 0, done.stderr
        assert reported
        assert out.stat().st_size > 0

    def test_of_no_period(self, reported: str, database: str, tmp_path: Path) -> None:
        """One sentence."""
        assert reported
        done = run("insights", "export", "--period", "lately", "--out", str(tmp_path / "x"), DATABASE_URL=database)
        assert "lately" in one_sentence(done)

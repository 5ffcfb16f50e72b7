"""`citizen-gateway export corrections`, as an operator types it."""

import os
import subprocess
import sys
from pathlib import Path


def run(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run the command against a database."""
    command = [sys.executable, "-m", "citizen_gateway", "export", "corrections", *arguments]
    environment = os.environ | {"DATABASE_URL": url}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)


class TestExport:
    """The file for the analyser's trainer."""

    def test_writes_the_table_and_says_how_many(self, database: str, tmp_path: Path) -> None:
        """With its header, also where nobody corrected anything since."""
        path = tmp_path / "corrections.csv"
        done = run(str(path), "--since", "2100-01-01", url=database)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("0 corrections in ")
        assert path.read_text("utf-8").splitlines() == ["title,text,code,operator_code"]

    def test_says_that_the_file_cannot_be_written(self, database: str, tmp_path: Path) -> None:
        """One sentence, exit code 1."""
        done = run(str(tmp_path / "nowhere" / "c.csv"), url=database)
        assert done.returncode == 1
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr

"""What an operator types, and what they are told."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citizen_gateway.platform.resources import resource

COMMAND = [sys.executable, "-m", "citizen_gateway"]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let children hear Ctrl-C: what a shell starts in the background ignores it, and so would they."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=120, env=os.environ | environment, check=False
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed command said: one sentence, exit code 1, no traceback."""
    assert done.returncode == 1, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("citizen-gateway:")]
    assert len(said) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return said[0]


class TestUp:
    """`citizen-gateway up`."""

    def test_says_that_the_port_is_taken(self, tmp_path: Path) -> None:
        """A taken port is named, with what helps."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert f"Port {port}" in one_sentence(run("up", "--data", str(tmp_path), "--port", str(port)))

    def test_says_that_the_path_is_too_long(self, tmp_path: Path) -> None:
        """A socket's path has an end, and the sentence says where."""
        data = tmp_path / ("long" * 30)
        assert "too long for a socket" in one_sentence(run("up", "--data", str(data), "--port", "0"))

    def test_says_that_there_is_no_such_pack(self, tmp_path: Path) -> None:
        """A city that is not there is named."""
        assert "atlantis" in one_sentence(run("up", "--data", str(tmp_path), "--port", "0", "--pack", "atlantis"))

    def test_says_which_setting_is_wrong(self) -> None:
        """A setting with a wrong value is named."""
        assert "log_level" in one_sentence(run("up", CITIZEN_GATEWAY_LOG_LEVEL="loud"))

    def test_says_that_the_database_does_not_answer(self, tmp_path: Path) -> None:
        """A database elsewhere that cannot be reached is one sentence too."""
        url = "postgresql://nobody@127.0.0.1:1/none"
        assert "database" in one_sentence(run("up", "--data", str(tmp_path), "--port", "0", DATABASE_URL=url)).lower()

    @pytest.mark.usefixtures("ctrl_c")
    def test_ends_everything_it_started(self, tmp_path: Path) -> None:
        """Ctrl-C ends HTTP, worker and both engines, and the exit code is 0."""
        command = [*COMMAND, "up", "--data", str(tmp_path), "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
            assert child.stderr is not None
            while "Ctrl-C" not in (line := child.stderr.readline()):
                assert line, "it ended before it was ready"
            assert ours(tmp_path) != []
            child.send_signal(signal.SIGINT)
            child.stderr.read()
        assert child.returncode == 0
        assert ours(tmp_path) == []


def ours(data: Path) -> list[str]:
    """Return the commands of all running processes that know this data folder."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            told = (
                (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes() if folder.name.isdigit() else b""
            )
        except OSError:
            continue
        if str(data).encode() in told and folder.name != str(os.getpid()):
            found.append((folder / "cmdline").read_bytes().decode(errors="replace"))
    return found


class TestDemo:
    """`citizen-gateway demo`."""

    def test_tells_the_story_twice_on_the_same_data(self, tmp_path: Path) -> None:
        """The last line is one JSON object; the second run finds the first one's data."""
        tickets = set()
        for _ in range(2):
            done = run("demo", "--data", str(tmp_path))
            assert done.returncode == 0, done.stderr
            told = json.loads(done.stdout.splitlines()[-1])
            assert set(told) == {"ticket", "category", "department", "states", "rating", "receipt_ms"}
            assert told["states"][-1] == "closed"
            tickets.add(told["ticket"])
        assert len(tickets) == 2


class TestDoctor:
    """`citizen-gateway doctor`."""

    def test_finds_everything_in_order(self, tmp_path: Path) -> None:
        """On a fresh folder every part is in order, for a machine to read."""
        done = run("doctor", "--json", "--data", str(tmp_path))
        assert done.returncode == 0, done.stdout
        assert all(part["ok"] for part in json.loads(done.stdout))

    def test_warns_of_a_year_that_the_calendar_lacks(self, tmp_path: Path) -> None:
        """A pack without this year's holidays is in order, but its operator is told what is counted instead."""
        folder = tmp_path / "pack"
        shutil.copytree(resource("cities") / "zhengzhou", folder)
        calendar = folder / "calendar.toml"
        calendar.write_text(calendar.read_text("utf-8").partition("[[year]]")[0] + "year = []\n", "utf-8")
        done = run("doctor", "--json", "--data", str(tmp_path), "--pack", str(folder))
        assert done.returncode == 0, done.stdout
        (warning,) = [part for part in json.loads(done.stdout) if part["warning"]]
        assert warning["part"] == "city pack"
        assert "is counted Monday to Friday" in warning["seen"]

    def test_names_what_is_wrong(self, tmp_path: Path) -> None:
        """A part that is not in order is named, and the exit code is 1."""
        done = run("doctor", "--json", "--data", str(tmp_path), "--pack", "atlantis")
        assert done.returncode == 1
        assert [part["part"] for part in json.loads(done.stdout) if not part["ok"]] == ["city pack"]


class TestContract:
    """`citizen-gateway export-openapi`."""

    def test_the_contract_is_fresh(self) -> None:
        """What is committed is what the code says."""
        root = Path(__file__).parents[2]
        done = run("export-openapi", "--check", "--out", str(root / "openapi"), "--locales", str(root / "locales"))
        assert done.returncode == 0, done.stdout

"""The README's blocks, run as they stand against a server that answers by the contract."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .examples import ROOT, by_contract
from .stage import Stage

README = (ROOT / "sdk" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[f"block {number + 1}" for number in range(len(BLOCKS))])
def test_each_block_runs(block: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a partner copies works, each block by itself."""
    monkeypatch.chdir(tmp_path)
    Path("manhole.jpg").write_bytes(b"\xff\xd8\xff")
    stage.play(by_contract)
    exec(compile(block.replace("https://gateway.example", stage.url), "README.md", "exec"), {"__name__": "__main__"})  # noqa: S102 - it is ours
    assert stage.seen or "https://gateway.example" not in block


def test_the_blocks_are_typed(tmp_path: Path) -> None:
    """A partner's own strict type checker has nothing to say about them, and finds what is misspelt."""
    for number, block in enumerate(BLOCKS):
        (tmp_path / f"block_{number}.py").write_text(block, encoding="utf-8")
    misspelt = "from citizen_gateway_sdk import Gateway\nGateway().reports.submit('x', timout=3)\n"
    (tmp_path / "misspelt.py").write_text(misspelt, encoding="utf-8")
    (tmp_path / "empty.ini").write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(tmp_path / "empty.ini")]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "readme"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    *found, _ = done.stdout.splitlines()
    assert [line for line in found if "misspelt.py" not in line and ": note:" not in line] == []
    assert 'did you mean "timeout"' in done.stdout


def test_the_first_report_takes_five_lines() -> None:
    """The first block files a report, in five statements at most."""
    lines = [line for line in BLOCKS[0].splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert "reports.submit(" in BLOCKS[0]
    assert len(lines) <= 5

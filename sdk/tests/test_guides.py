"""The guides' blocks, run as they stand against a server that answers by the contract, and typed as strictly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .examples import ROOT, by_contract
from .stage import Answer, Seen, Stage
from .test_events import batch, event

GUIDES = ROOT / "docs" / "how-to" / "partners"
BLOCKS = {
    f"{path.stem} {number + 1}": block
    for path in sorted(GUIDES.glob("*.md"))
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL))
}


def answer(seen: Seen) -> Answer:
    """Answer by the contract, events as they come, and a token to who asks for one."""
    if seen.path == "/v1/events":
        resolved = event("ticket.resolved", 2, reply="好了", after_photos=[])
        resolved["reports"] = [
            {"report_id": resolved["id"], "subject": "13800000000", "external_ref": None, "status": "已办结"}
        ]
        return batch(event("ticket.accepted", 1), resolved, event("ticket.closed", 3, reason="rated"))
    if seen.path == "/oauth2/token":
        return Answer(body={"access_token": "cgt_1", "token_type": "Bearer", "expires_in": 900})
    return by_contract(seen)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_each_block_runs(block: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a partner copies works, each block by itself."""
    monkeypatch.chdir(tmp_path)
    for name in ("after.jpg", "frame.jpg"):
        Path(name).write_bytes(b"\xff\xd8\xff")
    stage.play(answer)
    exec(compile(block.replace("https://gateway.example", stage.url), "guide.md", "exec"), {"__name__": "__main__"})  # noqa: S102 - it is ours
    assert stage.seen or "def hook" in block


def test_the_blocks_are_typed(tmp_path: Path) -> None:
    """A partner's own strict type checker has nothing to say about them."""
    for number, block in enumerate(BLOCKS.values()):
        (tmp_path / f"block_{number}.py").write_text(block, encoding="utf-8")
    (tmp_path / "empty.ini").write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(tmp_path / "empty.ini")]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "guides"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_there_is_one_for_each_kind_of_partner() -> None:
    """Each is linked, and has blocks to run."""
    begin = (GUIDES / "README.md").read_text(encoding="utf-8")
    for kind in ("hotline", "bureau", "merchant", "iot"):
        assert f"({kind}.md)" in begin
        assert any(name.startswith(kind) for name in BLOCKS)

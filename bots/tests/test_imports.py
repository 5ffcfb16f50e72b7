"""What the bots are made of."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "citizen_bots"


def _imported(folder: Path) -> set[str]:
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    return names


def _roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def test_the_backend_is_reached_through_the_sdk_alone() -> None:
    """The bots are to the gateway what any partner is."""
    assert not _roots(_imported(SOURCE)) & {"citizen_gateway", "citizen_nlp"}


def test_conversations_know_no_channel_and_no_connection() -> None:
    """The engine stands on the SDK's words and its own, and on nothing that reads or sends."""
    names = _imported(SOURCE / "conversation")
    ours = {name for name in names if name.startswith("citizen_bots")}
    assert all(name.startswith(("citizen_bots.conversation", "citizen_bots.texts")) for name in ours)
    assert not _roots(names) & {"asyncio", "socket", "httpx2", "click", "pathlib", "os", "time", "random", "secrets"}


@pytest.mark.parametrize(
    "line",
    [
        "import citizen_bots.serving.app",
        "from click.testing import CliRunner; from citizen_bots.cli import main; CliRunner().invoke(main, ['--help'])",
        "from click.testing import CliRunner; from citizen_bots.cli import main; CliRunner().invoke(main, ['doctor'])",
        "import citizen_bots.console.channel, citizen_bots.telegram.fake.app",
    ],
)
def test_who_has_no_telegram_does_not_pay_for_it(line: str) -> None:
    """Only where a bot's token is configured is aiogram imported."""
    check = f"import sys; {line}; sys.exit(any(name in sys.modules for name in ('aiogram', 'pydantic', 'aiohttp')))"
    subprocess.run([sys.executable, "-c", check], check=True)

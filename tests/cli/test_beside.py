"""The bots beside a gateway."""

from pathlib import Path

import pytest

from citizen_gateway.accounts.model import Channel
from citizen_gateway.cli.beside import bots_beside, configured
from citizen_gateway.cli.running import Running, answers, free_port
from citizen_gateway.platform.failures import StartupError
from tests.cli.patience import wait_until


def test_they_run_where_a_channel_is_configured(live: Running) -> None:
    """With an address, a key and a Valkey that nobody had to give; a second start has another key."""
    port = free_port("127.0.0.1", 0)
    given = {"CITIZEN_BOTS_WECHAT_TOKEN": "t", "CITIZEN_BOTS_PORT": str(port)}
    for _ in range(2):
        with bots_beside(live, given) as whole:
            assert [process.name for process in whole.processes] == ["serve", "worker", "bots"]
            wait_until(lambda: answers(f"http://127.0.0.1:{port}/ready"))
    assert not answers(f"http://127.0.0.1:{port}/ready")


def test_without_a_channel_there_are_none(live: Running) -> None:
    """The console needs none."""
    with bots_beside(live, {}) as whole:
        assert whole is live


def test_a_channel_may_be_configured_in_a_file(tmp_path: Path) -> None:
    """As the bots read it."""
    file = tmp_path / "bots.toml"
    file.write_text('wechat_token = "t"', "utf-8")
    assert configured({"CITIZEN_BOTS_CONFIG": str(file)}) == (Channel.WECHAT,)
    assert configured({"CITIZEN_BOTS_TELEGRAM_TOKEN": "t"}) == (Channel.TELEGRAM,)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """In one sentence."""
    with pytest.raises(StartupError, match="cannot be read"):
        configured({"CITIZEN_BOTS_CONFIG": str(tmp_path / "nowhere.toml")})

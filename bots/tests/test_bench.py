"""The benchmark itself, for a moment."""

import json
import subprocess
import sys

from citizen_gateway.cli.running import Running

from .wechat_stand import own_database


def test_every_bot_answers_all(city: Running) -> None:
    """What is printed is JSON and nothing else."""
    command = [sys.executable, "-m", "citizen_bots", "bench", "--redis-url", own_database(city), "--json"]
    done = subprocess.run([*command, "--rate", "20", "--seconds", "1"], check=True, stdout=subprocess.PIPE)
    run = json.loads(done.stdout)
    for bot in ("wechat", "telegram", "bare_echo"):
        assert run[bot]["at_rate"]["answered"] == run[bot]["at_rate"]["sent"] == 20
        assert run[bot]["flooded"]["failed"] == 0
        assert run[bot]["memory_mb"] > 0
    assert run["rate_of_bare_echo"] > 0
    assert run["cpu_of_bare_echo"] > 0

"""`citizen-gateway client`: keys from the command line."""

import json
import os
import subprocess
import sys

from citizen_gateway.cli.running import Running
from citizen_gateway_sdk import Gateway


def run(live: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the live gateway's database."""
    environment = os.environ | {"DATABASE_URL": live.engines.database_url}
    command = [sys.executable, "-m", "citizen_gateway", "client", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


class TestClient:
    """Made, found, rotated, revoked."""

    def test_a_life(self, live: Running) -> None:
        """The key is printed once and works; the list knows it by how it begins; a revoked one works no more."""
        made = json.loads(run(live, "create", "cli", "--scope", "reports:read", "--days", "9", "--json").stdout)
        assert set(made) == {"client", "id", "key", "expires_at"}
        with Gateway(live.url, token=made["key"]) as gateway:
            assert gateway.sessions.current().name == "cli"
        listed = run(live, "list", "--key-prefix", made["key"])
        assert made["key"][:10] in listed.stdout
        assert made["key"] not in listed.stdout
        new = json.loads(run(live, "rotate", "cli", "--overlap-hours", "1", "--json").stdout)["key"]
        assert len(json.loads(run(live, "list", "--key-prefix", new, "--json").stdout)[0]["keys"]) == 2
        assert run(live, "revoke", "cli", made["key"]).returncode == 0
        again = run(live, "revoke", "cli", made["key"])
        assert (again.returncode, "Traceback" in again.stderr) == (1, False)

    def test_what_is_refused(self, live: Running) -> None:
        """In one sentence."""
        for arguments in (
            ("create", "cli-bad", "--scope", "reports:read", "--address", "nowhere"),
            ("rotate", "nobody at all"),
        ):
            done = run(live, *arguments)
            assert (done.returncode, "Traceback" in done.stderr) == (1, False)
            assert done.stderr.startswith("citizen-gateway:")

"""`citizen-gateway points`: the ledger, as an auditor asks it."""

import json

from citizen_gateway.cli.running import Running
from tests.cli.test_commands import run


def test_the_audit_adds_everything_up(live: Running) -> None:
    """It says how much it added up and in what time, for people and for machines."""
    url = live.engines.database_url
    told = run("points", "audit", DATABASE_URL=url)
    assert told.returncode == 0, told.stderr
    assert "total 0, 0 differences" in told.stdout
    found = json.loads(run("points", "audit", "--json", DATABASE_URL=url).stdout)
    assert (found["total"], found["wrong"]) == (0, [])
    assert found["accounts"] >= 96

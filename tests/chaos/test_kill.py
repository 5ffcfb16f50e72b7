"""A receipt that was answered survives `kill -9` a moment later, whatever is killed."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from citizen_gateway.platform import events
from citizen_gateway.platform.db import prepare
from citizen_gateway_sdk import Gateway, GatewayError, models

ROUNDS = int(os.environ.get("CITIZEN_KILL_ROUNDS", "3"))
_PATIENCE_S = 60.0


class Gatewayd:
    """`citizen-gateway up` as a process of its own, on one data folder and one port."""

    def __init__(self, data: Path, pack: Path) -> None:
        self.data = data
        self.pack = pack
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it can work."""
        command = [sys.executable, "-m", "citizen_gateway", "up", "--development", "--data", str(self.data)]
        command += ["--pack", str(self.pack)]
        self.child = subprocess.Popen([*command, "--port", str(self.port)], stderr=subprocess.DEVNULL)
        self.wait()

    def wait(self) -> None:
        """Wait until it answers that it is ready."""
        deadline = time.monotonic() + _PATIENCE_S
        with Gateway(self.url, max_retries=0) as api:
            while time.monotonic() < deadline:
                try:
                    if api.health.ready().ready:
                        return
                except GatewayError:
                    time.sleep(0.1)
        pytest.fail("the gateway did not come back")

    def kill(self, victim: str) -> None:
        """Kill one process of it, or all of it, without any warning."""
        assert self.child is not None
        if victim == "gateway":
            self.child.kill()
            self.child.wait()
            return
        os.kill(self.pid(victim), signal.SIGKILL)

    def pid(self, victim: str) -> int:
        """Return the id of one process of it."""
        if victim == "postgres":
            return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
        marker = str(self.data).encode()
        for folder in Path("/proc").iterdir():
            named = folder.name.isdigit() and victim.encode() in _read(folder / "cmdline").split(b"\0")
            if named and marker in _read(folder / "environ"):
                return int(folder.name)
        raise LookupError(victim)

    def stop(self) -> None:
        """End it in order."""
        if self.child and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            self.child.wait(30)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("victim", ["gateway", "postgres", "serve"])
def test_a_receipt_survives(tmp_path_factory: pytest.TempPathFactory, thin_pack: Path, victim: str) -> None:
    """After a restart the ticket, its whole chain of events and its pending job are there, time after time."""
    gateway = Gatewayd(tmp_path_factory.mktemp("k"), thin_pack)
    gateway.start()
    try:
        promised = []
        for number in range(ROUNDS):
            receipt = _submit(gateway, number, victim)
            promised.append(receipt)
            if victim != "serve" and gateway.child is not None:
                gateway.child.wait(_PATIENCE_S)
                gateway.start()
            else:
                gateway.wait()
            _check(gateway, promised)
    finally:
        gateway.stop()


def _submit(gateway: Gatewayd, number: int, victim: str) -> models.Receipt:
    with Gateway(gateway.url) as api:
        citizen = api.with_options(token=api.sessions.sign_in_citizen("survivor").token)
        position = models.Position(lat=34.7466, lon=113.6253, datum=models.Datum.WGS84)
        receipt = citizen.reports.submit(f"第{number}次：小区门口垃圾桶满了没人清", position=position)
        gateway.kill(victim)
    return receipt


def _check(gateway: Gatewayd, promised: list[models.Receipt]) -> None:
    with Gateway(gateway.url) as api:
        for receipt in promised:
            ticket = api.tickets.get(receipt.ticket.number, secret=receipt.secret)
            assert ticket.state == receipt.ticket.state
            told = [entry.type for entry in api.tickets.timeline(ticket.number, secret=receipt.secret)]
            assert told[: ticket.version] == ["ticket.opened", "ticket.assigned"]
    asyncio.run(_check_rows(gateway.data, promised))


async def _check_rows(data: Path, promised: list[models.Receipt]) -> None:
    url = f"postgresql://gateway@/citizen_gateway?host={data / 'sockets'}"
    conn = await asyncpg.connect(url)
    try:
        waiting = {
            json.loads(row["payload"])["ticket"]
            for row in await conn.fetch("select payload from job_pgqueuer where entrypoint = 'tickets.due'")
        }
        await prepare(conn)
        for receipt in promised:
            ticket: UUID = await conn.fetchval("select id from ticket where number = $1", receipt.ticket.number)
            assert str(ticket) in waiting
            assert await events.first_broken_link(conn, ticket) is None
    finally:
        await conn.close()

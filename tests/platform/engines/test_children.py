"""Processes of ours."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from citizen_gateway.platform.engines import children
from citizen_gateway.platform.failures import StartupError


class TestSocketPath:
    """A unix socket's path has 107 bytes at most."""

    def test_the_limit_itself(self) -> None:
        """At the limit it is taken, one byte more is refused."""
        at_limit = Path("/" + "x" * (children.SOCKET_PATH_LIMIT - 1))
        assert children.check_socket_path(at_limit) == at_limit
        with pytest.raises(StartupError, match="108 bytes"):
            children.check_socket_path(Path(f"{at_limit}x"))

    def test_bytes_count_not_signs(self) -> None:
        """Forty Chinese characters are a hundred and twenty bytes."""
        with pytest.raises(StartupError, match="121 bytes"):
            children.check_socket_path(Path("/" + "城" * 40))


class TestStop:
    """Asked first, then forced."""

    def test_one_that_listens(self) -> None:
        """A child that ends when asked ends by that signal."""
        child = children.spawn([sys.executable, "-c", "import time; time.sleep(600)"], signal.SIGTERM)
        children.stop(child, signal.SIGTERM)
        assert child.returncode == -signal.SIGTERM
        children.stop(child, signal.SIGTERM)

    def test_one_that_does_not(self) -> None:
        """A child deaf to the signal is ended by force."""
        deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
        read, write = os.pipe()
        with os.fdopen(read, "rb") as told, os.fdopen(write, "wb") as log:
            child = children.spawn([sys.executable, "-c", deaf], signal.SIGTERM, log=log)
            told.readline()
        children.stop(child, signal.SIGTERM, patience_s=0.2)
        assert child.returncode == -signal.SIGKILL


class TestAlive:
    """Whether a process runs."""

    def test_ourselves_and_nobody(self) -> None:
        """We do; a process that never was does not, and need not be waited for."""
        assert children.alive(os.getpid())
        assert not children.alive(2**22 + 1)
        assert children.wait_gone(2**22 + 1, patience_s=1)
        assert not children.wait_gone(os.getpid(), patience_s=0.1)

    def test_a_zombie_does_not(self) -> None:
        """A process that ended and was not asked for its result yet runs no more."""
        child = subprocess.Popen([sys.executable, "-c", ""])
        assert children.wait_gone(child.pid, patience_s=20)
        assert child.wait() == 0

    def test_one_that_vanishes_meanwhile(self) -> None:
        """A process that ends and is buried while it is looked at has simply ended; none of eighty fails."""
        for _ in range(80):
            child = subprocess.Popen([shutil.which("true") or "true"])
            burial = threading.Thread(target=child.wait)
            burial.start()
            while burial.is_alive():
                children.alive(child.pid)
            burial.join()
            assert not children.alive(child.pid)


class TestReason:
    """A server's log, in one line for an operator."""

    def test_the_last_fatal_line(self, tmp_path: Path) -> None:
        """The fatal line counts, not what was said after it."""
        log = tmp_path / "log"
        log.write_text("LOG:  starting\nFATAL:  lock file exists\nHINT:  another one?\n\n")
        assert children.reason(log) == f"FATAL:  lock file exists (see {log})."

    def test_nothing_said(self, tmp_path: Path) -> None:
        """A silent server gave no reason."""
        log = tmp_path / "log"
        log.touch()
        assert children.reason(log) == f"no reason given (see {log})."

"""Who runs PostgreSQL."""

import os
import shutil
from pathlib import Path

import pytest

from citizen_gateway.platform.engines import postgres
from citizen_gateway.platform.engines.unprivileged import RunAs, run_as

AS_ROOT = os.geteuid() == 0


@pytest.mark.skipif(AS_ROOT, reason="root has a choice to make")
class TestAnybody:
    """Whoever is not root runs it themselves."""

    def test_is_who_they_are(self, tmp_path: Path) -> None:
        """No command is needed in front."""
        assert run_as((tmp_path,)) == RunAs(os.geteuid(), os.getegid())


@pytest.mark.skipif(not AS_ROOT, reason="only root may become somebody else")
class TestRoot:
    """As root somebody without rights runs it, with one capability where a folder is closed to them."""

    def test_where_everybody_may_enter(self) -> None:
        """An open place needs nothing but the change of user."""
        chosen = run_as((Path("/usr/bin/env"),))
        assert chosen.uid != 0
        assert "--ambient-caps" not in chosen.privileges

    def test_where_only_root_may_enter(self, tmp_path: Path) -> None:
        """A closed folder above costs the one capability to search folders."""
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        chosen = run_as((closed / "home",))
        assert chosen.uid != 0
        words = chosen.privileges
        assert words[words.index("--ambient-caps") + 1] in {"-all,+dac_read_search", "-all,+dac_override"}


@pytest.mark.skipif(not AS_ROOT, reason="only root may become somebody else")
def test_binaries_that_only_root_reaches_still_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone in a folder of mode 0700 has its PostgreSQL there too; its user reaches it all the same."""
    private, home = tmp_path / "private", tmp_path / "h"
    private.mkdir(mode=0o700)
    home.joinpath("logs").mkdir(parents=True)
    wheel = postgres.binaries().parents[1]
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(folder, private / folder.name, copy_function=_link)
    monkeypatch.setattr(postgres, "binaries", lambda: private / wheel.name / "pginstall18" / "bin")
    engine = postgres.Postgres(home)
    try:
        engine.start()
        assert engine.running
    finally:
        engine.stop()


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)

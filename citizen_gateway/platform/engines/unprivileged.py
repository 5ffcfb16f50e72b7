"""PostgreSQL refuses to run as root: as root it runs as an unprivileged user who can still reach its files."""

import os
import pwd
import shutil
from pathlib import Path

import msgspec

from citizen_gateway.platform.failures import StartupError

_USERS = ("postgres", "nobody")
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class RunAs(msgspec.Struct, frozen=True):
    """Who runs PostgreSQL, and the options of setpriv(1) that make it so (none when we are not root)."""

    uid: int
    gid: int
    privileges: tuple[str, ...] = ()


def run_as(paths: tuple[Path, ...]) -> RunAs:
    """Choose the user who runs PostgreSQL; `paths` are what it must reach.

    Where a folder above one of them lets only root in (mode 0700), the user keeps the single capability to search
    folders (CAP_DAC_READ_SEARCH; in containers that withhold it, CAP_DAC_OVERRIDE). Raises `StartupError` when
    neither is to be had.
    """
    if os.geteuid() != 0:
        return RunAs(os.geteuid(), os.getegid())
    user = _unprivileged_user()
    if shutil.which("setpriv") is None:
        raise StartupError("Running as root needs the command setpriv (package util-linux) for PostgreSQL's user.")
    words = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    if not all(_reachable(path, user) for path in paths):
        capability = _search_capability(paths)
        # access(2), by which initdb looks for its files, ignores capabilities unless this bit is set.
        words += ["--securebits", "+no_setuid_fixup"]
        words += ["--inh-caps", f"-all,+{capability}", "--ambient-caps", f"-all,+{capability}"]
    return RunAs(user.pw_uid, user.pw_gid, tuple(words))


def _unprivileged_user() -> pwd.struct_passwd:
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StartupError(f"Running as root needs an unprivileged user for PostgreSQL: one of {', '.join(_USERS)}.")


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    for folder in path.resolve().parents:
        status = folder.stat()
        bit = 0o100 if status.st_uid == user.pw_uid else 0o010 if status.st_gid == user.pw_gid else 0o001
        if not status.st_mode & bit:
            return False
    return True


def _search_capability(paths: tuple[Path, ...]) -> str:
    status = Path("/proc/self/status").read_text()
    held = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff"))
    if held >> _CAP_DAC_READ_SEARCH & 1:
        return "dac_read_search"
    if held >> _CAP_DAC_OVERRIDE & 1:
        return "dac_override"
    raise StartupError(
        f"PostgreSQL's user cannot reach {paths[0]}: a folder above it admits only root; "
        "choose another place with --data, or let others enter that folder."
    )

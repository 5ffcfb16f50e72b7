"""Both private engines as one thing: started, found again, ended with us, or refused in one sentence."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio as redis

from citizen_gateway.platform.engines import children, start_engines
from citizen_gateway.platform.engines.engines import Engines, prepared
from citizen_gateway.platform.engines.postgres import Postgres
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.settings import Settings

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder where only its owner may enter, with a cluster that a crash left half made."""
    closed = tmp_path_factory.mktemp("c")
    closed.chmod(0o700)
    half_made = closed / "home" / "postgres"
    (half_made / "base").mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    return closed / "home"


def pids(engines: Engines) -> list[int]:
    """Return the processes of both engines."""
    found = [engine._child.pid for engine in engines.private if engine._child is not None]
    assert len(found) == 2
    return found


async def count(engines: Engines) -> int:
    """Return how often this was asked, as the database remembers."""
    conn = await asyncpg.connect(engines.database_url)
    await conn.execute("create table if not exists asked (at timestamptz default now())")
    await conn.execute("insert into asked default values")
    asked: int = await conn.fetchval("select count(*) from asked")
    await conn.close()
    return asked


async def remembered(engines: Engines) -> int:
    """Return how often this was asked, as Valkey remembers."""
    cache = redis.Redis.from_url(engines.redis_url)
    asked: int = await cache.incr("asked")
    await cache.aclose()
    return asked


def killed_gateway(home: Path) -> list[int]:
    """Start engines in another process, commit a row, kill that process, and return the engines' processes."""
    victim = subprocess.Popen([sys.executable, "-c", _VICTIM, str(home)], stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    running = [int(pid) for pid in victim.stdout.readline().split()]
    assert len(running) == 2
    assert all(children.alive(pid) for pid in running)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    return running


class TestLife:
    """Started, ended, started again; the tests of this class follow each other on one folder."""

    async def test_a_half_made_cluster_is_made_anew(self, home: Path) -> None:
        """What a crash left of a first start is replaced, and both engines answer."""
        with start_engines(Settings(data=str(home))) as engines:
            assert engines.running
            assert (await count(engines), await remembered(engines)) == (1, 1)
            running = pids(engines)
        assert not any(children.alive(pid) for pid in running)

    async def test_a_second_start_finds_the_data(self, home: Path) -> None:
        """Both engines know what they were told before."""
        with start_engines(Settings(data=str(home))) as engines:
            assert (await count(engines), await remembered(engines)) == (2, 2)

    @pytest.mark.skipif(not AS_ROOT, reason="needs root, as which PostgreSQL refuses to run")
    def test_as_root_in_a_folder_of_roots_own(self, home: Path) -> None:
        """PostgreSQL runs as somebody else, who gained no way into that folder for others."""
        with start_engines(Settings(data=str(home))) as engines:
            database, _ = pids(engines)
            assert Path(f"/proc/{database}").stat().st_uid != 0
        assert home.parent.stat().st_mode & 0o777 == 0o700

    async def test_kill_9_ends_both(self, home: Path) -> None:
        """The engines of a killed process end by themselves, and what it had committed is there."""
        running = killed_gateway(home)
        assert all(children.wait_gone(pid, patience_s=20) for pid in running)
        with start_engines(Settings(data=str(home))) as engines:
            assert await count(engines) == 4

    async def test_an_engine_that_died_is_noticed(self, home: Path) -> None:
        """`running` tells when one of the two is gone."""
        with start_engines(Settings(data=str(home))) as engines:
            child = engines.private[1]._child
            assert child is not None
            children.stop(child, signal.SIGKILL)
            assert not engines.running

    def test_a_failing_second_engine_ends_the_first(self, home: Path) -> None:
        """Where Valkey cannot read its data, PostgreSQL is not left running."""
        (kept,) = (home / "valkey" / "appendonlydir").glob("*.incr.aof")
        good = kept.read_bytes()
        kept.write_bytes(b"*2\r\n$3\r\nnonsense" + good)
        assert "Valkey did not start" in refusal(home)
        assert not (home / "postgres" / "postmaster.pid").exists()
        kept.write_bytes(good)

    def test_a_database_that_cannot_start(self, home: Path) -> None:
        """PostgreSQL's own reason is told, and where to read more."""
        configuration = home / "postgres" / "postgresql.conf"
        good = configuration.read_text()
        configuration.write_text(good + "\nnonsense = 1\n")
        told = refusal(home)
        assert told.startswith("PostgreSQL did not start: ")
        assert "logs/postgres.log" in told
        configuration.write_text(good)


def refusal(home: Path) -> str:
    """Return the sentence with which engines at this folder are refused."""
    with pytest.raises(StartupError) as refused, start_engines(Settings(data=str(home))):
        pytest.fail("started all the same")
    told = str(refused.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


class TestRefused:
    """A folder that cannot be used is refused in one sentence, before anything runs."""

    def test_a_second_gateway(self, tmp_path: Path) -> None:
        """One gateway per folder; when the first has left it, the next may come."""
        with prepared(tmp_path):
            assert refusal(tmp_path) == f"Another gateway already uses the data folder {tmp_path}."
        with prepared(tmp_path):
            pass

    def test_a_path_too_long_for_a_socket(self, tmp_path: Path) -> None:
        """The sentence tells the length, the limit and the way out."""
        told = refusal(tmp_path / ("deep" * 25))
        assert f"{children.SOCKET_PATH_LIMIT} are allowed" in told
        assert "--data" in told

    def test_no_rights(self, tmp_path: Path) -> None:
        """A folder that cannot be made or written."""
        closed = Path("/sys/kernel") if AS_ROOT else tmp_path / "closed"
        if not AS_ROOT:
            closed.mkdir(mode=0o500)
        assert str(closed) in refusal(closed / "home")

    @pytest.mark.parametrize("below", ["", "home"])
    def test_a_file_where_the_folder_should_be(self, tmp_path: Path, below: str) -> None:
        """A file is no folder, and none can be made in it."""
        (tmp_path / "file").touch()
        assert "cannot be used" in refusal(tmp_path / "file" / below)

    def test_no_space(self, small_disk: Path) -> None:
        """A disk of ten megabytes has no room for a city."""
        assert refusal(small_disk).startswith("There is no disk space left for ")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of ten megabytes."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not (AS_ROOT and mount and unmount):
        pytest.skip("mounting a small file system needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=10m", "none", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs CAP_SYS_ADMIN")
    yield tmp_path
    subprocess.run([unmount, str(tmp_path)], check=True)


class TestElsewhere:
    """Engines named by a URL are used as they are."""

    def test_nothing_is_started(self, tmp_path: Path) -> None:
        """With both URLs given there is nothing private, and nothing to wait for."""
        settings = Settings(data=str(tmp_path), database_url="postgresql://db", redis_url="redis://cache")
        with start_engines(settings) as engines:
            assert engines == Engines("postgresql://db", "redis://cache")
            assert engines.running
        assert not Postgres(tmp_path).data.exists()


_VICTIM = textwrap.dedent("""
    import asyncio, sys, time
    import asyncpg
    from citizen_gateway.platform.engines import start_engines
    from citizen_gateway.platform.settings import Settings

    async def insert(url):
        conn = await asyncpg.connect(url)
        await conn.execute("insert into asked default values")

    with start_engines(Settings(data=sys.argv[1])) as engines:
        asyncio.run(insert(engines.database_url))
        print(*(engine._child.pid for engine in engines.private), flush=True)
        time.sleep(600)
""")

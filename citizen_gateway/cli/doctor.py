"""Every part looked at, and what is wrong said in words."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from citizen_gateway.city.pack_files import CalendarFile, read_toml
from citizen_gateway.city.problems import Findings
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import read_city
from citizen_gateway.city.working_time import YearStatus
from citizen_gateway.cli.options import as_json, common, settings_from
from citizen_gateway.cli.preparing import pack_folder
from citizen_gateway.kernel.clock import system_clock
from citizen_gateway.platform import db
from citizen_gateway.platform.cache import open_cache
from citizen_gateway.platform.engines import postgres, valkey
from citizen_gateway.platform.engines.children import check_socket_path
from citizen_gateway.platform.engines.unprivileged import run_as
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.i18n import catalogues
from citizen_gateway.platform.settings import Settings
from citizen_gateway.tickets.service import altered

_CHAINS = 200


class Finding(msgspec.Struct, frozen=True):
    """One part, whether it is in order, and what was seen."""

    part: str
    ok: bool
    seen: str
    warning: bool = False


class Doubt(Exception):  # noqa: N818 - no error: what it is in order, though not for long
    """A part is in order, but something about it should be seen to."""


@click.command()
@common
@as_json
def doctor(*, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - from click
    """Check every part of the installation and say what is wrong."""
    findings = examine(settings_from(**given))
    if as_json:
        click.echo(msgspec.json.encode(findings).decode())
    else:
        show(findings, Console(highlight=False))
    if not all(finding.ok for finding in findings):
        sys.exit(1)


def examine(settings: Settings) -> list[Finding]:
    """Look at every part; nothing is changed."""
    looks: list[tuple[str, Callable[[], str]]] = [
        ("python", lambda: sys.version.split()[0]),
        ("languages", lambda: ", ".join(sorted(catalogues()))),
        ("city pack", lambda: _pack(settings)),
        ("data folder", lambda: _data(settings.data_dir)),
        ("postgresql", lambda: _postgres(settings)),
        ("valkey", lambda: _valkey(settings)),
    ]
    return [_look(part, look) for part, look in looks]


def show(findings: list[Finding], console: Console) -> None:
    """Print the findings as a table."""
    table = Table("", "part", "seen")
    for finding in findings:
        state = "[yellow]warning[/]" if finding.warning else "[green]ok[/]" if finding.ok else "[red]wrong[/]"
        table.add_row(state, finding.part, finding.seen)
    console.print(table)


def _look(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, ok=True, seen=look())
    except Doubt as doubt:
        return Finding(part, ok=True, seen=str(doubt), warning=True)
    except (StartupError, OSError, LookupError) as error:
        return Finding(part, ok=False, seen=str(error))
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever it meets
        return Finding(part, ok=False, seen=f"{type(error).__name__}: {error}")


def _data(home: Path) -> str:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    with tempfile.TemporaryFile(dir=existing):
        free = shutil.disk_usage(existing).free
    check_socket_path(home / "sockets" / ".s.PGSQL.5432.lock")
    return f"{home}, {free >> 30} GiB free"


def _pack(settings: Settings) -> str:
    """Look whether there is a pack, and which of this year and the next its calendar has."""
    folder, today, findings = pack_folder(settings), system_clock().date(), Findings()
    file = read_toml(folder, "calendar.toml", CalendarFile, findings)
    if file is None:
        raise StartupError("; ".join(map(str, findings.problems)))
    known = {year.year: year.status for year in file.year}
    told = f"{folder}, calendar " + ", ".join(
        f"{year} {known.get(year, YearStatus.UNKNOWN)}" for year in (today.year, today.year + 1)
    )
    if missing := [year for year in (today.year, today.year + 1) if year not in known]:
        years = " and ".join(map(str, missing))
        raise Doubt(f"{told}; add {years} to calendar.toml: until then {years} is counted Monday to Friday")
    return told


def _postgres(settings: Settings) -> str:
    if settings.database_url is None:
        binary = postgres.binaries() / "postgres"
        user = run_as((settings.data_dir / "postgres", binary))
        as_user = f", as user {user.uid}" if user.uid != os.geteuid() else ""
        return f"private, {binary}{as_user}"
    return asyncio.run(_ask_database(settings.database_url))


async def _ask_database(url: str) -> str:
    conn = await db.connect(url)
    try:
        version = await conn.fetchval("show server_version")
        if missing := db.known_migrations() - await db.applied_migrations(conn):
            raise StartupError(f"PostgreSQL {version} lacks {len(missing)} migrations; run `citizen-gateway migrate`.")
        city = await read_city(conn)
        if changed := await altered(conn, _CHAINS):
            raise StartupError(f"The timelines of these tickets were changed after the fact: {', '.join(changed)}.")
        return f"PostgreSQL {version}, {_told(city)}, the newest {_CHAINS} timelines untouched"
    finally:
        await conn.close()


def _told(city: City) -> str:
    """Name the loaded city. Raises `Doubt` where its calendar lacks this year or the next."""
    if missing := city.calendar.missing_years(system_clock().date()):
        years = " and ".join(map(str, missing))
        raise Doubt(f"the calendar of the loaded city lacks {years}: load a pack that has it")
    return f"city of {city.name}"


def _valkey(settings: Settings) -> str:
    if settings.redis_url is None:
        return f"private, {valkey.binary()}"
    return asyncio.run(_ask_valkey(settings.redis_url))


async def _ask_valkey(url: str) -> str:
    cache = await open_cache(url)
    try:
        info = await cache.info("server")
        return f"Valkey {info.get('valkey_version') or info.get('redis_version')}"
    finally:
        await cache.aclose()

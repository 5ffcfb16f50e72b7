"""Use cases of the city slice: load a pack, read the city, prove that duties are covered."""

import ctypes
from pathlib import Path

import msgspec

from citizen_gateway.city import store
from citizen_gateway.city.model import AreaCode, AreaLevel, CategoryCode
from citizen_gateway.city.pack import Pack, fingerprint, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.tree import Progress
from citizen_gateway.platform.session import Raw


class NoCityError(Exception):
    """The database holds no city pack yet."""

    def __init__(self) -> None:
        super().__init__("no city pack is loaded: run `citizen-gateway city load PACK`")


class LoadSummary(msgspec.Struct, frozen=True):
    """What loading a pack did; `changed` is False where the database already held exactly this pack."""

    name: str
    version: str
    fingerprint: str
    changed: bool
    areas: int = 0
    categories: int = 0
    departments: int = 0
    rules: int = 0


class Gap(msgspec.Struct, frozen=True):
    """A category that no rule settles in some places: a person dispatches it there."""

    category: CategoryCode
    areas: tuple[AreaCode, ...]
    reason: str


async def save_pack(conn: Raw, pack: Pack) -> LoadSummary:
    """Write a pack in place of the one before, within one transaction; the same pack again changes nothing."""
    async with conn.transaction():
        await store.lock_packs(conn)
        held = await store.stored_pack(conn)
        changed = held is None or held.fingerprint != pack.fingerprint
        if changed:
            await store.replace_pack(conn, pack)
    directory = pack.directory
    return LoadSummary(
        name=directory.settings.name,
        version=pack.version,
        fingerprint=pack.fingerprint,
        changed=changed,
        areas=len(pack.rows),
        categories=len(directory.categories),
        departments=len(directory.departments),
        rules=len(directory.rules),
    )


async def load_city(
    conn: Raw, folder: Path, this_year: int | None = None, progress: Progress = lambda _step, _done: None
) -> LoadSummary:
    """Load the pack of a folder, at once where the database already holds exactly these files.

    Raises `PackError` with every mistake of the pack; nothing is changed then.
    """
    held = await store.stored_pack(conn)
    if held is not None and held.fingerprint == fingerprint(folder):
        return LoadSummary(held.name, held.version, held.fingerprint, changed=False)
    return await save_pack(conn, load_pack(folder, this_year, progress))


async def read_city(conn: Raw) -> City:
    """Read the loaded city into memory. Raises `NoCityError` where none is."""
    directory = await store.read_directory(conn)
    if directory is None:
        raise NoCityError
    columns, layers = await store.read_areas(conn)
    city = City(directory, columns, layers)
    release_memory()
    return city


def release_memory() -> None:
    """Give the system back what reading needed and the city does not; glibc would keep it, more than the city."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def find_gaps(city: City) -> list[Gap]:
    """Ask the duty rules for every category in every street and dedicated area, and list where nobody is certain.

    The check behind `city check`: what is not listed has exactly one answer.
    """
    places = [(area.code, city.location_of(area.code)) for area in city.areas_of(AreaLevel.STREET, AreaLevel.DEDICATED)]
    gaps: dict[tuple[CategoryCode, str], list[AreaCode]] = {}
    for category in city.categories:
        for code, location in places:
            answer = city.dispatch(category, location)
            if answer.department is None:
                gaps.setdefault((category, answer.reason), []).append(code)
    return [Gap(category, tuple(areas), reason) for (category, reason), areas in gaps.items()]

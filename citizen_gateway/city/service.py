"""Use cases of the city slice: load a pack, read the city, prove that duties are covered."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

import msgspec

from citizen_gateway.city import store
from citizen_gateway.city.coverage import Coverage, cover, kinds_of_places
from citizen_gateway.city.model import Area, AreaCode, AreaLevel, Location
from citizen_gateway.city.pack import Pack, fingerprint, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.tree import Progress
from citizen_gateway.kernel.geo import offset
from citizen_gateway.platform.session import Raw

_RINGS, _RING_M, _POINTS = 200, 50, 24


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


def coverage_of(city: City) -> Coverage:
    """Ask the duty rules for every category at every kind of place there is, and list where nobody is certain.

    The proof behind `city check`: what is not listed has exactly one answer.
    """
    places = kinds_of_places(places_of(city), city.rules.values())
    settings = city.settings
    return cover(city.duties, city.categories, places, settings.triage, settings.language)


def places_of(city: City) -> Iterator[Location]:
    """Go through the city's places that rules know of; a dedicated area is one in each street it lies across."""
    for area in city.areas_of(AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.STREET, AreaLevel.DEDICATED):
        yield city.location_of(area.code)
    named = {AreaCode(code) for rule in city.rules.values() for code in rule.within}
    yield from (city.location_of(code) for code in sorted(named) if code in city.areas)
    for area in city.areas_of(AreaLevel.DEDICATED):
        yield from _within(city, area)


def _within(city: City, area: Area) -> Iterator[Location]:
    """Feel out from the middle of a dedicated area, ring by ring, which streets and districts it lies across."""
    middle = city.area_point(area.code)
    if middle is None:
        return
    for ring in range(_RINGS):
        around = (city.locate(offset(middle, ring * _RING_M, n * 360 / _POINTS)) for n in range(_POINTS))
        inside = [place for place in around if place and place.dedicated and place.dedicated.code == area.code]
        if not inside:
            return
        yield from inside

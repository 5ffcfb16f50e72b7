"""The city pack in the database: written as a whole, read as a whole."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import asyncpg
import msgspec
import numpy as np
import shapely

from citizen_gateway.city.areas import AreaColumns, AreaLot, AreaRow
from citizen_gateway.city.directory import Directory, Layer, Layers, Settings
from citizen_gateway.city.duty import rules_fingerprint
from citizen_gateway.city.model import AreaCode, Category, Department, DutyRule
from citizen_gateway.city.pack import Pack
from citizen_gateway.city.shapes import Shapes
from citizen_gateway.platform.db import Connection
from citizen_gateway.platform.session import Raw

S = TypeVar("S", bound=msgspec.Struct)

TABLES = ("city_area", "city_duty_rule", "city_department", "city_category", "city_pack")
_BATCH = 8192
_LOCK = 0x63_69_74_79  # any constant: two loads must not overlap


class PackRecord(msgspec.Struct, frozen=True):
    """Which pack the database holds."""

    name: str
    version: str
    fingerprint: str


class RuleSet(msgspec.Struct, frozen=True):
    """A set of duty rules that was loaded once: how many, of which version of the pack, and since when."""

    fingerprint: str
    version: str
    rules: int
    loaded_at: datetime


async def stored_pack(conn: Raw) -> PackRecord | None:
    """Return which pack the database holds, None where it holds none yet."""
    row = await conn.fetchrow("select name, version, fingerprint from city_pack")
    return PackRecord(*row) if row else None


async def lock_packs(conn: Raw) -> None:
    """Let no one else load a pack until this transaction ends."""
    await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)


async def replace_pack(conn: Raw, pack: Pack) -> None:
    """Write the pack in place of the one before, inside the caller's transaction."""
    for table in TABLES:
        await conn.execute(f"delete from {table}")
    directory = pack.directory
    await _copy(conn, "city_category", Category, directory.categories)
    await _copy(conn, "city_department", Department, directory.departments)
    await _copy(conn, "city_duty_rule", DutyRule, directory.rules)
    columns = [*AreaRow.__struct_fields__, "layer", "boundary"]
    await conn.copy_records_to_table("city_area", records=_area_records(pack), columns=columns)
    await conn.execute(
        "insert into city_pack (name, version, fingerprint, settings) values ($1, $2, $3, $4)",
        directory.settings.name,
        pack.version,
        pack.fingerprint,
        msgspec.to_builtins(directory.settings, str_keys=True),
    )
    await conn.execute(
        """
        insert into city_rule_set (fingerprint, version, rules) values ($1, $2, $3)
        on conflict (fingerprint) do nothing
        """,
        rules_fingerprint(directory.rules),
        pack.version,
        msgspec.to_builtins(directory.rules),
    )
    await conn.execute("analyze city_area")


async def rule_sets(conn: Raw) -> list[RuleSet]:
    """Return every set of rules that was loaded, the latest first."""
    rows = await conn.fetch(
        """
        select fingerprint, version, jsonb_array_length(rules) as rules, loaded_at
        from city_rule_set order by loaded_at desc
        """
    )
    return [msgspec.convert(dict(row), RuleSet, builtin_types=(datetime,)) for row in rows]


async def read_directory(conn: Raw) -> Directory | None:
    """Read everything but the areas, None where no pack is loaded."""
    settings = await conn.fetchval("select settings from city_pack")
    if settings is None:
        return None
    return Directory(
        msgspec.convert(settings, Settings, strict=False, str_keys=True),
        await _read(conn, "city_category", Category),
        await _read(conn, "city_department", Department),
        await _read(conn, "city_duty_rule", DutyRule),
    )


async def read_areas(conn: Raw) -> tuple[AreaColumns, Layers]:
    """Read the areas, some thousands at a time so that no more than the finished arrays stay in memory."""
    lots: list[AreaLot] = []
    parts: dict[int, list[Shapes]] = {Layer.FINEST: [], Layer.COARSER: [], Layer.DEDICATED: []}
    start = 0
    async for batch in _batches(conn):
        *columns, layers, boundaries = zip(*batch, strict=True)
        lots.append(AreaLot.of(columns))
        for layer, shapes in parts.items():
            chosen = np.flatnonzero(np.array(layers) == layer)
            if len(chosen):
                polygons = [boundaries[i] for i in chosen]
                shapes.append(Shapes.of_wkb(polygons, (chosen + start).astype(np.int32)))
        start += len(batch)
    joined = (Shapes.join(parts[layer]) for layer in (Layer.FINEST, Layer.COARSER, Layer.DEDICATED))
    return AreaColumns.of(lots), Layers(*joined)


async def read_boundary(conn: Raw, code: AreaCode) -> bytes | None:
    """Return an area's polygon as WKB, None for an unknown area or one without a polygon."""
    boundary: bytes | None = await conn.fetchval("select boundary from city_area where code = $1", code)
    return boundary


async def _batches(conn: Raw) -> AsyncIterator[list[asyncpg.Record]]:
    texts = ("code", "parent", "name", "zone")  # as bytes, since as bytes they are kept
    fields = (f"convert_to({field}, 'UTF8')" if field in texts else field for field in AreaRow.__struct_fields__)
    columns = ", ".join([*fields, "layer", "boundary"])
    async with conn.transaction():
        cursor = await conn.cursor(f"select {columns} from city_area order by code")
        while batch := await cursor.fetch(_BATCH):
            yield batch


def _area_records(pack: Pack) -> Iterator[tuple[object, ...]]:
    for start in range(0, len(pack.rows), _BATCH):
        part = slice(start, start + _BATCH)
        boundaries = shapely.to_wkb(pack.polygons[part])
        for row, layer, boundary in zip(pack.rows[part], pack.layers[part], boundaries, strict=True):
            yield (*msgspec.structs.astuple(row), layer, boundary)


async def _copy(conn: Raw, table: str, kind: type[S], rows: Iterable[S]) -> None:
    """Write Structs whose fields are the table's columns, with their position."""
    records = [
        (position, *(list(value) if isinstance(value, tuple) else value for value in msgspec.structs.astuple(row)))
        for position, row in enumerate(rows)
    ]
    await conn.copy_records_to_table(table, records=records, columns=["position", *kind.__struct_fields__])


async def _read(conn: Raw, table: str, kind: type[S]) -> tuple[S, ...]:
    columns = ", ".join(f'"{column}"' for column in kind.__struct_fields__)
    rows = await conn.fetch(f"select {columns} from {table} order by position")
    return tuple(msgspec.convert(dict(row), kind) for row in rows)


async def loaded_at(conn: Connection) -> datetime:
    """Return when the city's present pack was loaded."""
    found: datetime = await conn.fetchval("select loaded_at from city_pack")
    return found

"""All areas of a city in columns: a hundred thousand rows that cost a few megabytes, made into values when asked for."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from citizen_gateway.city.model import Area, AreaCode, AreaLevel, DepartmentCode
from citizen_gateway.kernel.geo import Point

LEVELS = tuple(AreaLevel)
_LEVEL_NUMBER = {level: number for number, level in enumerate(LEVELS)}
_FINE = _LEVEL_NUMBER[AreaLevel.MICRO_GRID]
NOWHERE = -1

Bytes = npt.NDArray[np.bytes_]
Column = npt.NDArray[np.int32]


class AreaRow(msgspec.Struct, frozen=True):
    """One area as it is written down: with the point that stands for it (NaN where it has no polygon)."""

    code: str
    parent: str | None
    level: AreaLevel
    name: str
    synthetic: bool
    zone: str | None
    department: str | None
    lat: float
    lon: float


class AreaColumns(msgspec.Struct, frozen=True):
    """The areas sorted by code; `parent` and `zone` are row numbers, names one long text cut at `name_ends`."""

    codes: Bytes
    parent: Column
    zone: Column
    level: npt.NDArray[np.uint8]
    synthetic: npt.NDArray[np.bool_]
    names: bytes
    name_ends: Column
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    departments: dict[int, str]

    @classmethod
    def of(cls, rows: Sequence[AreaRow]) -> "AreaColumns":
        """Put rows into columns; the order of the rows does not matter, their codes are ASCII."""
        rows = sorted(rows, key=lambda row: row.code)
        codes = np.array([row.code.encode("ascii") for row in rows], dtype=np.bytes_)
        names = [row.name.encode() for row in rows]
        return cls(
            codes=codes,
            parent=_row_numbers(codes, [row.parent for row in rows]),
            zone=_row_numbers(codes, [row.zone for row in rows]),
            level=np.array([_LEVEL_NUMBER[row.level] for row in rows], dtype=np.uint8),
            synthetic=np.array([row.synthetic for row in rows], dtype=np.bool_),
            names=b"".join(names),
            name_ends=np.cumsum([len(name) for name in names], dtype=np.int32),
            lat=np.array([row.lat for row in rows]),
            lon=np.array([row.lon for row in rows]),
            departments={i: row.department for i, row in enumerate(rows) if row.department},
        )


class AreaTable(Mapping[AreaCode, Area]):
    """The areas by code. Those coarser than a micro-grid are kept once made, since every answer repeats them."""

    def __init__(self, columns: AreaColumns) -> None:
        self._columns = columns
        self._parent, self._zone = memoryview(columns.parent), memoryview(columns.zone)
        self._level, self._ends = memoryview(columns.level), memoryview(columns.name_ends)
        self._made: dict[int, Area] = {}

    def __getitem__(self, code: AreaCode) -> Area:
        return self.at(self.row(code))

    def __iter__(self) -> Iterator[AreaCode]:
        return (AreaCode(code.decode()) for code in self._columns.codes)

    def __len__(self) -> int:
        return len(self._columns.codes)

    def row(self, code: str) -> int:
        """Return the row number of a code; KeyError where there is none."""
        wanted, codes = code.encode(), self._columns.codes
        row = int(np.searchsorted(codes, np.bytes_(wanted)))
        if row == len(codes) or codes[row] != wanted:
            raise KeyError(code)
        return row

    def at(self, row: int) -> Area:
        """Return the area of a row number."""
        made = self._made.get(row)
        if made is None:
            made = self._make(row)
            if self._level[row] != _FINE:
                self._made[row] = made
        return made

    def path(self, row: int) -> tuple[Area, ...]:
        """Return the area and what it lies in, up to the district; a zone comes right before its district."""
        areas = []
        while row != NOWHERE:
            areas.append(self.at(row))
            parent = self._parent[row]
            zone = self._zone[row]
            if zone != NOWHERE and (parent == NOWHERE or self._zone[parent] != zone):
                areas.append(self.at(zone))
            row = parent
        return tuple(areas)

    def point(self, row: int) -> Point | None:
        """Return a point inside the area, None where it has no polygon."""
        lat, lon = float(self._columns.lat[row]), float(self._columns.lon[row])
        return None if lat != lat else Point(lat, lon)  # noqa: PLR0124 - NaN is the one float unlike itself

    def rows_of(self, *levels: AreaLevel) -> list[int]:
        """Return the rows of some levels, in the order of their codes."""
        wanted = [_LEVEL_NUMBER[level] for level in levels]
        return [int(row) for row in np.flatnonzero(np.isin(self._columns.level, wanted))]

    def _make(self, row: int) -> Area:
        code = self._code(row)
        parent, zone = self._parent[row], self._zone[row]
        department = self._columns.departments.get(row)
        return Area(
            code=code,
            parent=self._code(parent) if parent != NOWHERE else None,
            level=LEVELS[self._level[row]],
            name=self._columns.names[self._ends[row - 1] if row else 0 : self._ends[row]].decode(),
            synthetic=bool(self._columns.synthetic[row]),
            zone=self._code(zone) if zone != NOWHERE else None,
            department=DepartmentCode(department) if department else None,
        )

    def _code(self, row: int) -> AreaCode:
        return AreaCode(self._columns.codes[row].decode())


def _row_numbers(codes: Bytes, wanted: Sequence[str | None]) -> Column:
    """Return the row of each code, `NOWHERE` for None; all are known to exist."""
    keys = np.array([(code or "").encode() for code in wanted], dtype=np.bytes_)
    rows = np.searchsorted(codes, keys).astype(np.int32)
    rows[keys == b""] = NOWHERE
    return rows

"""All areas of a city in columns: a hundred thousand rows in a few megabytes, made into values when asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from citizen_gateway.city.model import Area, AreaCode, AreaLevel, DepartmentCode
from citizen_gateway.kernel.geo import Point

LEVELS = tuple(AreaLevel)
_LEVEL_NUMBER: dict[str, int] = {level: number for number, level in enumerate(LEVELS)}
_FINE = _LEVEL_NUMBER[AreaLevel.MICRO_GRID]
NOWHERE = -1

Codes = npt.NDArray[np.bytes_]
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


class AreaLot(msgspec.Struct, frozen=True):
    """Some rows in columns; lots follow each other in the order of their codes, which are ASCII."""

    codes: Codes
    parents: Codes
    zones: Codes
    levels: npt.NDArray[np.uint8]
    synthetic: npt.NDArray[np.bool_]
    names: bytes
    name_lengths: Column
    departments: tuple[tuple[int, str], ...]
    positions: npt.NDArray[np.float64]

    @classmethod
    def of(cls, columns: Sequence[Sequence[Any]]) -> "AreaLot":
        """Take one sequence for each field of `AreaRow`, in their order; codes and names as UTF-8, None for absent."""
        codes, parents, levels, names, synthetic, zones, departments, lat, lon = columns
        return cls(
            codes=np.array(codes, dtype=np.bytes_),
            parents=np.array([code or b"" for code in parents], dtype=np.bytes_),
            zones=np.array([code or b"" for code in zones], dtype=np.bytes_),
            levels=np.array([_LEVEL_NUMBER[level] for level in levels], dtype=np.uint8),
            synthetic=np.array(synthetic, dtype=np.bool_),
            names=b"".join(names),
            name_lengths=np.array([len(name) for name in names], dtype=np.int32),
            departments=tuple((i, code) for i, code in enumerate(departments) if code),
            positions=np.array([lat, lon], dtype=np.float64),
        )

    @classmethod
    def of_rows(cls, rows: Iterable[AreaRow]) -> "AreaLot":
        """Turn rows by a quarter."""
        return cls.of([*zip(*map(_encoded, rows), strict=True)])


class AreaColumns(msgspec.Struct, frozen=True):
    """The areas sorted by code; `parents` and `zones` are row numbers, names one long text cut at `name_ends`."""

    codes: Codes
    parents: Column
    zones: Column
    levels: npt.NDArray[np.uint8]
    synthetic: npt.NDArray[np.bool_]
    names: bytes
    name_ends: Column
    departments: dict[int, str]
    positions: npt.NDArray[np.float64]

    @classmethod
    def of(cls, lots: Iterable[AreaLot]) -> "AreaColumns":
        """Put lots behind each other and find out which rows their parents are."""
        lots = list(lots)
        codes = np.concatenate([lot.codes for lot in lots])
        starts = np.cumsum([0, *(len(lot.codes) for lot in lots)])
        return cls(
            codes=codes,
            parents=_row_numbers(codes, np.concatenate([lot.parents for lot in lots])),
            zones=_row_numbers(codes, np.concatenate([lot.zones for lot in lots])),
            levels=np.concatenate([lot.levels for lot in lots]),
            synthetic=np.concatenate([lot.synthetic for lot in lots]),
            names=b"".join(lot.names for lot in lots),
            name_ends=np.cumsum(np.concatenate([lot.name_lengths for lot in lots]), dtype=np.int32),
            departments={
                int(start) + i: code for start, lot in zip(starts, lots, strict=False) for i, code in lot.departments
            },
            positions=np.concatenate([lot.positions for lot in lots], axis=1),
        )


class AreaTable(Mapping[AreaCode, Area]):
    """The areas by code. Those coarser than a micro-grid are kept once made, since every answer repeats them."""

    def __init__(self, columns: AreaColumns) -> None:
        self._columns = columns
        self._parents, self._zones = columns.parents.data, columns.zones.data
        self._levels, self._ends = columns.levels.data, columns.name_ends.data
        self._synthetic = columns.synthetic.data
        self._codes, self._width = columns.codes.tobytes(), columns.codes.itemsize
        self._paths: dict[int, tuple[Area, ...]] = {}

    def __getitem__(self, code: AreaCode) -> Area:
        return self.path(self.row(code))[0]

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

    def path(self, row: int) -> tuple[Area, ...]:
        """Return the area and what it lies in, up to the district; a zone comes right before its district."""
        known = self._paths.get(row)
        if known is not None:
            return known
        parent, zone = self._parents[row], self._zones[row]
        above = self.path(parent) if parent != NOWHERE else ()
        code = above[0].code if above else None
        if zone != NOWHERE and (not above or self._zones[parent] != zone):
            above = (*self.path(zone), *above)
        path = (self._make(row, code, zone), *above)
        if self._levels[row] != _FINE:
            self._paths[row] = path
        return path

    def point(self, row: int) -> Point | None:
        """Return a point inside the area, None where it has no polygon."""
        lat, lon = map(float, self._columns.positions[:, row])
        return None if lat != lat else Point(lat, lon)  # noqa: PLR0124 - NaN is the one float unlike itself

    def rows_of(self, *levels: AreaLevel) -> list[int]:
        """Return the rows of some levels, in the order of their codes."""
        wanted = [_LEVEL_NUMBER[level] for level in levels]
        return [int(row) for row in np.flatnonzero(np.isin(self._columns.levels, wanted))]

    def _make(self, row: int, parent: AreaCode | None, zone: int) -> Area:
        start = self._ends[row - 1] if row else 0
        department = self._columns.departments.get(row)
        return Area(
            self._code(row),
            parent,
            LEVELS[self._levels[row]],
            self._columns.names[start : self._ends[row]].decode(),
            self._synthetic[row] != 0,
            self._code(zone) if zone != NOWHERE else None,
            DepartmentCode(department) if department else None,
        )

    def _code(self, row: int) -> AreaCode:
        start = row * self._width
        return AreaCode(self._codes[start : start + self._width].rstrip(b"\0").decode())


def _encoded(row: AreaRow) -> tuple[object, ...]:
    code, parent, name, zone = (text.encode() if text else None for text in (row.code, row.parent, row.name, row.zone))
    return code, parent, row.level, name, row.synthetic, zone, row.department, row.lat, row.lon


def _row_numbers(codes: Codes, wanted: Codes) -> Column:
    """Return the row of each code, `NOWHERE` for an empty one; all others are known to exist."""
    rows = np.searchsorted(codes, wanted).astype(np.int32)
    rows[wanted == b""] = NOWHERE
    return rows

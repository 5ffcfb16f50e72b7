"""Areas in columns, and as values."""

import pytest

from citizen_gateway.city.areas import AreaColumns, AreaLot, AreaRow, AreaTable
from citizen_gateway.city.model import Area, AreaCode, AreaLevel, DepartmentCode
from citizen_gateway.kernel.geo import Point

NAN = float("nan")
ROWS = [
    AreaRow("d", None, AreaLevel.DISTRICT, "中 D", False, None, "d-office", 1.0, 2.0),
    AreaRow("d1", "d", AreaLevel.STREET, "S", True, "z", None, 1.0, 2.0),
    AreaRow("d1-a", "d1", AreaLevel.MICRO_GRID, "µ", True, "z", None, 1.5, 2.5),
    AreaRow("z", None, AreaLevel.ZONE, "Z", False, None, None, NAN, NAN),
]
TABLE = AreaTable(AreaColumns.of(AreaLot.of_rows(lot) for lot in (ROWS[:1], ROWS[1:])))


class TestTable:
    """A mapping by code."""

    def test_an_area_comes_back_as_it_was_written(self) -> None:
        """Codes, names of any script, flags and departments survive the columns."""
        assert TABLE[AreaCode("d")] == Area(
            AreaCode("d"), None, AreaLevel.DISTRICT, "中 D", synthetic=False, department=DepartmentCode("d-office")
        )
        assert TABLE[AreaCode("d1-a")] == Area(
            AreaCode("d1-a"), AreaCode("d1"), AreaLevel.MICRO_GRID, "µ", synthetic=True, zone=AreaCode("z")
        )

    @pytest.mark.parametrize("code", ["", "d0", "zz", "d1-", "区"])
    def test_unknown_code(self, code: str) -> None:
        """What is not there raises KeyError like any mapping."""
        with pytest.raises(KeyError):
            TABLE[AreaCode(code)]

    def test_iterates_in_the_order_of_codes(self) -> None:
        """All areas can be walked."""
        assert list(TABLE) == ["d", "d1", "d1-a", "z"]
        assert len(TABLE) == 4

    def test_path_goes_through_the_zone(self) -> None:
        """A zone stands once, right before its district."""
        path = TABLE.path(TABLE.row("d1-a"))
        assert [area.code for area in path] == ["d1-a", "d1", "z", "d"]

    def test_point(self) -> None:
        """A zone has no point of its own."""
        assert TABLE.point(TABLE.row("d1-a")) == Point(1.5, 2.5)
        assert TABLE.point(TABLE.row("z")) is None

    def test_rows_of_levels(self) -> None:
        """Levels can be listed."""
        assert TABLE.rows_of(AreaLevel.STREET, AreaLevel.ZONE) == [1, 3]

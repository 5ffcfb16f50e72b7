"""Reading a pack: all mistakes at once, each with its place, and nothing half done."""

import csv
from pathlib import Path

import pytest
import shapely

from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.pack import Pack, fingerprint, load_pack
from citizen_gateway.city.problems import PackError

with (Path(__file__).parent / "mistakes.csv").open(encoding="utf-8", newline="") as stream:
    MISTAKES = list(csv.reader(stream))[1:]


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Change one text of a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes(folder: Path, this_year: int | None = 2026) -> list[str]:
    """Load and return what is wrong."""
    with pytest.raises(PackError) as caught:
        load_pack(folder, this_year)
    return [str(problem) for problem in caught.value.problems]


class TestOneMistake:
    """The table mistakes.csv: file, what stands there, what is put instead, what is said of it."""

    @pytest.mark.parametrize(("file", "old", "new", "told"), MISTAKES)
    def test_is_named_with_its_place(self, folder: Path, file: str, old: str, new: str, told: str) -> None:
        """File, line or feature, and what is wrong."""
        spoil(folder, file, old, new)
        assert any(told in problem for problem in mistakes(folder)), mistakes(folder)

    @pytest.mark.parametrize("file", ["city.toml", "calendar.toml", "districts.geojson"])
    def test_missing_file(self, folder: Path, file: str) -> None:
        """What every pack needs."""
        (folder / file).unlink()
        assert f"{file}: is missing" in mistakes(folder)


class TestManyMistakes:
    """A pack is not corrected one run at a time."""

    def test_all_are_named_at_once(self, folder: Path) -> None:
        """Mistakes of several files come together."""
        spoil(folder, "streets.csv", "w1,Mill Ward,ward,w", "w1,Mill Ward,ward,x")
        spoil(folder, "categories.csv", "component,works", "component,nobody")
        spoil(folder, "calendar.toml", "to = 2026-06-03", "to = 2026-06-01")
        assert len(mistakes(folder)) >= 3


class TestAreas:
    """What a good pack becomes."""

    def test_a_citys_own_polygons_are_kept(self, tinytown: Pack) -> None:
        """Only what was made up is called synthetic."""
        synthetic = {row.code: row.synthetic for row in tinytown.rows}
        assert not any(synthetic[code] for code in ("w", "e", "e1", "e2", "e1-park", "e1-ring"))
        assert all(synthetic[code] for code in ("w1", "w1-a", "e2-a", "e1-park-01", "mall"))

    def test_counts_are_met_exactly(self, tinytown: Pack) -> None:
        """The figures of synthesis.toml."""
        levels = [row.level for row in tinytown.rows]
        assert (levels.count(AreaLevel.GRID), levels.count(AreaLevel.MICRO_GRID)) == (9, 31)

    def test_children_tile_their_parents(self, tinytown: Pack) -> None:
        """No gaps, no overlaps; only a city's own polygons may leave some."""
        polygons = {row.code: polygon for row, polygon in zip(tinytown.rows, tinytown.polygons, strict=True)}
        for code, parent in polygons.items():
            children = [polygons[row.code] for row in tinytown.rows if row.parent == code and row.code != "mall"]
            if not children or code == "e1":
                continue
            assert shapely.area(children).sum() == pytest.approx(parent.area, rel=1e-9)
            assert shapely.union_all(children).symmetric_difference(parent).area < 1e-9 * parent.area

    def test_the_same_files_give_the_same_city(self, tinytown: Pack, folder: Path) -> None:
        """Two readings agree to the last bit."""
        again = load_pack(folder)
        assert again.fingerprint == tinytown.fingerprint == fingerprint(folder)
        assert [row.code for row in again.rows] == [row.code for row in tinytown.rows]
        assert all(shapely.equals_identical(a, b) for a, b in zip(again.polygons, tinytown.polygons, strict=True) if a)

    def test_progress_is_told(self, folder: Path) -> None:
        """From nothing to everything, never back."""
        told: list[float] = []
        load_pack(folder, progress=lambda _step, done: told.append(done))
        assert (told[0], told[-1]) == (0, 1)
        assert told == sorted(told)


class TestFingerprint:
    """What makes a pack another one."""

    def test_any_change_changes_it(self, folder: Path) -> None:
        """A renamed road is enough; a note beside the files is not."""
        before = fingerprint(folder)
        (folder / "README.md").write_text("a note")
        assert fingerprint(folder) == before
        spoil(folder, "roads.csv", "High Street", "Low Street")
        assert fingerprint(folder) != before

"""Reading a pack: all mistakes at once, each with its place, and nothing half done."""

from pathlib import Path

import pytest
import shapely

from citizen_gateway.city.model import AreaLevel
from citizen_gateway.city.pack import Pack, fingerprint, load_pack
from citizen_gateway.city.problems import PackError


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
    """(file, what stands there, what is put instead, what is said)."""

    @pytest.mark.parametrize(
        ("file", "old", "new", "told"),
        [
            ("streets.csv", "w1,Mill Ward,ward,w", "w1,Mill Ward,ward,x", "streets.csv:2: street w1 is in no district x"),
            ("streets.csv", "e,port", "e,harbour", "streets.csv:5: street e2 is in no zone harbour"),
            ("communities.csv", "Quarter,w2", "Quarter,w9", "communities.csv:4: community w2-a is in no street w9"),
            ("communities.csv", "w1-b", "w1-a", "communities.csv:3: area w1-a is already in communities.csv"),
            ("categories.csv", "component,works", "component,nobody", "categories.csv:3: category lamp is led by no department nobody"),
            ("categories.csv", "event,hall", "thing,hall", "categories.csv:7: Invalid enum value 'thing' - at `$.kind`"),
            ("categories.csv", "240,80", "240,-80", "categories.csv:7: Expected `float` > 0.0 - at `$.resolve_working_hours`"),
            ("categories.csv", "other,other,Other", ",other,Other", "categories.csv:7: Object missing required field `code`"),
            ("categories.csv", "emergency,", "urgent,", "categories.csv:1: unknown column urgent"),
            ("departments.csv", "bureau,hall", "bureau,moon", "departments.csv:3: department works is under no department moon"),
            ("departments.csv", "plain free,", "round,", "departments.csv:5: no area is of the kind round"),
            ("departments.csv", "{name} Desk", "{nick} Desk", "departments.csv:8: department {code}-desk: 'nick'"),
            ("duty_rules.csv", "advice,advice", "advice,advise", "duty_rules.csv:13: rule advice names no category advise"),
            ("duty_rules.csv", "city,works hall", "city,works ball", "duty_rules.csv:8: rule lamp-castle names no department ball"),
            ("duty_rules.csv", ",w2,", ",w7,", "duty_rules.csv:8: rule lamp-castle holds within no area or class w7"),
            ("duty_rules.csv", "{district}-works,plain", "{district}-works,", "is no department for 1 of 3, first port-works"),
            ("duty_rules.csv", "district,{district}-office", "city,{district}-office", "names {district} but its level is city"),
            ("duty_rules.csv", "{street}-warden", "{road}-warden", "names {road}; only {district}, {street} and {dedicated}"),
            ("duty_rules.csv", "lamp-place", "lamp-owner", "duty_rules.csv:7: rule lamp-owner is already in duty_rules.csv"),
            ("duty_rules.csv", "owner,city,gasworks", "whim,city,gasworks", "duty_rules.csv:9: rule gas-owner: Invalid enum value 'whim'"),
            ("dedicated.csv", "50.05,10.1,", "10.1,50.05,", "dedicated.csv:2: dedicated area mall has latitude and longitude swapped"),
            ("dedicated.csv", "50.05,10.1,", "50.9,10.1,", "dedicated.csv:2: dedicated area mall lies outside the city's bounds"),
            ("areas/gardens.geojson", '"parent":"e1"', '"parent":"e7"', "areas/gardens.geojson feature 2: area e1-park is in no street e7"),
            ("areas/gardens.geojson", '"level":"street"', '"level":"lane"', "feature 0: area e1 has the unknown level lane"),
            ("areas/gardens.geojson", '"code":"e1-ring"', '"code":"e1-park"', "feature 3: area e1-park is already in areas/gardens.geojson"),
            ("areas/gardens.geojson", '"parent":"e1"', '"parent":"e2"', "feature 2: area e1-park lies outside its parent e2"),
            ("streets.csv", "e2,Quay", "e3,Quay", "streets.csv:5: street e3 has no polygon, though others of e have"),
            ("calendar.toml", "2026-06-06", "2025-06-06", "calendar.toml:13: for Founders' Days 2025-06-06: is not in 2026"),
            ("calendar.toml", "to = 2026-06-03", "to = 2026-06-01", "calendar.toml:8: Founders' Days 2026-06-02: ends before it begins"),
            ("calendar.toml", "from = 2026-06-06", "from = 2026-06-03", "2026-06-03 is already Founders' Days"),
            ("calendar.toml", "year = 2026", "year = 2025", "calendar.toml: has no year 2026"),
            ("city.toml", "[[08:00:00, 12:00:00]]", "[[12:00:00, 08:00:00]]", "city.toml:14: working_hours.monday is out of order"),
            ("city.toml", "friday", "freitag", "city.toml:18: working_hours has no day freitag"),
            ("city.toml", "{path}", "{way}", "city.toml: phrases.located.en names {way}, which it does not have"),
            ("city.toml", 'lead.en = "{department} leads"', "", "city.toml: phrases.lead has no wording in en"),
            ("city.toml", 'timezone = "Europe/Berlin"', 'timezone = "Europe/Atlantis"', "city.toml: there is no time zone Europe/Atlantis"),
            ("city.toml", "[emergency", "[[emergency", "city.toml: "),
            ("synthesis.toml", "grids = 9", "grids = 3", "synthesis.toml: 3 cannot give one to each of 6"),
        ],
    )  # fmt: skip
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

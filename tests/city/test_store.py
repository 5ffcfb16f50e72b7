"""The pack in the database: what is written is read."""

from pathlib import Path

import pytest
import shapely

from citizen_gateway.city import store
from citizen_gateway.city.model import AreaCode, CategoryCode
from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City
from citizen_gateway.city.service import NoCityError, load_city, read_city, save_pack
from citizen_gateway.kernel.geo import Point
from citizen_gateway.platform.db import Transaction


@pytest.fixture(autouse=True)
async def empty(tx: Transaction) -> None:
    """Begin without a city, whatever other tests of the session loaded."""
    for table in store.TABLES:
        await tx.conn.execute(f"delete from {table}")


class TestSave:
    """Writing a pack."""

    async def test_the_same_pack_again_changes_nothing(self, tx: Transaction, tinytown: Pack) -> None:
        """The second load says so."""
        first = await save_pack(await tx.conn.raw(), tinytown)
        again = await save_pack(await tx.conn.raw(), tinytown)
        assert (first.changed, again.changed) == (True, False)
        assert (first.areas, first.categories, first.rules) == (54, 6, 12)

    async def test_another_pack_replaces_it(self, tx: Transaction, tinytown: Pack, folder: Path) -> None:
        """Nothing of the one before stays."""
        await save_pack(await tx.conn.raw(), tinytown)
        synthesis = folder / "synthesis.toml"
        synthesis.write_text(synthesis.read_text().replace("micro_grids = 31", "micro_grids = 20"))
        summary = await save_pack(await tx.conn.raw(), load_pack(folder))
        assert summary.changed
        assert await tx.conn.fetchval("select count(*) from city_area where level = 'micro_grid'") == 20

    async def test_loading_a_folder_twice_reads_it_once(self, tx: Transaction, folder: Path) -> None:
        """Files the database already holds are not even made into a city."""
        steps: list[str] = []
        await load_city(await tx.conn.raw(), folder, progress=lambda step, _done: steps.append(step))
        assert steps
        steps.clear()
        summary = await load_city(await tx.conn.raw(), folder, progress=lambda step, _done: steps.append(step))
        assert (summary.changed, steps) == (False, [])

    async def test_every_set_of_rules_is_kept(self, tx: Transaction, tinytown: Pack, folder: Path) -> None:
        """A pack with other rules adds its set; one with the same rules adds none."""
        raw = await tx.conn.raw()
        before = {one.fingerprint for one in await store.rule_sets(raw)}
        await save_pack(raw, tinytown)
        rules = folder / "duty_rules.csv"
        rules.write_text(rules.read_text("utf-8").replace("gas is the gasworks'", "all gas"), "utf-8")
        await save_pack(raw, load_pack(folder))
        (folder / "roads.csv").write_text("name\nNew Street\n", "utf-8")
        await save_pack(raw, load_pack(folder))
        added = [one for one in await store.rule_sets(raw) if one.fingerprint not in before]
        assert len(added) == 2
        assert {(one.version, one.rules) for one in added} == {("1", 12)}


class TestRead:
    """Reading the city."""

    async def test_answers_like_the_pack(self, tx: Transaction, tinytown: Pack, town: City) -> None:
        """Places, duties and limits survive the database."""
        await save_pack(await tx.conn.raw(), tinytown)
        city = await read_city(await tx.conn.raw())
        assert city.settings == town.settings
        assert dict(city.areas) == dict(town.areas)
        assert dict(city.departments) == dict(town.departments)
        assert dict(city.rules) == dict(town.rules)
        assert list(city.categories) == list(town.categories)
        assert city.place_names() == town.place_names()
        for step in range(400):
            point = Point(49.99 + step % 20 * 0.006, 9.99 + step // 20 * 0.012)
            assert city.locate(point) == town.locate(point)
        where = town.location_of(AreaCode("w2"))
        assert city.dispatch(CategoryCode("lamp"), where) == town.dispatch(CategoryCode("lamp"), where)

    async def test_no_city(self, tx: Transaction) -> None:
        """One sentence that says what to do."""
        with pytest.raises(NoCityError, match="city load"):
            await read_city(await tx.conn.raw())

    async def test_boundary(self, tx: Transaction, tinytown: Pack) -> None:
        """A map can show an area; a zone has no outline."""
        await save_pack(await tx.conn.raw(), tinytown)
        boundary = await store.read_boundary(await tx.conn.raw(), AreaCode("e1-ring"))
        assert boundary is not None
        assert shapely.get_num_interior_rings(shapely.from_wkb(boundary)) == 1
        assert await store.read_boundary(await tx.conn.raw(), AreaCode("port")) is None
        assert await store.read_boundary(await tx.conn.raw(), AreaCode("x")) is None

"""Words by which a text is found."""

import pytest

from citizen_gateway.desk import words
from citizen_gateway.platform.db import Transaction


async def found(tx: Transaction, text: str, asked: str, *further: str) -> bool:
    """Whether PostgreSQL finds a text, or one of several fields, by these words."""
    query = words.query(asked)
    assert query is not None
    vector = words.vector([text, *further], ["@410103"])
    return bool(await tx.conn.fetchval("select $1::text::tsvector @@ $2::text::tsquery", vector, query))


class TestFinding:
    """What finds what."""

    @pytest.mark.parametrize(
        ("asked", "is_found"),
        [
            ("路灯", True),
            ("路灯不亮", True),
            ("灯", True),
            ("亮", True),
            ("路", True),
            ("路灯 好几天", True),
            ("路燈", True),
            ("７天", True),
            ("led", True),
            ("LE", True),
            ("不亮路灯", False),
            ("灯路", False),
            ("井盖", False),
            ("路灯 井盖", False),
            ("天路", True),
            ("'路灯' & \\ | !", True),
        ],
    )
    async def test_by_parts_of_it(self, tx: Transaction, asked: str, *, is_found: bool) -> None:
        """Phrases in their order, single characters, any script and width; all parts must be there."""
        assert await found(tx, "小区路灯不亮，LED 的，好几天了；7天路", asked) is is_found

    @pytest.mark.parametrize(("asked", "is_found"), [("25", True), ("2", False), ("20261109", True), ("2026", True)])
    async def test_a_short_number_is_whole(self, tx: Transaction, asked: str, *, is_found: bool) -> None:
        """A house's 2 is not its 25, nor the beginning of every ticket's number; four digits may begin one."""
        assert await found(tx, "ZZ 20261109 昆仑路25号", asked) is is_found

    async def test_no_phrase_reaches_over_a_comma_or_into_the_next_field(self, tx: Transaction) -> None:
        """What only looks like a phrase is none."""
        assert not await found(tx, "有路，灯坏了", "路灯")
        assert not await found(tx, "大路", "路灯", "灯坏了")

    async def test_a_very_long_text_is_found_by_its_beginning(self, tx: Transaction) -> None:
        """And it never fails, however often a word stands in it."""
        assert await found(tx, "井盖丢失" * 20_000, "井盖丢失")

    @pytest.mark.parametrize("empty", ["", "，。！", "💥", " "])
    def test_nothing_to_look_for(self, empty: str) -> None:
        """Marks alone are no words."""
        assert words.query(empty) is None

    async def test_marks_stand_in_no_text(self, tx: Transaction) -> None:
        """An area's mark is found by itself, and no words of a citizen can be taken for one."""
        vector = words.vector(["@410103 #x %y"], ["@410103", "#it's\\"])
        for marks, is_found in ((["@410103"], True), (["@x", "#it's\\"], True), (["#x"], False), (["%y"], False)):
            asked = words.any_mark(marks)
            assert await tx.conn.fetchval("select $1::text::tsvector @@ $2::text::tsquery", vector, asked) is is_found

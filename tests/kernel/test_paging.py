"""Pages by cursor."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.errors import BadCursor
from citizen_gateway.kernel.paging import Page, decode_cursor, encode_cursor, page_of


class TestCursor:
    """A cursor is an id that says nothing to those who need not read it."""

    @given(key=st.uuids())
    def test_comes_back_as_the_id(self, key: UUID) -> None:
        """Every id survives, in signs that need no quoting in an address."""
        cursor = encode_cursor(key)
        assert decode_cursor(cursor) == key
        assert all(sign.isalnum() or sign in "-_" for sign in cursor)

    @given(text=st.text(max_size=40))
    def test_whatever_else_is_refused(self, text: str) -> None:
        """A text we did not make is a bad cursor, or the very same cursor as the id it stands for."""
        try:
            key = decode_cursor(text)
        except BadCursor:
            return
        assert encode_cursor(key) == text

    @pytest.mark.parametrize("text", ["", "=", "AAAA", "A" * 21, "A" * 23, "A" * 22 + "==", "A" * 21 + "B", "é" * 22])
    def test_near_misses(self, text: str) -> None:
        """Another length, another alphabet, padding, or bits left over make no cursor."""
        with pytest.raises(BadCursor):
            decode_cursor(text)


class TestPage:
    """One row more than asked for tells whether a page follows."""

    def test_the_last_page_has_no_cursor(self) -> None:
        """With no row too many there is nothing more to come."""
        keys = [uuid4() for _ in range(3)]
        assert page_of(["a", "b", "c"], 3, keys) == Page(["a", "b", "c"])
        assert page_of([], 3, []) == Page([])

    def test_a_cursor_stands_behind_the_last_row_shown(self) -> None:
        """The row too many is left for the next page."""
        keys = [uuid4() for _ in range(4)]
        page = page_of(["a", "b", "c", "d"], 3, keys)
        assert page.items == ["a", "b", "c"]
        assert page.next_cursor is not None
        assert decode_cursor(page.next_cursor) == keys[2]

"""Cursors of the event feed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.errors import BadCursor
from citizen_gateway.partners.cursors import KEPT, Cursors, Place
from citizen_gateway.partners.errors import ForeignCursor, StaleCursor
from citizen_gateway.platform.vault import Vault

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OURS = Vault("a secret of this very city, long enough")
MINE = Cursors(OURS, "client:1")
LARGE = st.integers(0, 2**63)


class TestCursors:
    """Written for one reader, read by that reader alone."""

    @given(LARGE, LARGE)
    def test_a_place_comes_back(self, xid: int, seq: int) -> None:
        """Whatever the place."""
        place = Place(xid, seq)
        assert MINE.read(MINE.write(place, NOW), NOW) == place

    @given(st.text(max_size=80))
    def test_garbage_is_refused(self, garbage: str) -> None:
        """Nothing that we did not write is read, and nothing breaks."""
        with pytest.raises(BadCursor):
            MINE.read(garbage, NOW)

    @pytest.mark.parametrize("position", range(0, 54, 3))
    def test_one_changed_sign_is_refused(self, position: int) -> None:
        """A cursor cannot be edited towards somebody else's events."""
        cursor = MINE.write(Place(7, 9), NOW)
        sign = "A" if cursor[position] != "A" else "B"
        with pytest.raises((BadCursor, ForeignCursor)) as caught:
            MINE.read(cursor[:position] + sign + cursor[position + 1 :], NOW)
        assert caught.type is BadCursor

    def test_another_reader_s_is_refused(self) -> None:
        """With its own problem, since it is a real cursor."""
        with pytest.raises(ForeignCursor):
            Cursors(OURS, "client:2").read(MINE.write(Place(7, 9), NOW), NOW)

    def test_another_city_s_is_refused(self) -> None:
        """Its signature is not ours."""
        elsewhere = Cursors(Vault("a secret of another city, long enough too"), "client:1")
        with pytest.raises(BadCursor):
            MINE.read(elsewhere.write(Place(7, 9), NOW), NOW)

    def test_one_not_renewed_for_long_is_stale(self) -> None:
        """To the second: events behind it may be gone."""
        cursor = MINE.write(Place(7, 9), NOW)
        assert MINE.read(cursor, NOW + KEPT) == Place(7, 9)
        with pytest.raises(StaleCursor):
            MINE.read(cursor, NOW + KEPT + timedelta(seconds=1))

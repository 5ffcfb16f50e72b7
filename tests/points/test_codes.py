"""Codes people show, type and scan."""

from hypothesis import given
from hypothesis import strategies as st

from citizen_gateway.kernel.ids import ALPHABET
from citizen_gateway.points.codes import new_code, read_code

CODES = st.integers(0, 2**45 - 1).map(new_code)


class TestCode:
    """One code."""

    @given(CODES)
    def test_is_read_however_it_is_typed(self, code: str) -> None:
        """Small letters, blanks, no hyphen."""
        assert len(code) == 11
        assert read_code(code) == code
        assert read_code(f" {code.lower().replace('-', ' ')} ") == code

    @given(CODES, st.integers(0, 9), st.sampled_from(ALPHABET))
    def test_one_wrong_sign_is_found(self, code: str, place: int, sign: str) -> None:
        """Whichever it is."""
        signs = list(code.replace("-", ""))
        if signs[place] == sign:
            return
        signs[place] = sign
        assert read_code("".join(signs)) is None

    def test_what_is_no_code(self) -> None:
        """Too short, too long, other signs."""
        for text in ("", "2", "22222-222222", "0000000000", "12345-67890"):
            assert read_code(text) is None

    def test_no_two_are_the_same(self) -> None:
        """A thousand of them."""
        assert len({new_code() for _ in range(1000)}) == 1000

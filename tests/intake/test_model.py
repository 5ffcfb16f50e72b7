"""A report as a value."""

import pytest

from citizen_gateway.intake.model import TITLE_SIGNS, heading


class TestHeading:
    """What a list shows of a report."""

    @pytest.mark.parametrize(
        ("title", "text", "shown"),
        [
            ("门口垃圾", "很多", "门口垃圾"),
            ("  门口垃圾 ", "很多", "门口垃圾"),
            (" \n", "\n 没人管\n第二行", "没人管"),
            ("", "垃" * TITLE_SIGNS, "垃" * TITLE_SIGNS),
            ("", "垃" * (TITLE_SIGNS + 1), "垃" * (TITLE_SIGNS - 1) + "…"),
            ("", "一\u2028二", "一"),
        ],
    )
    def test_title_or_first_line(self, title: str, text: str, shown: str) -> None:
        """The title where there is one, else the first line, cut to what a list has room for."""
        assert heading(title, text) == shown

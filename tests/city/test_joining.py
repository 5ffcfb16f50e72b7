"""Which reports may be about one event, as the pack says it."""

from pathlib import Path

import pytest

from citizen_gateway.city.pack import load_pack
from citizen_gateway.city.problems import PackError
from citizen_gateway.platform.resources import resource

RULES = """
sure = 0.8
maybe = 0.6
shown = 0.5
natures = ["complaint"]
marks = '[0-9]+号楼'
vague = ["here"]
looked_at = 40
voices = 4

[evidence]
words = 0.9
words_full = 0.4
near = 0.8
here = 0.25
other_leaf = 0.4
spread = 0.4
phrase = 1.0
community = 0.6
photo = 0.9
photo_bits = 6
photo_plain = 8

[[family]]
name = "dirt"
categories = ["litter"]
radius_m = 80
days = 5

[[family]]
name = "lamps"
categories = ["lamp"]
radius_m = 80
days = 5
"""


class TestRules:
    """`joining.toml`."""

    def test_a_pack_without_joins_nothing(self, folder: Path) -> None:
        """The file may be absent."""
        assert load_pack(folder).directory.settings.joining is None

    def test_each_category_has_its_family(self, folder: Path) -> None:
        """What is in none is a person's own matter."""
        (folder / "joining.toml").write_text(RULES, "utf-8")
        rules = load_pack(folder).directory.settings.joining
        assert rules is not None
        assert {code: family.name for code, family in rules.families().items()} == {"litter": "dirt", "lamp": "lamps"}

    def test_the_city_never_joins_what_is_somebodys_own(self) -> None:
        """Pay, contracts, papers and advice are in no family; danger and estates are for a person to judge."""
        text = (resource("cities") / "zhengzhou" / "joining.toml").read_text("utf-8")
        for code in ("A01", "A02", "C01", "F02", "B01", "708", "Z99", "E01"):
            assert f'"{code}"' not in text

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("maybe = 0.6", "maybe = 0.9", "must not fall in this order"),
            ('["lamp"]', '["candle"]', "there is no category candle"),
            ('["lamp"]', '["litter"]', "category litter is in 2 families"),
            ('"lamps"', '"dirt"', "family dirt is there 2 times"),
            ("[0-9]+号楼", "[0-9", "marks is no pattern"),
            ("sure = 0.8", "sure = 8", "Expected `float` <= 1.0 - at `$.sure`"),
            ("radius_m = 80", "radius_m = 0", "Expected `float` > 0.0"),
            ("complaint", "shouting", "Invalid enum value 'shouting'"),
            ("voices = 4", "voices = 4\ncolour = 1", "unknown field `colour`"),
        ],
    )
    def test_a_mistake_is_named(self, old: str, new: str, told: str, folder: Path) -> None:
        """File and what is wrong; the pack is not loaded."""
        assert old in RULES
        (folder / "joining.toml").write_text(RULES.replace(old, new, 1), "utf-8")
        with pytest.raises(PackError) as caught:
            load_pack(folder)
        assert any("joining.toml" in str(problem) and told in str(problem) for problem in caught.value.problems)

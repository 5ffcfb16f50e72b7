"""What partners build on is what is served."""

import msgspec
import pytest

from citizen_gateway.cli.exporting import contract, export
from citizen_gateway.platform.resources import resource


class TestGenerated:
    """The files of the contract."""

    def test_none_is_stale(self) -> None:
        """`citizen-gateway export-openapi` would change nothing."""
        assert export(resource("openapi"), resource("locales"), write=False) == []

    def test_making_them_twice_makes_the_same(self) -> None:
        """No order of a set, no time and no path is in them."""
        assert contract() == contract()

    @pytest.mark.parametrize("name", sorted(contract()))
    def test_they_are_json(self, name: str) -> None:
        """Readable by machines, and by people line by line."""
        content = (resource("openapi") / name).read_bytes()
        assert msgspec.json.decode(content)
        assert content.count(b"\n") > 100

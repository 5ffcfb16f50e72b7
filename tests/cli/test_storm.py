"""The storm that `bench joining` sends."""

import pytest

from citizen_gateway.cli.bench.storm import StormPlace, read_wordings, storm
from citizen_gateway.platform.failures import StartupError
from citizen_gateway.platform.resources import resource

PACK = resource("cities") / "zhengzhou"
PLACES = [StormPlace(34.7 + 0.01 * number, 113.6, f"第{number}社区") for number in range(5)]


class TestStorm:
    """Who says what of which event."""

    def test_the_same_seed_sends_the_same(self) -> None:
        """Figures can be taken again; another seed is another storm."""
        wordings = read_wordings(PACK)
        one = storm(wordings, PLACES, 200, seed=1)
        assert one == storm(wordings, PLACES, 200, seed=1) != storm(wordings, PLACES, 200, seed=2)
        assert len(one) == 200

    def test_nobody_reports_twice_and_events_have_partners_and_not(self) -> None:
        """Each report is another person's; some events are told by many, some by one."""
        said = storm(read_wordings(PACK), PLACES, 300, seed=1)
        assert len({one.person for one in said}) == 300
        counts = [sum(one.event == event for one in said) for event in {one.event for one in said}]
        assert min(counts) == 1
        assert max(counts) >= 6
        assert not any("{place}" in one.text for one in said)

    def test_a_pack_without_a_storm_is_named(self) -> None:
        """One sentence with the file."""
        with pytest.raises(StartupError, match=r"storm\.toml"):
            read_wordings(PACK / "nowhere")

"""Votes, calls and the lot: pure rules."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen_gateway.kernel.ids import TicketId
from citizen_gateway.satisfaction.model import CallResult, Solved, Tally, Vote, drawn


class TestVote:
    """What a citizen says."""

    @pytest.mark.parametrize(
        ("satisfied", "solved", "content"),
        [(3, Solved.PARTLY, True), (5, Solved.NOT, False), (2, Solved.SOLVED, False), (5, Solved.SOLVED, True)],
    )
    def test_content_is_at_least_three_and_not_unsolved(self, satisfied: int, solved: Solved, content: bool) -> None:
        """基本满意 counts."""
        assert Vote(contacted=True, solved=solved, satisfied=satisfied).content is content

    def test_the_mean_of_none_is_none(self) -> None:
        """Nobody voted."""
        assert Tally(3, ()).average is None


class TestCall:
    """What a call told."""

    def test_reaching_somebody_needs_three_answers(self) -> None:
        """Not reaching anybody needs none."""
        assert CallResult(reached=False).complete
        assert not CallResult(reached=True, contacted=True, satisfied=3).complete
        assert CallResult(reached=True, contacted=False, solved=Solved.NOT, satisfied=1).complete


class TestLot:
    """Which closed tickets are called about."""

    @settings(max_examples=50, deadline=None)
    @given(identity=st.uuids(), resolution=st.integers(0, 1000), share=st.floats(0, 1))
    def test_anybody_who_draws_draws_the_same(self, identity: TicketId, resolution: int, share: float) -> None:
        """By the ticket alone: more share keeps those drawn, all or none at the ends."""
        assert drawn(identity, resolution, share) == drawn(identity, resolution, share)
        assert not drawn(identity, resolution, 0.0)
        assert drawn(identity, resolution, 1.0)
        if drawn(identity, resolution, share):
            assert drawn(identity, resolution, min(1.0, share * 1.5))

    def test_about_the_share_is_drawn(self) -> None:
        """Of two thousand a twentieth is a hundred, give or take."""
        count = sum(drawn(TicketId(uuid4()), 4, 0.05) for _ in range(2000))
        assert 50 < count < 160

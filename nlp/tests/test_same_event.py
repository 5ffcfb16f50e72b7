"""One event told by many, and the index over open reports."""

from datetime import UTC, datetime, timedelta

from citizen_nlp import SURE, Analysis, EventIndex, Signature, analyse, same_event, signature
from citizen_nlp.bench import many_reports

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def told(title: str, days: int = 0) -> Signature:
    """Give the signature of a message told some days ago."""
    return signature(analyse(title, ""), NOW - timedelta(days=days))


class TestPair:
    """Two messages."""

    def test_one_event_in_other_words_scores_high(self) -> None:
        """Place and problem agree."""
        one = told("A市东方花园小区开发商捆绑销售车位")
        other = told("投诉东方花园强行捆绑卖车位")
        assert same_event(one, other) >= SURE

    def test_same_problem_elsewhere_scores_low(self) -> None:
        """The place tells them apart."""
        assert same_event(told("金水花园小区停水三天"), told("桐柏新村又停水了")) < SURE

    def test_symmetric_and_bounded(self) -> None:
        """The order does not matter; a message is surely itself."""
        one, other = told("花园路井盖破损"), told("花园路上井盖坏了", 400)
        assert same_event(one, other) == same_event(other, one)
        assert abs(same_event(one, one) - 1) < 1e-6

    def test_empty_analysis_is_like_nothing(self) -> None:
        """A message without words has no event."""
        assert same_event(signature(Analysis()), told("花园路井盖破损")) == 0


class TestIndex:
    """Who is like this one."""

    def test_scores_equal_those_of_pairs(self) -> None:
        """The index is only faster."""
        signatures = {i: told(f"花园路{i}号井盖破损", i * 90) for i in range(9)}
        index = EventIndex(signatures.items())
        for key, score in index.alike(signatures[3], at_least=0.0):
            assert abs(score - same_event(signatures[3], signatures[key])) < 1e-5

    def test_discarded_report_is_gone(self) -> None:
        """A closed report is not offered."""
        index = EventIndex([("a", told("花园路井盖破损"))])
        index.discard("a")
        assert index.alike(told("花园路井盖破损")) == []
        assert len(index) == 0

    def test_one_among_ten_thousand_is_found(self) -> None:
        """Among many reports that share words and leaf, the like one comes first. `bench` times it over 100,000."""
        index = EventIndex(enumerate(many_reports(10_000)))
        index.add(-1, told("花园路小区停水三天"))
        assert next(key for key, _ in index.alike(told("花园路小区又停水了"))) == -1
        assert len(index) == 10_001

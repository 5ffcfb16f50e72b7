"""One form of writing, and thousands of phrases in one pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_nlp.normalise import fold
from citizen_nlp.phrases import PhraseIndex


class TestFold:
    """Characters keep their places."""

    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("路燈壞了", "路灯坏了"),
            ("ＫＴＶ太吵！", "ktv太吵！"),
            ("a,b;c?", "a，b；c？"),
            ("A　B\t", "a b "),
            ("\ud800", "\ufffd"),
        ],
    )
    def test_one_form(self, raw: str, text: str) -> None:
        """Width, case, clause marks and traditional characters become one."""
        assert fold(raw).text == text

    @given(st.text(max_size=60))
    def test_spans_point_into_the_original(self, raw: str) -> None:
        """Any range of the folded text maps to a range of the raw one."""
        folded = fold(raw)
        for start in range(len(folded.text)):
            span = folded.span(start, start + 1)
            assert raw[span.start : span.end] == span.text
            assert len(span.text) == 1


class TestPhraseIndex:
    """Phrases with and without a gap."""

    def test_overlapping_phrases_are_all_found(self) -> None:
        """A phrase inside another is found too."""
        index = PhraseIndex([("路灯", 1), ("路灯不亮", 2), ("灯", 3)])
        assert {(hit.start, hit.payload) for hit in index.find("路灯不亮")} == {(0, 1), (0, 2), (1, 3)}

    @pytest.mark.parametrize(
        ("text", "found"),
        [("路灯都不亮", True), ("路灯，不亮", False), ("路灯一二三四五六七八九十甲不亮", False)],
    )
    def test_gap_stays_in_the_clause(self, text: str, *, found: bool) -> None:
        """At most ten characters and no clause mark lie between."""
        assert bool(PhraseIndex([("路灯*不亮", 0)]).find(text)) is found

    @given(st.text(st.sampled_from("路灯不亮井盖，x"), max_size=30))
    def test_agrees_with_plain_search(self, text: str) -> None:
        """The index finds what `str.find` finds."""
        phrases = ["路灯", "井盖", "灯不", "x", "不亮井盖"]
        found = {(hit.start, hit.payload) for hit in PhraseIndex((p, p) for p in phrases).find(text)}
        assert found == {(i, p) for p in phrases for i in range(len(text)) if text.startswith(p, i)}

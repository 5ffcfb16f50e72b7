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
            ("١٣٨", "138"),
            ("🚧路燈", "🚧路灯"),
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
        assert set(index.find("路灯不亮")) == {(0, 2, 1), (0, 4, 2), (1, 2, 3)}

    def test_phrase_at_the_end_is_found_once_and_ends_there(self) -> None:
        """A longer phrase with the same beginning does not double it."""
        assert PhraseIndex([("路灯", 1), ("路灯不亮", 2)]).find("修路灯") == [(1, 3, 1)]

    def test_places_are_true_beside_any_character(self) -> None:
        """Letters, emoji and lone surrogates before a phrase do not move it."""
        assert PhraseIndex([("路灯", 1)]).find("a🚧\ud800路灯") == [(3, 5, 1)]

    def test_bytes_across_two_characters_are_no_phrase(self) -> None:
        """乱 is 4E71, and N beside 焀 is 004E 7100."""
        assert PhraseIndex([("乱", 1)]).find("N焀") == []

    def test_each_group_has_its_own_list(self) -> None:
        """One word may be in several groups, also only as the head of a phrase with a gap."""
        found = PhraseIndex([("灯", 1), ("灯*灭", 2)], [("灯", 3)], [("路*灭", 4)]).find_groups("路灯灭")
        assert [sorted(hits) for hits in found[:3]] == [[(1, 2, 1), (1, 3, 2)], [(1, 2, 3)], [(0, 3, 4)]]

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
        found = PhraseIndex([(p, p) for p in phrases]).find(text)
        expected = [(i, i + len(p), p) for p in phrases for i in range(len(text)) if text.startswith(p, i)]
        assert sorted(found) == sorted(expected)

"""Phrases and words that say what a message is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_nlp.keywords import Keyness, content_words, find_keywords, keyness, log_odds
from citizen_nlp.lexicon import plain_words
from citizen_nlp.normalise import fold
from citizen_nlp.subject import Range


class TestKeywords:
    """The part alone."""

    def test_problem_phrase_leads_in_a_short_message(self) -> None:
        """The phrase is sure; words follow with falling weights; spans are true."""
        text = "\n小区门口路灯不亮"
        found = find_keywords(fold(text), 0, Range(5, 9))
        assert found[0].text == "路灯不亮"
        assert found[0].weight == 1.0
        assert [k.weight for k in found[1:]] == sorted([k.weight for k in found[1:]], reverse=True)
        assert all(text[k.span.start : k.span.end] == k.text for k in found)

    def test_words_of_the_title_weigh_more(self) -> None:
        """The same word counts more when the citizen put it into the title."""
        with_title, without = (
            {k.text: k.weight for k in find_keywords(fold(text), end, None)}
            for text, end in (("停水\n小区停水", 2), ("\n停水小区停水", 0))
        )
        assert with_title["停水"] > without["停水"]

    @pytest.mark.parametrize("text", ["\n", "\n，。！", "\n123 456", "\n我们的"])
    def test_nothing_to_say(self, text: str) -> None:
        """Marks, numbers and empty words are no keywords."""
        assert find_keywords(fold(text), 0, None) == ()

    @given(st.text(st.sampled_from("停水路灯坏了12，。 a"), max_size=40))
    def test_weighs_the_words_that_are_learnt(self, text: str) -> None:
        """What is weighed in one pass is what training counts."""
        words = plain_words(text)
        assert log_odds(keyness(), words).starts == content_words(words).starts

    def test_repetition_and_place_count(self) -> None:
        """A word said twice weighs more than said once, an early one more than a late one."""
        table = Keyness({"停水": 0.0, "路灯": 0.0}, unknown=0.0, repeated=1.0, late=-1.0, early=0.5)
        odds = log_odds(table, ["停水", "路灯", "停水"]).odds
        assert odds["停水"] > odds["路灯"] > log_odds(table, ["停水"] * 30 + ["路灯"]).odds["路灯"]

"""What one call of `analyse` promises."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citizen_nlp import (
    Analyser,
    Analysis,
    Lexicon,
    Nature,
    Urgency,
    analyse,
    mask,
    same_event,
    signature,
    unmask,
)

CITY = Lexicon.build(roads=["东风路", "文化路", "航海东路"], communities=["碧沙岗社区居委会"], streets=["林山寨街道"])
NASTY = st.text(
    st.characters() | st.sampled_from("\ud800\udfff\u200f\u202e\x00\ufeff井盖路灯，。1２ＡＢ🀄"), max_size=300
)


class TestMessage:
    """A plain complaint."""

    def test_caption_gets_leaf_place_and_keywords(self) -> None:
        """A spoken caption without title is understood."""
        found = analyse("", "东风路文化路口井盖没了", lexicon=CITY)
        assert found.categories[0].code == "502"
        assert not found.abstained
        assert any("井盖" in span.text for span in found.categories[0].evidence)
        assert found.places[0].span.text == "东风路文化路口"
        assert found.places[0].candidates == ("东风路", "文化路")
        assert any("井盖" in keyword.text for keyword in found.keywords)

    def test_title_and_text_share_one_coordinate_system(self) -> None:
        """Spans count characters of title, newline and text as they were given."""
        title, text = "小區門口路燈不亮", "已經３天了，晚上太黑。"
        whole = f"{title}\n{text}"
        found = analyse(title, text)
        spans = [k.span for k in found.keywords] + [s for c in found.categories for s in c.evidence]
        spans += list(found.times) + [p.span for p in found.places]
        assert spans
        assert all(whole[span.start : span.end] == span.text for span in spans)
        assert found.categories[0].code == "501"

    def test_invisible_characters_do_not_hide_a_word(self) -> None:
        """Zero-width characters are skipped and spans still point into the original."""
        text = "路\u200b灯\u200b不亮一个星期了"
        found = analyse("", text)
        assert found.categories[0].code == "501"
        evidence = found.categories[0].evidence[0]
        assert f"\n{text}"[evidence.start : evidence.end] == evidence.text

    def test_invisible_characters_do_not_shift_the_problem(self) -> None:
        """The problem phrase is cut at the place, also where characters before it were dropped."""
        found = analyse("\u200bA市东方花园小区路灯不亮", "")
        assert found.keywords[0].text == "路灯不亮"

    def test_last_word_ends_with_the_message(self) -> None:
        """A cue at the very end has a true span, also when characters were dropped before it."""
        for text in ("小区门口没有路灯", "\u200b小区门口没有路灯"):
            evidence = analyse("", text).categories[0].evidence
            assert all(f"\n{text}"[s.start : s.end] == s.text and s.end <= len(text) + 1 for s in evidence)

    def test_gazetteer_names_do_not_decide_the_leaf(self) -> None:
        """文化 in 文化路 says nothing about culture."""
        found = analyse("", "文化路上有个大坑", lexicon=CITY)
        assert found.categories[0].code == "503"

    def test_same_message_same_analysis(self) -> None:
        """Two calls give equal values."""
        assert analyse("投诉", "物业不作为") == analyse("投诉", "物业不作为")

    def test_danger_is_told_with_number_and_words(self) -> None:
        """Gas smell is an emergency for 119."""
        found = analyse("", "楼道里一股煤气味，快来人")
        assert found.urgency is Urgency.EMERGENCY
        assert found.emergency_numbers == ("119",)
        assert found.danger[0].text == "煤气味"

    def test_several_demands_become_parts(self) -> None:
        """Numbered demands each get their own leaf."""
        found = analyse("两个问题", "1、楼下烧烤店油烟太大，熏得睡不着。2、路灯坏了半个月没人修，晚上看不见路。")
        assert [part.category.code for part in found.parts] == ["802", "501"]


class TestNature:
    """What the citizen wants."""

    @pytest.mark.parametrize(
        ("title", "nature"),
        [
            ("咨询公积金如何提取", Nature.QUESTION),
            ("建议在路口增设红绿灯", Nature.SUGGESTION),
            ("举报某公司偷税漏税", Nature.TIP_OFF),
            ("感谢社区及时修好路灯", Nature.PRAISE),
            ("投诉物业乱收费", Nature.COMPLAINT),
            ("老人走投无路，请求帮助", Nature.HELP),
        ],
    )
    def test_title_tells_it(self, title: str, nature: Nature) -> None:
        """The opening word decides."""
        assert analyse(title, "情况如题。").nature is nature

    @pytest.mark.parametrize(
        "text", ["垃圾堆积好几天，一直无人清理", "停水好几个小时了", "好多垃圾没人管", "路灯坏了好久"]
    )
    def test_how_long_and_how_much_is_no_praise(self, text: str) -> None:
        """The sign for good also says that something has gone on for long."""
        assert analyse("", text).nature is Nature.COMPLAINT


class TestBadInput:
    """Nothing a person can send raises."""

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " \n\t",
            "😀😀😀",
            "\ud800\udc00\ud800",
            "\x00\x01\x02",
            "\u202e\u200f",
            "13800138000",
            "!!!???",
            "\ufeff",
        ],
    )
    def test_says_nothing_so_abstains(self, text: str) -> None:
        """Empty or unreadable messages abstain without guesses."""
        found = analyse("", text)
        assert found.abstained
        assert found.categories == ()

    def test_hundred_thousand_characters_take_bounded_time(self) -> None:
        """Only the first part of an endless message is looked at."""
        found = analyse("投诉", "小区停水三天了，没人管。" * 9000)
        assert found.categories[0].code == "601"

    @given(title=NASTY, text=NASTY)
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_string_gives_true_spans(self, title: str, text: str) -> None:
        """Whatever comes in, spans are true and weights are in range."""
        found = Analyser(CITY).analyse(title, text)
        whole = title.replace("\n", " ") + "\n" + text
        spans = [k.span for k in found.keywords] + [p.span for p in found.places] + list(found.times)
        spans += [p.span for p in found.private] + list(found.danger) + [p.span for p in found.parts]
        spans += [s for c in found.categories for s in c.evidence]
        assert all(whole[s.start : s.end] == s.text and s.start < s.end <= len(whole) for s in spans)
        assert all(0 < k.weight <= 1 for k in found.keywords)
        assert all(0 <= c.confidence <= 1 for c in found.categories)
        assert isinstance(found, Analysis)

    @given(one=NASTY, other=NASTY)
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_string_can_be_compared_and_masked(self, one: str, other: str) -> None:
        """Whatever was analysed has a signature, and what was masked comes back."""
        a, b = (signature(analyse(text, text)) for text in (one, other))
        assert 0 <= same_event(a, b) <= 1 + 1e-6
        assert unmask(mask(one)) == one

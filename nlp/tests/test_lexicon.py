"""The city's words in both segmenters."""

from pathlib import Path

import jieba
import pytest

from citizen_nlp import Lexicon
from citizen_nlp.corpus import read_captions
from citizen_nlp.normalise import fold

HERE = Path(__file__).parent / "data"
NAMES = ["东风路", "文化路", "农业路", "花园路", "紫荆山路", "金水路", "只有河"]


@pytest.fixture(scope="module")
def city() -> Lexicon:
    """Give a small city."""
    return Lexicon.build(roads=NAMES, communities=["碧沙岗社区居委会", "互助路社区居民委员会"])


class TestSegmentation:
    """jieba and rjieba with one lexicon."""

    def test_both_engines_give_the_same_tokens(self, city: Lexicon) -> None:
        """Taught the same words, the engines agree on every caption and emergency."""
        slow = jieba.Tokenizer()
        city.teach(slow)
        sentences = [caption.text for caption in read_captions(HERE / "captions.tsv")]
        sentences += (HERE / "calm.tsv").read_text(encoding="utf-8").splitlines()
        for sentence in sentences:
            text = fold(sentence).text
            assert list(slow.cut(text, HMM=False)) == city.cut(text)

    def test_tokens_join_to_the_text(self, city: Lexicon) -> None:
        """Nothing is lost by cutting."""
        text = "东风路文化路口，路灯不亮abc 12"
        assert "".join(city.cut(text)) == text
        assert "东风路" in city.cut(text)


class TestNames:
    """Names as people say them."""

    def test_office_suffix_is_left_out(self, city: Lexicon) -> None:
        """碧沙岗社区居委会 is called 碧沙岗."""
        assert [hit.entries for hit in city.names_in("我住碧沙岗附近")] == [("碧沙岗社区居委会",)]

    def test_ambiguous_name_gives_all_entries(self) -> None:
        """A road without its direction may be any of its sections."""
        city = Lexicon.build(roads=["航海东路", "航海西路", "航海路"])
        assert city.names_in("航海路上")[0].entries == ("航海路", "航海东路", "航海西路")
        assert city.names_in("航海东路上")[0].entries == ("航海东路",)

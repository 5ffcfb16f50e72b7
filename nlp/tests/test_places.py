"""Address phrases."""

import pytest

from citizen_nlp import Lexicon
from citizen_nlp.lexicon import default_lexicon
from citizen_nlp.normalise import fold
from citizen_nlp.places import find_places

CITY = Lexicon.build(roads=["东风路", "文化路", "农业路"], extra=["紫荆山公园", "二七万达"])


def places(title: str, text: str = "", lexicon: Lexicon | None = None) -> list[str]:
    """List the place phrases of a message."""
    message = fold(f"{title}\n{text}")
    return [
        place.span.text
        for place in find_places(message, len(title), (lexicon or default_lexicon()).names_in(message.text))
    ]


class TestAddress:
    """Addresses with and without a gazetteer."""

    @pytest.mark.parametrize(
        ("title", "place"),
        [
            ("A市梅溪湖金茂悦小区周边乱停车", "A市梅溪湖金茂悦小区周边"),
            ("投诉B2区幸福花园3栋楼下烧烤店油烟", "B2区幸福花园3栋楼下"),
            ("请求在K8县人民路与中山路交叉口装红绿灯", "K8县人民路与中山路交叉口"),
        ],
    )
    def test_area_opens_an_address(self, title: str, place: str) -> None:
        """An area, names that end like places, and a position are one phrase."""
        assert places(title)[0] == place

    def test_gazetteer_names_need_no_area(self) -> None:
        """Known names are addresses by themselves, joined where they touch."""
        assert places("", "东风路文化路口井盖没了", CITY) == ["东风路文化路口"]
        assert places("", "紫荆山公园东门有人摆摊", CITY)[0].startswith("紫荆山公园东门")

    def test_no_place_no_mention(self) -> None:
        """A question about policy has no place."""
        assert places("咨询残疾评定问题") == []

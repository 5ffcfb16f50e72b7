"""Time expressions, and messages with several demands."""

import pytest

from citizen_nlp.normalise import fold
from citizen_nlp.parts import find_parts
from citizen_nlp.times import find_times


class TestTimes:
    """Dates, clock times, spans, habits."""

    @pytest.mark.parametrize(
        ("text", "times"),
        [
            ("2019年5月20日停水", ["2019年5月20日"]),
            ("昨天晚上11点半还在施工", ["昨天晚上11点半"]),
            ("凌晨两点到四点最吵", ["凌晨两点到四点"]),
            ("路灯坏了一个多月了", ["一个多月了"]),
            ("每天早上有人占道", ["每天早上"]),
            ("周末不上班", ["周末"]),
            ("没有时间", []),
        ],
    )
    def test_found(self, text: str, times: list[str]) -> None:
        """Neighbouring parts are one expression."""
        assert [span.text for span in find_times(fold(text))] == times


class TestParts:
    """Several demands."""

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("一、路灯坏了没人修很久了。二、井盖破了很危险的。三、垃圾没人清理好几天。", 3),
            ("楼下烧烤店油烟太大了。另外，小区路灯也坏了很多。", 2),
            ("停水三天了，请处理，1.5米深的坑也没填。", 0),
            ("只有一件事：路灯不亮。", 0),
        ],
    )
    def test_split(self, text: str, count: int) -> None:
        """Numbers or words such as 另外 open a demand; a decimal number does not."""
        assert len(find_parts(text, 0)) == count

"""Personal data are found, hidden and given back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_nlp import PrivateKind, mask, unmask


class TestKinds:
    """Each kind with what is like it but is not."""

    @pytest.mark.parametrize(
        ("text", "kind", "hidden"),
        [
            ("电话13812345678，谢谢", PrivateKind.PHONE, "13812345678"),
            ("电话１３８１２３４５６７８", PrivateKind.PHONE, "１３８１２３４５６７８"),
            ("座机0371-65888888", PrivateKind.PHONE, "0371-65888888"),
            ("身份证11010519491231002X", PrivateKind.IDENTITY_CARD, "11010519491231002X"),
            ("车牌豫A12345违停", PrivateKind.PLATE, "豫A12345"),
            ("新能源豫AD12345", PrivateKind.PLATE, "豫AD12345"),
            ("卡号4111 1111 1111 1111", PrivateKind.BANK_CARD, "4111 1111 1111 1111"),
            ("邮箱zhang.san@example.cn", PrivateKind.EMAIL, "zhang.san@example.cn"),
            ("我叫王小明，住在花园路", PrivateKind.NAME, "王小明"),
            ("联系人：李女士", PrivateKind.NAME, "李"),
            ("微信号：abc12345", PrivateKind.ACCOUNT, None),
        ],
    )
    def test_found(self, text: str, kind: PrivateKind, hidden: str | None) -> None:
        """The datum is found whole, and nothing else of it remains."""
        masked = mask(text)
        assert [item.kind for item in masked.private] == [kind]
        assert hidden is None or masked.private[0].span.text == hidden

    @pytest.mark.parametrize(
        "text",
        [
            "身份证110105194912310021",
            "编号4111111111111112",
            "2019年12月23日",
            "我是二七区业主，",
            "共12345678元",
        ],
    )
    def test_left_alone(self, text: str) -> None:
        """Wrong checksums, dates and plain words are no personal data."""
        assert mask(text).text == text


class TestReversible:
    """Masking loses nothing."""

    @given(st.text(st.sampled_from("0123456789 -@.我叫王李是豫A，。Ｘx13"), max_size=80))
    def test_unmask_gives_back_the_text(self, text: str) -> None:
        """Any text comes back, and has the same length while hidden."""
        masked = mask(text)
        assert len(masked.text) == len(text)
        assert unmask(masked) == text

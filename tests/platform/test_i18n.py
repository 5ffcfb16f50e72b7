"""The reader's language."""

import pytest

from citizen_gateway.platform.i18n import DEFAULT_LOCALE, SOURCE_LOCALE, catalogues, preferred_locale, translate


class TestNegotiation:
    """`Accept-Language` chooses among the languages there are (RFC 9110 §12.5.4)."""

    @pytest.mark.parametrize(
        ("header", "locale"),
        [
            (None, "zh_CN"),
            ("", "zh_CN"),
            ("zh-CN", "zh_CN"),
            ("zh", "zh_CN"),
            ("ZH-cn", "zh_CN"),
            ("zh-Hans-CN", "zh_CN"),
            ("zh-Hans", "zh_CN"),
            ("zh-SG", "zh_CN"),
            ("en", "en"),
            ("en-US", "en"),
            ("en-GB,en;q=0.8", "en"),
            ("en;q=0.5,zh-CN;q=0.9", "zh_CN"),
            ("zh-CN;q=0.5, en;q=0.9", "en"),
            ("fr-FR,fr;q=0.9,en;q=0.8,zh;q=0.7", "en"),
            ("fr, de", "zh_CN"),
            ("*", "zh_CN"),
            ("fr, *;q=0.5", "zh_CN"),
            ("en;q=0", "zh_CN"),
            ("en;q=0, zh;q=0.1", "zh_CN"),
            ("en; q=0.8, zh; q=0.2", "en"),
            ("en;q=nonsense", "zh_CN"),
            ("-,;,,;q=,\u4e2d\u6587", "zh_CN"),
            ("a" * 5000, "zh_CN"),
            (",".join(["fr"] * 5000), "zh_CN"),
        ],
    )
    def test_table(self, header: str | None, locale: str) -> None:
        """The best language both sides know; Chinese where there is none."""
        assert preferred_locale(header) == locale


class TestTranslate:
    """Texts are looked up by their English source."""

    def test_without_a_translation_it_stays_english(self) -> None:
        """Fields are filled in all the same, also in a language there is not."""
        assert translate("No such text: {name}.", "zh_CN", name="x") == "No such text: x."
        assert translate("No such text: {name}.", "xx", name="x") == "No such text: x."

    def test_fields_may_have_any_name(self) -> None:
        """A field named as a parameter of the function is a field."""
        assert translate("{text} {locale}", SOURCE_LOCALE, text="a", locale="b") == "a b"

    def test_every_translation_has_its_sources_fields(self) -> None:
        """A translation that lost or invented a field would fail before a citizen."""
        for locale, entries in catalogues().items():
            for source, translation in entries.items():
                assert _fields(source) == _fields(translation), (locale, source)

    def test_the_default_is_chinese(self) -> None:
        """Citizens of a Chinese city are answered in Chinese unless they ask otherwise."""
        assert DEFAULT_LOCALE == "zh_CN"


def _fields(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}

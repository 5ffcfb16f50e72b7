"""Texts in the citizen's language."""

from citizen_bots.texts import DEFAULT_LOCALE, Translator, catalogues, language_name


def test_a_text_is_said_in_the_language_with_its_fields() -> None:
    """Fields are filled into the translation."""
    assert Translator("zh_CN")("About: {category}", category="路灯故障") == "类别：路灯故障"


def test_a_text_without_translation_stays_english() -> None:
    """Nothing is ever left unsaid."""
    assert Translator("zh_CN")("Not yet in any catalogue") == "Not yet in any catalogue"
    assert Translator("zh_CN").plural("{count} lamp", "{count} lamps", 2) == "2 lamps"
    assert Translator("en").plural("{count} lamp", "{count} lamps", 1) == "1 lamp"


def test_a_number_takes_its_form() -> None:
    """English tells one from many, Chinese does not."""
    forms = [
        Translator(locale).plural("{count} photo", "{count} photos", n) for locale in ("en", "zh_CN") for n in (1, 2)
    ]
    assert forms == ["1 photo", "2 photos", "照片 1 张", "照片 2 张"]


def test_what_a_citizen_writes_is_never_a_field() -> None:
    """Braces in a citizen's words stay what they are."""
    assert "{number}" in Translator("en")("Your report: {text}", text="{number}")


def test_an_unknown_language_is_the_default_one() -> None:
    """A state kept by a newer version still speaks."""
    assert Translator("xx").locale == DEFAULT_LOCALE


def test_languages_are_called_as_their_speakers_do() -> None:
    """A menu of languages is readable to those who need it."""
    assert {locale: language_name(locale) for locale in catalogues()} == {
        "en": "English",
        "zh_CN": "中文 (简体)",
        "zh_Hant": "中文 (繁體)",
    }

"""Catalogues are whole: every text that people are shown stands in every language, and none is left over."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from citizen_gateway.app import create_app
from citizen_gateway.cli.exporting import template
from citizen_gateway.platform.i18n import translate
from citizen_gateway.platform.settings import Settings

LOCALES = Path(__file__).parents[2] / "locales"
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))
HAN = re.compile("[\u4e00-\u9fff]")
FIELD = re.compile(r"\{(\w+)\}")


def texts(path: Path) -> dict[str, str]:
    """Return a catalogue's entries; a fuzzy one has no translation."""
    with path.open("rb") as file:
        return {str(entry.id): "" if entry.fuzzy else str(entry.string) for entry in read_po(file) if entry.id}


def test_the_template_is_fresh() -> None:
    """The template lists what the code says today."""
    create_app(Settings())  # every slice is imported, so every text is declared
    assert (LOCALES / "messages.pot").read_bytes() == template()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
class TestCatalogue:
    """One language."""

    def test_has_every_text_and_no_other(self, path: Path) -> None:
        """Nothing is missing, fuzzy, empty or left over."""
        found = texts(path)
        assert set(found) == set(texts(LOCALES / "messages.pot"))
        assert [text for text, translation in found.items() if not translation] == []

    def test_keeps_the_fields(self, path: Path) -> None:
        """A translation has the fields of its source, so that filling them in never fails."""
        for text, translation in texts(path).items():
            assert set(FIELD.findall(text)) == set(FIELD.findall(translation)), text


def test_chinese_is_spoken_to_who_asks_for_it() -> None:
    """A text is shown in the language of the locale, with its fields."""
    assert HAN.search(translate("Please wait {retry_after} seconds and try again.", "zh_CN", retry_after=3))


def test_code_speaks_english() -> None:
    """Chinese stands in data and catalogues; code has it only behind a comment sign, where a term is defined."""
    package = LOCALES.parent / "citizen_gateway"
    spoken = [
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if HAN.search(line.partition("#")[0]) and '"""' not in line and not _in_docstring(path, number)
    ]
    assert spoken == []


def _in_docstring(path: Path, number: int) -> bool:
    before = "\n".join(path.read_text("utf-8").splitlines()[: number - 1])
    return before.count('"""') % 2 == 1

"""The catalogues are complete, and Chinese is in them alone."""

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

BOTS = Path(__file__).parent.parent
LOCALES = BOTS.parent / "locales"
CODE = sorted((BOTS / "src").rglob("*.py"))
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/bots.po"))
_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def test_the_languages_are_there() -> None:
    """Chinese and English are the languages of the city's chat."""
    assert {"en", "zh_CN", "zh_Hant"} <= {path.parent.parent.name for path in CATALOGUES}


def test_catalogues_are_as_the_code_has_them() -> None:
    """No text of the code is missing and none is stale."""
    done = subprocess.run(
        [sys.executable, str(BOTS / "catalogue.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}: run python bots/catalogue.py"


def test_traditional_chinese_is_as_the_simplified_has_it() -> None:
    """Nothing of it is older than what it is made from."""
    pytest.importorskip("opencc")
    script = LOCALES / "traditional.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}: run python locales/traditional.py"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_text_is_translated(path: Path) -> None:
    """No entry is empty, fuzzy or obsolete, and each says the fields its source has."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert not catalogue.obsolete
    for entry in catalogue:
        if not entry.id:
            continue
        ids = (entry.id,) if isinstance(entry.id, str) else entry.id
        said = (entry.string,) if isinstance(entry.string, str) else entry.string or ()
        assert said, entry.id
        assert all(said), entry.id
        assert not entry.fuzzy, entry.id
        assert all(_fields(text) == _fields(ids[-1]) for text in said), entry.id


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.stem)
def test_no_chinese_in_code(path: Path) -> None:
    """Code says English; Chinese is in catalogues and data."""
    assert not _CHINESE.search(path.read_text("utf-8"))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}

"""What is installed: the code, its data and its catalogues."""

import zipfile
from pathlib import Path

import pytest

BOTS = Path(__file__).parent.parent


def test_a_wheel_speaks_every_language(tmp_path: Path) -> None:
    """The built wheel holds the words, and the catalogue of each language there is."""
    wheels = pytest.importorskip("hatchling.builders.wheel")
    (built,) = wheels.WheelBuilder(str(BOTS)).build(directory=str(tmp_path))
    names = set(zipfile.ZipFile(built).namelist())
    catalogues = (BOTS.parent / "locales").glob("*/LC_MESSAGES/bots.po")
    assert {f"citizen_bots/locales/{path.parent.parent.name}/LC_MESSAGES/bots.po" for path in catalogues} <= names
    assert {"citizen_bots/py.typed", "citizen_bots/conversation/words.toml"} <= names

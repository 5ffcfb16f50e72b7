"""A second, tiny city: what works for it works for any."""

from pathlib import Path

import pytest

from citizen_gateway.city.pack import Pack, load_pack
from citizen_gateway.city.read_model import City

TINYTOWN = Path(__file__).resolve().parent.parent / "packs" / "tinytown"


@pytest.fixture(scope="session")
def tinytown() -> Pack:
    """Read the tiny pack."""
    return load_pack(TINYTOWN, this_year=2026)


@pytest.fixture(scope="session")
def town(tinytown: Pack) -> City:
    """Make the tiny city without a database."""
    return City.from_pack(tinytown)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the tiny pack, to be spoiled by a test."""
    for source in TINYTOWN.rglob("*"):
        if source.is_file():
            target = tmp_path / source.relative_to(TINYTOWN)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(source.read_bytes())
    return tmp_path

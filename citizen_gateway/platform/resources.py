"""Folders that travel with the code: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """Return the folder or file `name` (`locales`, `cities`, `openapi`).

    Raises `FileNotFoundError` where the installation lacks it.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"the installation lacks its {name!r}")

"""Reads the word-list files every rule of the package lives in.

A file is sections of `key = phrase phrase …` lines: `[name]` opens a section, `#` starts a comment line, a
line that begins with white space goes on with the line above.
"""

from pathlib import Path
from typing import TypeAlias

DATA = Path(__file__).parent / "data"

Sections: TypeAlias = dict[str, dict[str, list[str]]]


class DataFileError(Exception):
    """A lexicon or model file that cannot be used; the message names the file and, for text, the line."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}")


def read_sections(path: Path) -> Sections:
    """Parse a word-list file into section → key → phrases, in file order.

    Raises `DataFileError` with the line for text outside a section, a line without `=` or a repeated section.
    """
    sections: Sections = {}
    current: dict[str, list[str]] | None = None
    words: list[str] | None = None
    for number, line in enumerate(_lines(path), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("["):
            current, words = _open_section(sections, stripped, path, number), None
        elif current is None:
            raise DataFileError(path, number, "phrases before the first [section]")
        elif line[0].isspace() and words is not None:
            words.extend(stripped.split())
        else:
            key, equals, rest = stripped.partition("=")
            if not equals:
                raise DataFileError(path, number, "expected 'key = phrase phrase …'")
            words = current.setdefault(key.strip(), [])
            words.extend(rest.split())
    return sections


def read_numbers(section: str, path: Path = DATA / "settings.txt") -> dict[str, float]:
    """Read one section of a file of numbers; raise `DataFileError` for what is no number or not there."""
    try:
        return {key: float(*values) for key, values in read_sections(path)[section].items()}
    except (KeyError, ValueError, TypeError) as error:
        raise DataFileError(path, None, f"section [{section}] must hold one number a line: {error}") from error


def _open_section(sections: Sections, header: str, path: Path, number: int) -> dict[str, list[str]]:
    name = header[1:-1].strip()
    if not header.endswith("]") or not name:
        raise DataFileError(path, number, f"malformed section header {header!r}")
    if name in sections:
        raise DataFileError(path, number, f"section [{name}] appears twice")
    return sections.setdefault(name, {})


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, None, f"cannot be read: {error}") from error

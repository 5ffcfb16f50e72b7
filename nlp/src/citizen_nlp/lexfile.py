"""Reads the word-list files every rule of the package lives in.

A file is sections of `key = phrase phrase …` lines: `[name]` opens a section, `#` starts a comment line, a
line that begins with white space goes on with the line above.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

DATA = Path(__file__).parent / "data"


class DataFileError(Exception):
    """A lexicon or model file that cannot be used; the message names the file and, for text, the line."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}")


class Phrases(list[str]):
    """The phrases of one key; each knows its line."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__()
        self.path, self.line = path, line
        self._lines: list[int] = []

    def add(self, text: str, line: int) -> None:
        """Take in the phrases of one line."""
        words = text.split()
        self.extend(words)
        self._lines += [line] * len(words)

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Give each phrase with its line."""
        return zip(self._lines, self, strict=True)

    def refuse(self, line: int, reason: str) -> NoReturn:
        """Raise `DataFileError` for a line of these phrases."""
        raise DataFileError(self.path, line, reason)


class Section(dict[str, Phrases]):
    """A section's keys; asking for one that is not there or holds nothing raises `DataFileError` with the line."""

    def __init__(self, path: Path, line: int, name: str) -> None:
        super().__init__()
        self.path, self.line, self.name = path, line, name

    def __getitem__(self, key: str) -> Phrases:
        phrases = super().__getitem__(key)
        if not phrases:
            phrases.refuse(phrases.line, f"the key {key!r} of section [{self.name}] holds no phrase")
        return phrases

    def __missing__(self, key: str) -> NoReturn:
        raise DataFileError(self.path, self.line, f"section [{self.name}] lacks the key {key!r}")


class Sections(dict[str, Section]):
    """A file's sections; asking for one that is not there raises `DataFileError`."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def __missing__(self, name: str) -> NoReturn:
        raise DataFileError(self.path, None, f"lacks the section [{name}]")


def read_sections(path: Path) -> Sections:
    """Parse a word-list file into section → key → phrases, in file order.

    Raises `DataFileError` with the line for text outside a section, a line without `=` or a repeated section.
    """
    sections = Sections(path)
    current: Section | None = None
    phrases: Phrases | None = None
    for number, line in enumerate(read_lines(path), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("["):
            current, phrases = _open_section(sections, stripped, number), None
        elif current is None:
            raise DataFileError(path, number, "phrases before the first [section]")
        elif line[0].isspace() and phrases is not None:
            phrases.add(stripped, number)
        else:
            key, equals, rest = stripped.partition("=")
            if not equals:
                raise DataFileError(path, number, "expected 'key = phrase phrase …'")
            phrases = current.setdefault(key.strip(), Phrases(path, number))
            phrases.add(rest, number)
    return sections


def read_numbers(section: str, path: Path = DATA / "settings.txt") -> dict[str, float]:
    """Read one section of a file of numbers; raise `DataFileError` for what is no number or not there."""
    return {key: _number(phrases) for key, phrases in read_sections(path)[section].items()}


def _number(phrases: Phrases) -> float:
    try:
        return float(*phrases)
    except (ValueError, TypeError):
        phrases.refuse(phrases.line, f"expected one number, got {' '.join(phrases)!r}")


def _open_section(sections: Sections, header: str, line: int) -> Section:
    name = header[1:-1].strip()
    if not header.endswith("]") or not name:
        raise DataFileError(sections.path, line, f"malformed section header {header!r}")
    if name in sections:
        raise DataFileError(sections.path, line, f"section [{name}] appears twice")
    return sections.setdefault(name, Section(sections.path, line, name))


def read_lines(path: Path) -> list[str]:
    """Read the lines of a UTF-8 file; raise `DataFileError` when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, None, f"cannot be read: {error}") from error

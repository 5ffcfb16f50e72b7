"""Reads the tables that models are trained and measured on."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DataFileError, read_lines


class Labelled(NamedTuple):
    """A message with its leaf and, where two are right, the others that are accepted too."""

    title: str
    text: str
    code: str
    also: tuple[str, ...] = ()
    weight: float = 1.0


def read_table(path: Path, columns: Iterable[str]) -> Iterator[dict[str, str]]:
    """Give the rows of a CSV file with a header; raise `DataFileError` when it lacks a column."""
    csv.field_size_limit(1 << 24)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(columns) - set(reader.fieldnames or ()):
                raise DataFileError(path, 1, f"lacks the columns {sorted(missing)}")
            for row in reader:
                yield {key: value or "" for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(path, None, f"cannot be read: {error}") from error


def read_gold(path: Path) -> list[Labelled]:
    """Read hand-labelled messages: columns title, text, code, alt (codes also accepted, with | between)."""
    return [
        Labelled(row["title"], row["text"], row["code"], tuple(code for code in row["alt"].split("|") if code))
        for row in read_table(path, ("title", "text", "code", "alt"))
    ]


def read_labels(path: Path, messages: Iterable[Path]) -> list[Labelled]:
    """Join labels by message (columns source, id, code, alt) with `messages`, files named by their source."""
    texts = {
        (file.stem, row["id"]): (row["title"], row["text"])
        for file in messages
        for row in read_table(file, ("id", "title", "text"))
    }
    labels = list(read_table(path, ("source", "id", "code", "alt")))
    known = [row for row in labels if (row["source"], row["id"]) in texts]
    return [
        Labelled(*texts[row["source"], row["id"]], row["code"], tuple(c for c in row["alt"].split("|") if c))
        for row in known
    ]


def read_captions(path: Path) -> list[Labelled]:
    """Read captions: a code, a tab, and captions separated by ` / `; `#` starts a comment line."""
    found: list[Labelled] = []
    for number, line in enumerate(read_lines(path), start=1):
        if not line or line.startswith("#"):
            continue
        code, tab, captions = line.partition("\t")
        if not tab:
            raise DataFileError(path, number, "expected a code, a tab and captions")
        found.extend(Labelled("", caption.strip(), code) for caption in captions.split(" / "))
    return found

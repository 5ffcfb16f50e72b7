# ruff: noqa: INP001 - a script beside the package, not in it
"""Brings the bots' catalogues in `locales/` up to the texts in the code.

`python bots/catalogue.py` adds what is new without a translation and removes what is gone; with `--check` it writes
nothing and exits with 1 where a catalogue is not as it would be written.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent
LOCALES = ROOT.parent / "locales"
SOURCE_LOCALE = "en"
CONVERTED_LOCALE = "zh_Hant"
"""Is written from another catalogue, by locales/traditional.py."""
_KEYWORDS = {"t": None, "mark": None, "plural": (1, 2)}

Id = str | tuple[str, ...]


def source_texts() -> list[Id]:
    """Return all texts that the code says, sorted."""
    found = extract_from_dir(ROOT / "src", method_map=[("**.py", "python")], keywords=_KEYWORDS)
    return sorted({identity for _, _, identity, _, _ in found}, key="".join)


def renewed(path: Path, locale: str) -> str:
    """Return the catalogue as it should be: the texts of the code, with the translations there are."""
    old = read_po(io.BytesIO(path.read_bytes())) if path.exists() else Catalog()
    new = Catalog(locale)
    for identity in source_texts():
        known = old.get(identity if isinstance(identity, str) else identity[0])
        itself = identity if locale == SOURCE_LOCALE else None
        kept = known.string if known and known.id == identity and not known.fuzzy else None
        new.add(identity, itself or kept or ("" if isinstance(identity, str) else ("",) * new.num_plurals))
    file = io.BytesIO()
    write_po(file, new, omit_header=True, no_location=True, width=0)
    head = f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: {new.plural_forms}\\n"\n\n{file.getvalue().decode().strip()}\n'


def main() -> None:
    """Write the catalogues, or check them."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/bots.po")):
        if path.parent.parent.name == CONVERTED_LOCALE:
            continue
        text = renewed(path, path.parent.parent.name)
        if text != path.read_text("utf-8"):
            stale.append(path)
            if not checking:
                path.write_text(text, "utf-8")
    for path in stale:
        print(f"{'stale' if checking else 'wrote'} {path.relative_to(ROOT.parent)}")
    if checking and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()

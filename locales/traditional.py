# ruff: noqa: INP001 - a script beside the catalogues, in no package
"""Writes what is in traditional Chinese from what is in simplified, by OpenCC: catalogues, and words bots understand.

`python locales/traditional.py` writes; with `--check` it writes nothing and exits with 1 where something is not as it
would be. The characters are Taiwan's (`s2tw`); the words stay the city's own, since they name its offices and steps.
"""

import sys
from pathlib import Path

from opencc import OpenCC

ROOT = Path(__file__).resolve().parent.parent
_WORDS = ROOT / "bots" / "src" / "citizen_bots" / "conversation"


def made() -> dict[Path, str]:
    """Return each file there is to be, with its text."""
    converter = OpenCC("s2tw")
    found = {}
    for source in sorted((ROOT / "locales" / "zh_CN" / "LC_MESSAGES").glob("*.po")):
        text = converter.convert(source.read_text("utf-8"))
        found[ROOT / "locales" / "zh_Hant" / "LC_MESSAGES" / source.name] = text.replace(
            '"Language: zh_CN\\n"', '"Language: zh_Hant\\n"'
        )
    words = converter.convert((_WORDS / "words.toml").read_text("utf-8"))
    found[_WORDS / "words_hant.toml"] = f"# Written by locales/traditional.py from words.toml.\n{words}"
    return found


def main() -> None:
    """Write, or check."""
    checking = "--check" in sys.argv[1:]
    stale = {path: text for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        print(f"{'stale' if checking else 'wrote'} {path.relative_to(ROOT)}")
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if checking and stale:
        sys.exit(1)


if __name__ == "__main__":
    main()

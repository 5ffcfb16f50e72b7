"""Texts in the citizen's language, from the gettext catalogues in `locales/`; the source texts are English."""

from collections.abc import Callable, Mapping
from functools import cache
from gettext import c2py
from pathlib import Path

import msgspec
from babel.core import Locale
from babel.messages.pofile import read_po

DOMAIN = "bots"
DEFAULT_LOCALE = "zh_CN"
_PACKAGE = Path(__file__).resolve().parent


class Catalogue(msgspec.Struct, frozen=True):
    """What one language says: the forms of each source text, and which form a number takes."""

    forms: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]


class Translator:
    """Says source texts in one language; a text without translation stays English."""

    def __init__(self, locale: str) -> None:
        self.locale = locale if locale in catalogues() else DEFAULT_LOCALE
        self._catalogue = catalogues()[self.locale]

    def __call__(self, text: str, /, **fields: object) -> str:
        """Return `text` in this language, its `{fields}` filled in."""
        return self._catalogue.forms.get(text, (text,))[0].format(**fields)

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form for this count, its `{count}` filled in."""
        forms = self._catalogue.forms.get(one)
        found = forms[self._catalogue.form_of(count)] if forms else (one if count == 1 else many)
        return found.format(count=count)


def mark(text: str) -> str:
    """Mark a text for the catalogues that is translated where it is said."""
    return text


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Return the languages there are, by locale."""
    return {path.parent.parent.name: _read(path) for path in sorted(_folder().glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def language_name(locale: str) -> str:
    """Return what speakers of a language call it."""
    parsed = Locale.parse(locale)
    if parsed.language == "zh":
        written = Locale("zh", script=parsed.script or "Hans")
        return written.get_display_name(written) or locale
    return parsed.get_language_name() or locale


def _read(path: Path) -> Catalogue:
    with path.open("rb") as file:
        entries = read_po(file)
    forms = {
        _all(entry.id)[0]: _all(entry.string)
        for entry in entries
        if entry.id and all(_all(entry.string)) and not entry.fuzzy
    }
    return Catalogue(forms, c2py(entries.plural_expr))


def _all(forms: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the forms of a text; one that has no plural has one."""
    return (forms or "",) if isinstance(forms, str | None) else tuple(forms)


def _folder() -> Path:
    """Return the catalogues that came with the package, or those of the checkout it is run from."""
    inside = _PACKAGE / "locales"
    return inside if inside.exists() else _PACKAGE.parents[2] / "locales"

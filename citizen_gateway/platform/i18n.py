"""Messages in the reader's language, from the gettext catalogues in `locales/`; the source texts are English."""

from collections.abc import Mapping
from functools import cache

from babel.core import Locale, negotiate_locale
from babel.messages.pofile import read_po

from citizen_gateway.platform.resources import resource

DEFAULT_LOCALE = "zh_CN"
SOURCE_LOCALE = "en"


MESSAGES: set[str] = set()
"""Source texts outside the problems, for the template that translators work from."""


def message(text: str) -> str:
    """Declare a source text to be translated where it is shown."""
    MESSAGES.add(text)
    return text


@cache
def catalogues() -> Mapping[str, Mapping[str, str]]:
    """Return all catalogues: locale → source text → translation."""
    found: dict[str, dict[str, str]] = {SOURCE_LOCALE: {}}
    for path in sorted(resource("locales").glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            entries = read_po(file)
        found[path.parent.parent.name] = {
            str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string and not entry.fuzzy
        }
    return found


def translate(text: str, locale: str, /, **fields: object) -> str:
    """Return `text` in the language of `locale`, its `{fields}` filled in; a text without translation stays English."""
    found = catalogues().get(locale, {}).get(text, text)
    return found.format(**fields) if fields else found


def preferred_locale(accept_language: str | None) -> str:
    """Choose a locale of ours by an `Accept-Language` header (RFC 9110 §12.5.4); Chinese when nothing fits."""
    wanted = [tag for tag, quality in _weighted(accept_language or "") if quality > 0 and tag != "*"]
    return negotiate_locale(wanted, list(catalogues()), sep="_", aliases=_ALIASES) or DEFAULT_LOCALE


_ALIASES = {"zh": "zh_CN", "zh_hans": "zh_CN", "zh_sg": "zh_CN"}


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(",")[:16]:
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
            name = str(Locale.parse(tag.strip(), sep="-", resolve_likely_subtags=False))
        except (ValueError, LookupError):
            continue
        found.append((_ALIASES.get(name.lower(), name), quality))
    return sorted(found, key=lambda pair: -pair[1])

"""Messages in the reader's language, from the gettext catalogues in `locales/`; the source texts are English."""

from collections.abc import Mapping
from functools import cache

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
    found: dict[str, dict[str, str]] = {SOURCE_LOCALE: {}, DEFAULT_LOCALE: {}}
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
    """Choose a locale of ours by an `Accept-Language` header (RFC 9110 §12.5.4); Chinese when nothing fits.

    A tag is looked up, then without its last part, and so on (RFC 4647 §3.4).
    """
    ours = {name.lower(): name for name in catalogues()}
    ours = {alias: name for alias, name in _ALIASES.items() if name.lower() in ours} | ours
    for tag in _wanted(accept_language or ""):
        parts = tag.lower().split("-")
        for length in range(len(parts), 0, -1):
            found = ours.get("_".join(parts[:length]))
            if found is not None:
                return found
    return DEFAULT_LOCALE


_ALIASES = {"zh": DEFAULT_LOCALE, "zh_tw": "zh_Hant", "zh_hk": "zh_Hant", "zh_mo": "zh_Hant"}
_MOST_TAGS, _LONGEST_TAG = 16, 35


def _wanted(header: str) -> list[str]:
    """Return the tags of a header that are wanted at all, the most wanted first."""
    found = []
    for part in header.split(",", _MOST_TAGS)[:_MOST_TAGS]:
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if 0 < quality <= 1 and len(tag) <= _LONGEST_TAG:
            found.append((quality, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda pair: -pair[0])]

"""Finds address phrases and links them to the names of a city's gazetteer."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.lexicon import NameHit
from citizen_nlp.model import PlaceMention
from citizen_nlp.normalise import Folded, fold

MOST = 6
READ = 600
_RUN = 30
_SHORTEST_BARE = 3


class _Grammar(NamedTuple):
    area: re.Pattern[str]
    lead: re.Pattern[str]
    stop: re.Pattern[str]
    suffix: re.Pattern[str]
    bare: re.Pattern[str]
    position: re.Pattern[str]


class _Range(NamedTuple):
    start: int
    end: int
    exact: bool


@cache
def _grammar(path: Path = DATA / "places.txt") -> _Grammar:
    sections = read_sections(path)
    opening, kinds = _any(sections["area"]["open"]), _any(sections["area"]["suffix"])
    positions, coded = _any(sections["position"]["words"]), "[a-z]\\d{0,2}"
    return _Grammar(
        area=re.compile(f"(?:{opening}|{coded} ?(?:{kinds})县?)+(?:(?:与|和|到|至){coded}(?:{kinds}))?"),
        lead=re.compile(f"(?:^|(?<=[，。；：！？\n])|(?:{_any(sections['lead']['words'])})+)"),
        stop=re.compile(f"[，。；：！？（）\n <>《》【】…]|{_any(sections['stop']['words'])}"),
        suffix=re.compile(f"(?:{_any(sections['suffix']['strong'] + sections['suffix']['company'])})(?:{positions})*"),
        bare=re.compile(f"(?:{_any(sections['suffix']['bare'])})(?:{positions})*"),
        position=re.compile(f"(?:{positions})+"),
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(fold(word).text) for word in sorted(words, key=len, reverse=True))


def find_places(message: Folded, title_end: int, names: list[NameHit]) -> tuple[PlaceMention, ...]:
    """List address phrases, the most telling first: exact ones of the title, of the text, then mere areas.

    Looks at the first `READ` characters; `names` are the gazetteer names of the message, and `candidates` the entries
    named inside the phrase.
    """
    text = message.text[:READ]
    names = [name for name in names if name.end <= READ]
    found = _addresses(text) + [_named(text, name) for name in names]
    if not any(address.exact for address in found):
        found += _bare(text, 0, title_end) or _bare(text, title_end, title_end + _RUN * 3)
    ranked = sorted(_merge(found), key=lambda a: (a.start > title_end, not a.exact, a.start))
    return tuple(
        PlaceMention(message.span(address.start, address.end), _candidates(address, names)) for address in ranked[:MOST]
    )


def _addresses(text: str) -> list[_Range]:
    grammar = _grammar()
    found: list[_Range] = []
    for match in grammar.area.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        end = _reach(text, match.end(), grammar.suffix)
        found.append(_Range(match.start(), end or match.end(), exact=end is not None))
    return found


def _bare(text: str, start: int, end: int) -> list[_Range]:
    grammar = _grammar()
    for match in grammar.lead.finditer(text, start, end):
        reach = _reach(text, match.end(), grammar.bare)
        if reach is not None and reach - match.end() > _SHORTEST_BARE:
            return [_Range(match.end(), reach, exact=True)]
    return []


def _named(text: str, name: NameHit) -> _Range:
    grammar = _grammar()
    position = grammar.position.match(text, name.end)
    start = name.end if position is None else position.end()
    end = _reach(text, start, grammar.suffix, shortest=0)
    return _Range(name.start, end or start, exact=True)


def _reach(text: str, start: int, suffix: re.Pattern[str], shortest: int = 1) -> int | None:
    stop = _grammar().stop.search(text, start, start + _RUN)
    limit = min(stop.start() if stop else start + _RUN, len(text))
    ends = [match.end() for match in suffix.finditer(text, start, limit) if match.start() >= start + shortest]
    return ends[-1] if ends else None


def _merge(found: list[_Range]) -> list[_Range]:
    merged: list[_Range] = []
    for address in sorted(found):
        if merged and address.start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = _Range(last.start, max(last.end, address.end), last.exact or address.exact)
        else:
            merged.append(address)
    return merged


def _candidates(address: _Range, names: list[NameHit]) -> tuple[str, ...]:
    inside = (name.entries for name in names if address.start <= name.start and name.end <= address.end)
    return tuple(dict.fromkeys(entry for entries in inside for entry in entries))

"""Finds address phrases and links them to the names of a city's gazetteer."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from citizen_nlp.lexfile import DATA, read_sections
from citizen_nlp.lexicon import NameHit
from citizen_nlp.model import PlaceMention
from citizen_nlp.normalise import Folded, fold
from citizen_nlp.phrases import any_of

MOST = 6
READ = 600
_RUN = 30
_SHORTEST_BARE = 3
_STOPS = "，。；：！？（）\n <>《》【】…"


class _Grammar(NamedTuple):
    opener: re.Pattern[str]
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
    firsts = "".join(sorted({fold(word).text[0] for word in sections["area"]["open"]}))
    leads = "".join(sorted({word[0] for word in sections["lead"]["words"]}))
    positions, coded = _any(sections["position"]["words"]), "[a-z]\\d{0,2}"
    return _Grammar(
        opener=re.compile(f"[a-z{firsts}]"),
        area=re.compile(f"(?:{opening}|{coded} ?(?:{kinds})县?)+(?:(?:与|和|到|至){coded}(?:{kinds}))?"),
        lead=re.compile(f"(?:^|(?<=[，。；：！？\n])|(?=[{leads}])(?:{_any(sections['lead']['words'])})+)"),
        stop=re.compile(_any([*_STOPS, *sections["stop"]["words"]])),
        suffix=re.compile(f"(?:{_any(sections['suffix']['strong'] + sections['suffix']['company'])})(?:{positions})*"),
        bare=re.compile(f"(?:{_any(sections['suffix']['bare'])})(?:{positions})*"),
        position=re.compile(f"(?:{positions})+"),
    )


def _any(words: list[str]) -> str:
    return any_of(fold(word).text for word in words)


def find_places(message: Folded, title_end: int, names: list[NameHit]) -> tuple[PlaceMention, ...]:
    """List address phrases, the most telling first: exact ones of the title, of the text, then mere areas.

    Looks at the first `READ` characters; `names` are the gazetteer names of the message, and `candidates` the entries
    named inside the phrase.
    """
    text = message.text[:READ]
    if names and names[-1].end > READ:
        names = [name for name in names if name.end <= READ]
    found = _addresses(text)
    if names:
        found += [_named(text, name) for name in names]
    if not any(address.exact for address in found):
        found += (title_end and _bare(text, 0, title_end)) or _bare(text, title_end, title_end + _RUN * 3)
    if not found:
        return ()
    ranked = sorted(_merge(found), key=lambda a: (a.start > title_end, not a.exact, a.start))
    return tuple(
        [PlaceMention(message.span(place.start, place.end), _candidates(place, names)) for place in ranked[:MOST]]
    )


def _addresses(text: str) -> list[_Range]:
    grammar = _grammar()
    found: list[_Range] = []
    passed = 0
    for opener in grammar.opener.finditer(text):
        start = opener.start()
        match = grammar.area.match(text, start) if start >= passed else None
        if match is None:
            continue
        passed = match.end()
        if not found or start >= found[-1].end:
            end = _reach(text, passed, grammar.suffix)
            found.append(_Range(start, end or passed, exact=end is not None))
    return found


def _bare(text: str, start: int, end: int) -> list[_Range]:
    grammar = _grammar()
    # Wherever an ending can stand, one of these does, or has swallowed it.
    endings = [match.span() for match in grammar.bare.finditer(text, start, end + _RUN)]
    if not endings:
        return []
    following = iter(endings)
    opened, closed = next(following)
    for match in grammar.lead.finditer(text, start, end):
        first = match.end()
        while closed <= first + 1:
            opened, closed = next(following, (0, 0))
            if not closed:
                return []
        if opened < first + _RUN:
            reach = _reach(text, first, grammar.bare)
            if reach is not None and reach - first > _SHORTEST_BARE:
                return [_Range(first, reach, exact=True)]
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
    reached = None
    for match in suffix.finditer(text, start, limit):
        if match.start() >= start + shortest:
            reached = match.end()
    return reached


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

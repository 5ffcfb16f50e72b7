"""A briefing as plain text."""

from collections.abc import Iterator

import msgspec

from citizen_gateway.insights import briefing_words as words
from citizen_gateway.insights.briefing import Briefing
from citizen_gateway.insights.briefing_words import Words, percent


def as_text(briefing: Briefing, language: str) -> str:
    """Return the briefing in words and figures, a line for each."""
    return "\n".join(_lines(briefing, Words(language, briefing.timezone))) + "\n"


def _lines(briefing: Briefing, said: Words) -> Iterator[str]:
    yield said.say(words.TITLE, center=briefing.center_name, day=briefing.day)
    yield said.say(words.MADE, at=said.moment(briefing.made_at))
    yield from ("", said.say(words.OVERVIEW))
    yield "  " + " | ".join(["", *said.columns()]).lstrip(" |")
    for name, values in said.table(briefing):
        yield f"  {name}: {' | '.join(values)}"
    yield said.say(words.OPEN_NOW, **msgspec.structs.asdict(briefing.open))
    yield from _section(said, words.HOTSPOTS, _hotspots(briefing, said))
    yield from _section(said, words.SLOWEST, (said.line(line, words.WAITING) for line in briefing.slowest))
    yield from _section(said, words.WORST, (said.line(line, words.RATED) for line in briefing.worst_rated))
    yield from _section(
        said, words.CATEGORIES, (f"{one.name or '—'}: {one.figures.after.opened}" for one in briefing.categories)
    )
    yield from _section(said, words.DEPARTMENTS, _departments(briefing, said))
    yield from _section(
        said,
        words.FORECAST,
        (
            said.say(
                words.DUE_DAY, day=day.day, accept=day.accept, resolve=day.resolve, late=f"{day.expected_late:.1f}"
            )
            for day in briefing.forecast
        ),
    )


def _section(said: Words, title: str, lines: Iterator[str]) -> Iterator[str]:
    yield from ("", said.say(title))
    written = [f"  {line}" for line in lines]
    yield from written or [f"  {said.say(words.NOTHING)}"]


def _hotspots(briefing: Briefing, said: Words) -> Iterator[str]:
    for spot in briefing.hotspots:
        yield said.hotspot(spot)
        yield "  " + said.say(words.EVIDENCE, numbers=", ".join(one.number for one in spot.evidence))


def _departments(briefing: Briefing, said: Words) -> Iterator[str]:
    for one in briefing.departments:
        after = one.figures.after
        rates = ", ".join(
            f"{said.say(words.ROWS[name])} {percent(getattr(after.rates, name))}"
            for name in ("response", "solution", "satisfaction")
        )
        yield f"{one.name or '—'}: {said.say(words.ANSWERED)} {after.answered}; {rates}"

"""A briefing as one page that needs nothing else: no script, no font, no address."""

from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from citizen_gateway.insights import briefing_words as words
from citizen_gateway.insights import charts, svg
from citizen_gateway.insights.briefing import Briefing
from citizen_gateway.insights.briefing_words import Words, percent

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 60rem; margin: 0 auto;
       padding: 1rem; }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 2px solid #1f5f99 }
table { border-collapse: collapse; width: 100% } th, td { padding: .25rem .5rem; border-bottom: 1px solid #ccc }
th { text-align: left } td { text-align: right; font-variant-numeric: tabular-nums }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif } figure { margin: 1rem 0 }
li { margin: .4rem 0 } .evidence { color: #555; overflow-wrap: anywhere }
@media print { body { max-width: none } }
"""


def as_html(briefing: Briefing, language: str) -> str:
    """Return the briefing as an HTML page with charts; every chart's values stand in words beside it."""
    said = Words(language, briefing.timezone)
    title = escape(said.say(words.TITLE, center=briefing.center_name, day=briefing.day))
    made = escape(said.say(words.MADE, at=said.moment(briefing.made_at)))
    day = _table([said.say(words.FIGURE), *said.columns()], said.table(briefing))
    now = escape(said.say(words.OPEN_NOW, **msgspec.structs.asdict(briefing.open)))
    parts = [
        _section(said, words.OVERVIEW, f"{day}<p>{now}</p>"),
        _section(said, words.TREND, _figure(svg.columns(charts.trend(briefing, said)))),
        _section(said, words.HOTSPOTS, _hotspots(briefing, said)),
        _section(said, words.SLOWEST, _list(said, (said.line(line, words.WAITING) for line in briefing.slowest))),
        _section(said, words.WORST, _list(said, (said.line(line, words.RATED) for line in briefing.worst_rated))),
        _section(said, words.CATEGORIES, _figure(svg.rows(charts.categories(briefing, said)))),
        _section(said, words.DEPARTMENTS, _departments(briefing, said)),
        _section(said, words.FORECAST, _figure(svg.columns(charts.due(briefing, said)))),
    ]
    return (
        f'<!doctype html><html lang="{escape(language.replace("_", "-"))}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1><p>{made}</p>{''.join(parts)}</main></body></html>"
    )


def _section(said: Words, title: str, content: str) -> str:
    return f"<section><h2>{escape(said.say(title))}</h2>{content}</section>"


def _figure(drawing: str) -> str:
    return f"<figure>{drawing}</figure>"


def _table(head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(value)}</td>" for value in values)}</tr>'
        for name, values in rows
    )
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"


def _list(said: Words, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ol>{items}</ol>" if items else f"<p>{escape(said.say(words.NOTHING))}</p>"


def _hotspots(briefing: Briefing, said: Words) -> str:
    items = []
    for spot in briefing.hotspots:
        numbers = said.say(words.EVIDENCE, numbers=", ".join(one.number for one in spot.evidence))
        items.append(f'<li>{escape(said.hotspot(spot))}<div class="evidence">{escape(numbers)}</div></li>')
    return f"<ol>{''.join(items)}</ol>" if items else f"<p>{escape(said.say(words.NOTHING))}</p>"


def _departments(briefing: Briefing, said: Words) -> str:
    names = ("answered", "response", "solution", "satisfaction")
    rows = []
    for one in briefing.departments:
        after = one.figures.after
        rates = [percent(getattr(after.rates, name)) for name in names[1:]]
        rows.append((one.name or "—", [str(after.answered), *rates]))
    return _table([said.say(words.DEPARTMENT), *(said.say(words.ROWS[name]) for name in names)], rows)

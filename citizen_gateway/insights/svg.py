"""Bar charts as inline SVG of our own: readable without colour, with a title, a description and no script."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH = 720
_ROW, _LABEL = 26, 200
_HEIGHT, _FOOT, _TOP = 220, 36, 24
_FILLS = ("#1f5f99", "#e08a1e")
_HATCHED = 1


class Series(NamedTuple):
    """Values of one kind, one for each label."""

    name: str
    values: Sequence[float]


class Chart(NamedTuple):
    """What a chart shows; `name` is unique on its page."""

    name: str
    title: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def described(self) -> str:
        """All its values in words, for who does not see it."""
        rows = (
            f"{label}: " + ", ".join(f"{one.name} {one.values[i]:g}" for one in self.series)
            for i, label in enumerate(self.labels)
        )
        return "; ".join(rows)


def columns(chart: Chart) -> str:
    """Draw upright bars side by side, as for days."""
    most = max((value for one in chart.series for value in one.values), default=0) or 1
    slot = _WIDTH / max(len(chart.labels), 1)
    width = slot * 0.8 / max(len(chart.series), 1)
    marks = []
    for i, label in enumerate(chart.labels):
        for j, one in enumerate(chart.series):
            height = one.values[i] / most * (_HEIGHT - _FOOT - _TOP)
            x, y = i * slot + slot * 0.1 + j * width, _HEIGHT - _FOOT - height
            marks.append(_bar(x, y, width, height, j))
            marks.append(_text(x + width / 2, y - 4, f"{one.values[i]:g}", "middle"))
        marks.append(_text(i * slot + slot / 2, _HEIGHT - _FOOT + 16, label, "middle"))
    return _svg(chart, _HEIGHT, marks + _legend(chart, _HEIGHT - 6))


def rows(chart: Chart) -> str:
    """Draw lying bars under each other, as for names."""
    most = max((value for one in chart.series for value in one.values), default=0) or 1
    one = chart.series[0]
    marks = []
    for i, label in enumerate(chart.labels):
        y, length = i * _ROW + 4, one.values[i] / most * (_WIDTH - _LABEL - 60)
        marks.append(_text(_LABEL - 8, y + 14, label[:16], "end"))
        marks.append(_bar(_LABEL, y, length, _ROW - 8, 0))
        marks.append(_text(_LABEL + length + 6, y + 14, f"{one.values[i]:g}", "start"))
    return _svg(chart, max(len(chart.labels), 1) * _ROW + 8, marks)


def _svg(chart: Chart, height: float, marks: Sequence[str]) -> str:
    title, told = f"{chart.name}-title", f"{chart.name}-told"
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height:g}" aria-labelledby="{title} {told}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{title}">{escape(chart.title)}</title>'
        f'<desc id="{told}">{escape(chart.described)}</desc>{_HATCH}{"".join(marks)}</svg>'
    )


_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    f'<rect width="6" height="6" fill="{_FILLS[_HATCHED]}"/><path d="M0 6 6 0" stroke="#fff" stroke-width="1.5"/>'
    "</pattern></defs>"
)


def _bar(x: float, y: float, width: float, height: float, kind: int) -> str:
    fill = "url(#hatch)" if kind == _HATCHED else _FILLS[kind % len(_FILLS)]
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _legend(chart: Chart, y: float) -> list[str]:
    marks = []
    for j, one in enumerate(chart.series):
        marks.append(_bar(j * 160, y - 10, 12, 12, j))
        marks.append(_text(j * 160 + 18, y, one.name, "start"))
    return marks

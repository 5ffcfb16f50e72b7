"""A briefing's charts as one picture, for those who pass it on in a chat. Needs the extra `charts`."""

import io
from contextlib import suppress
from threading import Lock
from typing import Any

from citizen_gateway.insights import briefing_words as words
from citizen_gateway.insights import charts
from citizen_gateway.insights.briefing import Briefing
from citizen_gateway.insights.briefing_words import Words
from citizen_gateway.insights.errors import FormatUnavailable
from citizen_gateway.insights.svg import Chart

_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "AR PL UMing CN",
    "Droid Sans Fallback",
)
_COLOURS = ("#1f5f99", "#e08a1e")
_ONE_AT_A_TIME = Lock()
"""matplotlib's settings are the process's own."""

_SIZE, _DPI = (12, 8), 110


def as_png(briefing: Briefing, language: str) -> bytes:
    """Return a picture of four charts; where no font has Chinese signs, in English and with codes for names.

    Raises `FormatUnavailable` where matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra: only who wants pictures needs it
        from matplotlib.figure import Figure  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise FormatUnavailable(format="PNG", extra="charts") from error
    font = chinese_font()
    codes = font is None
    said = Words(language if font else "en", briefing.timezone)
    with (
        _ONE_AT_A_TIME,
        mpl.rc_context({"font.family": [*([font] if font else []), "DejaVu Sans"], "axes.unicode_minus": False}),
    ):
        figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
        center = briefing.center if codes else briefing.center_name
        figure.suptitle(said.say(words.TITLE, center=center, day=briefing.day))
        (first, second), (third, fourth) = figure.subplots(2, 2)
        _columns(first, charts.trend(briefing, said))
        _rows(second, charts.categories(briefing, said, codes=codes))
        _columns(third, charts.due(briefing, said))
        _rows(fourth, charts.satisfaction(briefing, said, codes=codes))
        file = io.BytesIO()
        figure.savefig(file, format="png")
    return file.getvalue()


def chinese_font() -> str | None:
    """Return the first known font with Chinese signs that this machine has."""
    from matplotlib.font_manager import findSystemFonts, fontManager  # noqa: PLC0415 - an extra

    def found() -> str | None:
        here = {font.name for font in fontManager.ttflist}
        return next((name for name in _FONTS if name in here), None)

    if known := found():
        return known
    for path in set(findSystemFonts()) - {font.fname for font in fontManager.ttflist}:  # installed since it listed them
        with suppress(OSError, RuntimeError):
            fontManager.addfont(path)
    return found()


def _columns(axes: Any, chart: Chart) -> None:  # noqa: ANN401 - matplotlib brings no types of its own
    width = 0.8 / len(chart.series)
    for number, one in enumerate(chart.series):
        places = [index + number * width for index in range(len(chart.labels))]
        bars = axes.bar(places, one.values, width, label=one.name, color=_COLOURS[number], hatch="//" if number else "")
        axes.bar_label(bars, fmt="%g", fontsize=6)
    axes.margins(y=0.2)  # room for the legend above the columns
    axes.set_title(chart.title, fontsize=10)
    axes.set_xticks(range(len(chart.labels)), chart.labels, rotation=60, fontsize=7)
    axes.legend(fontsize=8, ncols=len(chart.series), loc="upper center")


def _rows(axes: Any, chart: Chart) -> None:  # noqa: ANN401 - as above
    places = range(len(chart.labels))
    bars = axes.barh(places, chart.series[0].values, color=_COLOURS[0])
    axes.bar_label(bars, fmt="%g", fontsize=7)
    axes.set_yticks(places, chart.labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_title(chart.title, fontsize=10)

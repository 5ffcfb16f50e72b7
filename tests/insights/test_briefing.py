"""A center's day: what it tells, in every form, without a citizen's words."""

import re
from datetime import date, datetime, timedelta
from xml.etree import ElementTree as ET

import msgspec
import pytest

from citizen_gateway.city.read_model import City
from citizen_gateway.insights import briefing_png
from citizen_gateway.insights.briefing import CITY, Briefing, centers, in_language, make
from citizen_gateway.insights.briefing_html import as_html
from citizen_gateway.insights.briefing_png import as_png, chinese_font
from citizen_gateway.insights.briefing_text import as_text
from citizen_gateway.insights.errors import FormatUnavailable, UnknownCenter
from citizen_gateway.satisfaction.events import Rated
from citizen_gateway.tickets import events as told
from tests.insights.conftest import STREET, Chronicle, assigned, opened

DAY = date(2021, 9, 15)
HAN = re.compile("[\u4e00-\u9fff]")


async def day(chronicle: Chronicle, city: City, center: str = "410103", language: str = "en") -> Briefing:
    """Record a busy day after a quiet week, and make its briefing."""
    await chronicle.tell(
        ("2021-09-14 09:00", opened()),
        assigned("2021-09-14 09:00"),
        ("2021-09-14 09:20", told.Accepted()),
        ("2021-09-15 11:00", told.Resolved("done", ())),
        ("2021-09-15 12:00", Rated(contacted=True, solved="not", satisfied=1)),
    )
    for minute in range(9):
        await chronicle.tell((f"2021-09-15 12:{minute:02d}", opened(category="402")))
    await chronicle.tell(
        ("2021-09-15 17:00", opened()), assigned("2021-09-15 17:00", hours=20), ("2021-09-15 17:05", told.Accepted())
    )
    await chronicle.read()
    return await make(chronicle.tx, city, center, DAY, language)


class TestContent:
    """What is told."""

    async def test_counts_hot_spots_and_what_is_due(self, chronicle: Chronicle, city: City) -> None:
        """The day beside the day before, the burst with its tickets, the limit that ends tomorrow."""
        made = await day(chronicle, city)
        assert (made.today.before.opened, made.day_before.before.opened) == (10, 1)
        assert made.today.before.rates.satisfaction == 0.0
        assert [(spot.area, spot.category, spot.observed) for spot in made.hotspots] == [(STREET, "402", 9)]
        assert [one.resolve for one in made.forecast] == [1, 0, 0, 0, 0, 0, 0]
        assert [group.key for group in made.trend] == [(DAY - timedelta(days=13 - n)).isoformat() for n in range(14)]
        assert [group.key for group in made.categories] == ["402", "101"]

    async def test_of_another_district_is_silent(self, chronicle: Chronicle, city: City) -> None:
        """A center is told of its area; the city of all."""
        assert (await day(chronicle, city, "410105")).today.before.opened == 0
        assert (await make(chronicle.tx, city, CITY, DAY, "en")).today.before.opened == 10
        assert (await make(chronicle.tx, city, STREET, DAY, "en")).today.before.opened == 10

    async def test_can_be_kept(self, chronicle: Chronicle, city: City) -> None:
        """As JSON and back it is the same, and in another language only the names differ."""
        made = await day(chronicle, city)
        again = msgspec.convert(msgspec.to_builtins(made), Briefing)
        assert again == made
        chinese = in_language(again, city, "zh_CN")
        assert HAN.search(chinese.categories[0].name)
        assert in_language(chinese, city, "en") == made

    @pytest.mark.parametrize("center", ["nowhere", "410103001001", ""])
    async def test_of_no_center(self, chronicle: Chronicle, city: City, center: str) -> None:
        """Only districts, zones and streets have one."""
        with pytest.raises(UnknownCenter):
            await make(chronicle.tx, city, center, DAY, "en")

    def test_every_center_has_one(self, city: City) -> None:
        """The city's, and those of all districts, zones and streets."""
        assert len(centers(city)) == 1 + 12 + 4 + 208


class TestText:
    """In words."""

    @pytest.mark.parametrize(("language", "word"), [("en", "Hot spots"), ("zh_CN", "热点")])
    async def test_in_a_language(self, chronicle: Chronicle, city: City, language: str, word: str) -> None:
        """Headings, figures and explanations; no field is left open."""
        text = as_text(await day(chronicle, city, language=language), language)
        assert word in text
        assert "9" in text
        assert "{" not in text
        assert "0.1" in text  # what was to be expected

    async def test_says_that_there_is_nothing(self, chronicle: Chronicle, city: City) -> None:
        """An empty day has no empty headings."""
        text = as_text(await make(chronicle.tx, city, "410105", date(2020, 5, 5), "en"), "en")
        assert text.count("None.") >= 4


class TestPage:
    """As HTML."""

    async def test_is_whole_and_accessible(self, chronicle: Chronicle, city: City) -> None:
        """Well-formed; every drawing has a title and its values in words; nothing is loaded from anywhere."""
        page = as_html(await day(chronicle, city), "en")
        body = page[page.index("<body>") : page.index("</html>")]
        root = ET.fromstring(body)  # noqa: S314 - our own page
        drawings = [one for one in root.iter() if one.tag.endswith("svg")]
        assert len(drawings) == 3
        for drawing in drawings:
            assert drawing.get("role") == "img"
            named = {one.get("id") for one in drawing.iter() if one.get("id")}
            assert set((drawing.get("aria-labelledby") or "").split()) <= named
        assert not re.search(r"<script|src=|href=|url\(http", page)
        assert 'lang="en"' in page

    async def test_escapes_what_it_is_given(self, chronicle: Chronicle, city: City) -> None:
        """A name with signs of HTML stays a name."""
        made = msgspec.structs.replace(await day(chronicle, city), center_name="<b>&</b>")
        page = as_html(made, "en")
        assert "<b>" not in page
        assert "&lt;b&gt;" in page


class TestPicture:
    """As PNG."""

    async def test_is_a_picture(self, chronicle: Chronicle, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a Chinese font or without: then it speaks English and names codes."""
        made = await day(chronicle, city, language="zh_CN")
        assert as_png(made, "zh_CN").startswith(b"\x89PNG")
        monkeypatch.setattr(briefing_png, "_FONTS", ())
        assert chinese_font() is None
        assert as_png(made, "zh_CN").startswith(b"\x89PNG")

    async def test_without_matplotlib(self, chronicle: Chronicle, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        """The server says what it lacks."""
        made = await day(chronicle, city)
        monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
        with pytest.raises(FormatUnavailable, match="charts"):
            as_png(made, "en")


def test_made_at_is_the_citys_time(city: City) -> None:
    """Days and times are those of the city's clock."""
    assert datetime(2021, 9, 15, 1, tzinfo=city.calendar.timezone).utcoffset() == timedelta(hours=8)


def test_a_font_installed_since_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matplotlib keeps a list of fonts from its first start; one that came later is found all the same."""
    fonts = pytest.importorskip("matplotlib.font_manager")
    path = fonts.findfont("DejaVu Sans")
    monkeypatch.setattr(fonts.fontManager, "ttflist", [])
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [path, "/no/such/font.ttf"])
    assert chinese_font() is None
    monkeypatch.setattr(fonts.fontManager, "ttflist", [])
    monkeypatch.setattr(briefing_png, "_FONTS", ("DejaVu Sans",))
    assert chinese_font() == "DejaVu Sans"

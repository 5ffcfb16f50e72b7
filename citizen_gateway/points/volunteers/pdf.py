"""A certificate on paper: one table, the signature, and a QR that leads to where it is verified."""

from io import BytesIO
from zoneinfo import ZoneInfo

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from citizen_gateway.platform.i18n import message, translate
from citizen_gateway.points.volunteers.model import Certificate

FONT = "STSong-Light"
"""One of the fonts that every PDF reader brings for Chinese, so that none is embedded."""

TITLE = message("Certificate of volunteer service")
HELPED = message("{nickname} (volunteer {code}) helped {hours} hours in {city} from {first} to {last}.")
COLUMNS = (message("Day"), message("Task"), message("Place"), message("Organizer"), message("Minutes"))
NUMBER = message("Number {number}, issued on {day}")
VERIFY = message("To verify it, open the address in the picture, or send it to {url}.")

_WIDTHS = [24 * mm, 56 * mm, 44 * mm, 32 * mm, 18 * mm]


def draw(certificate: Certificate, signature: str, url: str, locale: str, timezone: str) -> bytes:
    """Draw a certificate as PDF, A4, as many pages as its services need; the same one is the same bytes."""
    registerFont(UnicodeCIDFont(FONT))
    file = BytesIO()
    paper = SimpleDocTemplate(
        file, pagesize=A4, title=translate(TITLE, locale), author=certificate.city, invariant=1,
        leftMargin=18 * mm, rightMargin=18 * mm, topMargin=22 * mm, bottomMargin=18 * mm,
    )  # fmt: skip
    paper.build(_story(certificate, signature, url, locale, timezone))
    return file.getvalue()


def _story(certificate: Certificate, signature: str, url: str, locale: str, timezone: str) -> list[Flowable]:
    body = _style(11)
    helped = translate(
        HELPED,
        locale,
        nickname=certificate.nickname,
        code=certificate.code,
        hours=f"{certificate.minutes / 60:.1f}",
        city=certificate.city,
        first=certificate.first.isoformat(),
        last=certificate.last.isoformat(),
    )
    day = certificate.issued_at.astimezone(ZoneInfo(timezone)).date().isoformat()
    picture = BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=4)
    picture.seek(0)
    return [
        Paragraph(translate(TITLE, locale), _style(20)),
        Spacer(1, 8 * mm),
        Paragraph(_escaped(helped), body),
        Spacer(1, 6 * mm),
        _table(certificate, locale),
        Spacer(1, 8 * mm),
        Paragraph(_escaped(translate(NUMBER, locale, number=certificate.number, day=day)), body),
        Paragraph(_escaped(translate(VERIFY, locale, url=url)), body),
        Paragraph(signature, _style(8)),
        Spacer(1, 4 * mm),
        Image(picture, 32 * mm, 32 * mm, hAlign="LEFT"),
    ]


def _table(certificate: Certificate, locale: str) -> Table:
    cell = _style(9)
    rows = [[Paragraph(translate(column, locale), cell) for column in COLUMNS]]
    for one in certificate.services:
        told = (one.day.isoformat(), one.title, one.place, one.organizer, str(one.minutes))
        rows.append([Paragraph(_escaped(text), cell) for text in told])
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    lines = ("GRID", (0, 0), (-1, -1), 0.4, colors.grey)
    table.setStyle(
        TableStyle([lines, ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    return table


def _style(size: int) -> ParagraphStyle:
    return ParagraphStyle(f"s{size}", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK")


def _escaped(text: str) -> str:
    """Return a text as the paragraphs' mark-up: a nickname with a `<` is a nickname."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
